# The suite in an image: docker run --rm --env-file .env -v "$PWD/out:/out" obo-conformance
FROM python:3.13-slim AS build
COPY requirements.lock /build/
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes --only-binary=:all: -r /build/requirements.lock

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 obo && install -d -o obo /out
COPY --from=build /venv /venv
WORKDIR /suite
COPY conftest.py pyproject.toml ./
COPY features features
COPY fixtures fixtures
COPY reference_server reference_server
COPY steps steps
USER obo
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
VOLUME /out
ENTRYPOINT ["python", "-m", "pytest", "-p", "no:cacheprovider", "--alluredir=/out/allure-results", "--clean-alluredir", "--junitxml=/out/junit.xml"]
