"""`run doctor` as a person and as a program use it; and that it changes nothing on a tenant."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures import hand_made_file
from fixtures.doctor import __main__ as command
from fixtures.doctor import coverage
from tests.doctor.hand_made import HandMade
from tests.end_to_end.listing import listing

Run = Callable[..., int]
MEMBERS = {"level", "cause", "what", "guide_step", "console_path", "remedy", "variable"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command with these variables alone."""

    monkeypatch.setattr(coverage, "_arms", dict)

    def doctor(*arguments: str, **variables: str) -> int:
        for name in [name for name in os.environ if name.startswith("OBO_")]:
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return command.main(arguments, root=tmp_path)

    return doctor


@pytest.fixture
def hand_made(set_up: HandMade) -> dict[str, str]:
    """The eight variables of the set-up."""
    return hand_made_file.variables(set_up.server.url, "alpha", set_up.cast)


def account_of(set_up: HandMade) -> dict[str, str]:
    account = set_up.account
    return {"OBO_SERVICE_ACCOUNT_ID": account.id, "OBO_SERVICE_ACCOUNT_JWK": json.dumps(account.jwk)}


def test_ready(run: Run, hand_made: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(**hand_made) == 0
    *lines, summary = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} <= {"ok", "note"}
    assert summary.startswith("ready: 0 hindrances, ")


def test_without_settings_the_bundled_server_is_examined(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert "run adds it" in capsys.readouterr().out


def test_hindrance_in_one_line(run: Run, hand_made: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(**{**hand_made, "OBO_AGENT_CLIENT_SECRET": "not-the-secret"}) == 10
    out = capsys.readouterr().out
    (line,) = [line for line in out.splitlines() if line.startswith("hindrance")]
    assert "wrong credentials: the tenant does not know the AI agent" in line
    assert "Task 3.1, step 1 (Create the agent: name, client ID) | AI Agents | remedy: OBO_AGENT_CLIENT_" in line
    assert out.splitlines()[-1].startswith("not ready: 1 hindrance, ")
    assert "not-the-secret" not in out


def test_json(run: Run, hand_made: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", **{**hand_made, "OBO_END_USER_PASSWORD": "not-the-password"}) == 10
    out = capsys.readouterr().out
    findings: list[dict[str, Any]] = json.loads(out)
    assert all(finding.keys() == MEMBERS for finding in findings)
    (found,) = [finding for finding in findings if finding["level"] == "hindrance"]
    assert found["cause"] == "wrong credentials"
    assert found["guide_step"] == "Task 4.1, step 1 (Create the end user)"
    assert found["console_path"] == "Identities > Manage"
    assert found["variable"] == "OBO_END_USER_PASSWORD"
    assert "not-the-password" not in out


@pytest.mark.parametrize("option", [[], ["--json"]], ids=["lines", "json"])
def test_settings_are_told_all_at_once(run: Run, capsys: pytest.CaptureFixture[str], option: list[str]) -> None:
    assert run(*option, OBO_TENANT_URL="tenant.example", OBO_RAELM="alpha", OBO_TIMEOUT_SECONDS="soon") == 4
    out = capsys.readouterr().out
    for variable in ("OBO_TENANT_URL", "OBO_RAELM", "OBO_TIMEOUT_SECONDS"):
        assert variable in out
    if option:
        assert {finding["cause"] for finding in json.loads(out)} == {"settings"}


def test_usage(run: Run) -> None:
    with pytest.raises(SystemExit) as raised:
        run("--jsn")
    assert raised.value.code == 4


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "examine", interrupt)
    assert run() == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("broken", [False, True], ids=["ready", "with a wrong secret"])
def test_nothing_is_changed_and_the_administration_only_read(set_up: HandMade, broken: bool) -> None:
    before = listing(set_up.server)
    set_up.findings(set_up.account, agent=set_up.settings.application if broken else set_up.settings.agent)
    assert listing(set_up.server) == before
    sent = [(request.method, request.url.removeprefix(set_up.server.url)) for request in set_up.sent.requests]
    administration = {method for method, path in sent if path.startswith(("/am/json/", "/openidm/", "/environment/"))}
    assert administration == {"GET"}
    posts = {path.rpartition("/")[2] for method, path in sent if method != "GET"}
    assert posts <= {"access_token", "introspect"}


def test_run_without_a_service_account_asks_no_administration(set_up: HandMade) -> None:
    set_up.findings()
    assert not [request for request in set_up.sent.requests if "/am/oauth2/realms/" not in request.url]
