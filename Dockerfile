# The suite in an image; docs/how-to/ci-gate.md says how to run it.
FROM python:3.13-slim AS build
COPY requirements.lock /build/
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes --only-binary=:all: -r /build/requirements.lock

FROM python:3.13-slim
# What a run makes on a tenant is written down beside its results: it outlives a container that was killed.
RUN useradd --create-home --uid 10001 obo && install -d -o obo /out && install -d /suite && ln -s /out /suite/.obo
COPY --from=build /venv /venv
WORKDIR /suite
COPY conftest.py pyproject.toml ./
COPY features features
COPY fixtures fixtures
COPY reference_server reference_server
COPY steps steps
USER 10001
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
VOLUME /out
ENTRYPOINT ["python", "-m", "pytest", "-p", "no:cacheprovider", "--alluredir=/out/allure-results", "--clean-alluredir", "--junitxml=/out/junit.xml"]
