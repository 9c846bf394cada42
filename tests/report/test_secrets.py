"""No secret of a run appears in anything that it writes, even when a scenario fails with tokens in its variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.toy import PLUGINS, Toy

WINDOW = 20
FEATURE = """
Feature: Secrets
  @OBO-4.2X-01
  Scenario: Fails with tokens at hand
    Given an agent
    When the scenario fails with tokens at hand
"""
LEAKY_STEPS = """
import logging, secrets, sys, warnings
import jwt, pytest
from pytest_bdd import when
from pathlib import Path
from fixtures.report.bridge import evidence_of
from fixtures.report.redaction import redactor
from fixtures.report.watch import SecretWatch
from fixtures.tenant.exchange import Answer, Request
from steps.checks.verdict import Nonconformity
import allure

@pytest.fixture
def password():
    value = "Pa$$ " + secrets.token_urlsafe(20)
    redactor.register(value)
    yield value
    raise RuntimeError(f"could not log out with {value}")

def judge(access_token, answer, form):
    raise Nonconformity("another token", f"{access_token} in {answer.text} for {form}", requirement="OBO-4.2X-01")

@when("the scenario fails with tokens at hand")
def fails(request, password):
    access_token = jwt.encode({"jti": secrets.token_hex(300)}, "k" * 32, algorithm="HS256")
    refresh_token = secrets.token_urlsafe(90)
    client_secret = secrets.token_urlsafe(24)
    Path("secrets.txt").write_text("\\n".join([password, access_token, refresh_token, client_secret]))
    form = {"client_secret": client_secret, "password": password}
    headers = {"Authorization": f"Bearer {access_token}"}
    sent = Request("POST", "https://tenant.example/token", headers, tuple(form.items()))
    answer = Answer(sent, 200, {}, '{"access_token": "%s", "refresh_token": "%s"}' % (access_token, refresh_token), 1.0)
    for observer in (SecretWatch(), evidence_of(request.config)):
        observer.sending(sent)
        observer.received(answer)
    print("stdout", form, repr(answer.text))
    logging.getLogger("toy").warning("log %s %s", password, access_token[40:90])
    with pytest.raises(TypeError):
        logging.getLogger("toy").warning("log arguments that don't fit %d", password)
    try:
        raise ValueError(f"log exception {password} {refresh_token}")
    except ValueError:
        logging.getLogger("toy").exception("log it")
    sys.stderr.writelines(["lines ", client_secret])
    warnings.warn(f"warning {refresh_token}", UserWarning)
    request.node.user_properties.append(("token", access_token))
    allure.attach(f"plain {access_token} {client_secret}", f"attachment {client_secret}")
    short = repr(access_token)[:120] + "..." + repr(access_token)[-110:]
    judge(access_token, answer, form)
"""


def leaks(secrets: list[str], *texts: str) -> list[str]:
    """Pieces of `WINDOW` characters of any secret (whole ones if shorter) that some text shows."""
    pieces = {secret[i : i + WINDOW] for secret in secrets for i in range(max(1, len(secret) - WINDOW + 1))}
    return sorted(piece for piece in pieces if any(piece in text for text in texts))


def written(toy: Toy, *arguments: str) -> list[str]:
    """All that a run writes: terminal, Allure results, JUnit, log file."""
    result = toy.run("-W", "default", "--junitxml=junit.xml", "--log-file=run.log", "-rA", *arguments)
    assert result.returncode == 1, result.stdout + result.stderr
    files = [*(toy.folder / "allure-results").iterdir(), toy.folder / "junit.xml", toy.folder / "run.log"]
    texts = [result.stdout, result.stderr, *(path.read_text(encoding="utf-8") for path in files)]
    assert all(word in "".join(texts) for word in ("stdout", "log", "warning", "attachment", "could not log out"))
    return texts


def toy_in(folder: Path, plugins: tuple[str, ...]) -> Toy:
    toy = Toy(folder, (*plugins, "leaky_steps"))
    toy.write("leaky_steps.py", LEAKY_STEPS)
    toy.write("features/secrets.feature", FEATURE)
    return toy


@pytest.mark.parametrize(
    "arguments",
    [
        ["--showlocals", "--tb=long", "-vv"],
        ["--tb=native", "-n", "1"],
        ["--showlocals", "--tb=auto", "-s"],
        ["--capture=tee-sys"],
    ],
    ids=["long", "native in a worker", "uncaptured", "captured and shown"],
)
def test_no_secret_of_a_run_is_written_anywhere(tmp_path: Path, arguments: list[str]) -> None:
    toy = toy_in(tmp_path, PLUGINS)
    texts = written(toy, *arguments)
    secrets = (tmp_path / "secrets.txt").read_text().splitlines()
    assert len(secrets) == 4
    assert leaks(secrets, *texts) == []


def test_a_leak_would_be_found(tmp_path: Path) -> None:
    without_masking = tuple(plugin for plugin in PLUGINS if plugin != "fixtures.report.masking")
    toy = toy_in(tmp_path, without_masking)
    texts = written(toy, "--showlocals")
    assert leaks((tmp_path / "secrets.txt").read_text().splitlines(), *texts)
