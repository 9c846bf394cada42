"""`run provision` and `run reap` as a person uses them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from dotenv import dotenv_values

from fixtures import provision
from fixtures.settings import Settings
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.journal import Journal
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.undo import undo_all
from reference_server.server import ReferenceServer
from tests.tenant.stand_in import Reply, serving

Inventory = Callable[[], dict[str, Any]]
Run = Callable[..., int]
HAND_MADE = (
    "OBO_APPLICATION_CLIENT_ID",
    "OBO_APPLICATION_CLIENT_SECRET",
    "OBO_APPLICATION_SCOPES",
    "OBO_AGENT_CLIENT_ID",
    "OBO_AGENT_CLIENT_SECRET",
    "OBO_AGENT_SCOPES",
    "OBO_END_USER_USERNAME",
    "OBO_END_USER_PASSWORD",
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, server: ReferenceServer, tmp_path: Path) -> Run:
    """Runs a command with these variables (None: unset) beside tenant and service account."""

    def command(*arguments: str, **variables: str | None) -> int:
        account = server.service_account
        given = {
            "OBO_TENANT_URL": server.url,
            "OBO_SERVICE_ACCOUNT_ID": account.id,
            "OBO_SERVICE_ACCOUNT_JWK": json.dumps(dict(account.jwk)),
            "OBO_PROPAGATION_SECONDS": "0",
            **variables,
        }
        for name in [name for name in os.environ if name.startswith("OBO_")]:
            monkeypatch.delenv(name)
        for name, value in given.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return provision.main(arguments, root=tmp_path, journals=tmp_path / ".obo")

    return command


def test_provision_and_reap(
    run: Run, inventory: Inventory, oauth: OAuth, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = inventory()
    file = tmp_path / "hand-made.env"
    assert run("provision", "--env-file", str(file)) == 0
    out = capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = dotenv_values(file)
    assert {*written} == {"OBO_TENANT_URL", "OBO_REALM", *HAND_MADE}
    settings = Settings.read({}, file)
    assert settings.mode == "verify"
    assert not [secret for secret in settings.secrets() if secret in out]
    assert works(settings, oauth)
    assert run("reap", "--yes") == 0
    assert inventory() == before
    assert run("reap") == 0
    assert capsys.readouterr().out.endswith("nothing to remove\n")


def works(settings: Settings, oauth: OAuth) -> bool:
    """Whether the guide's exchange works with what the file says."""
    assert settings.end_user
    assert settings.application
    assert settings.agent
    token = oauth.password(settings.end_user, by=settings.application, scope="openid").members["access_token"]
    audience = settings.application.client_id
    return oauth.exchange(token, by=settings.agent, audience=audience, scope="read-data").status == 200


def test_failure_leaves_neither_objects_nor_file(run: Run, inventory: Inventory, tmp_path: Path) -> None:
    before = inventory()
    attributes = '{"userName": ""}'
    assert run("provision", "--env-file", str(tmp_path / "f"), OBO_USER_ATTRIBUTES=attributes) == 10
    assert inventory() == before
    assert not (tmp_path / "f").exists()
    assert not list((tmp_path / ".obo").glob("*.jsonl"))


def test_file_in_the_way(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / ".env.mine"
    file.write_text("OTHER=1\n")
    assert run("provision", "--env-file", str(file)) == 4
    assert "--force" in capsys.readouterr().err
    assert file.read_text() == "OTHER=1\n"
    assert run("provision", "--env-file", str(file), "--force") == 0
    assert "OTHER" not in file.read_text()
    assert run("reap", "--yes") == 0


@pytest.mark.parametrize(
    ("arguments", "variables", "line"),
    [
        (["provision", "--env-file", "{}/absent/f"], {}, "does not exist"),
        (["provision", "--env-file", "{}"], {}, "is a folder"),
        (["provision", "--env-file", "{}/f"], {"OBO_TENANT_URL": None}, "OBO_TENANT_URL"),
        (
            ["reap"],
            {"OBO_SERVICE_ACCOUNT_ID": None, "OBO_SERVICE_ACCOUNT_JWK": None},
            "OBO_SERVICE_ACCOUNT_ID",
        ),
        (["reap"], {"OBO_SERVICE_ACCOUNT_JWK": "{}"}, "OBO_SERVICE_ACCOUNT_JWK"),
        (["reap"], {"OBO_TENANT": "x"}, "did you mean"),
    ],
)
def test_bad_settings_are_one_line(
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    variables: dict[str, str | None],
    line: str,
) -> None:
    assert run(*(argument.format(tmp_path) for argument in arguments), **variables) == 4
    err = capsys.readouterr().err
    assert line in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["provision"], ["sow"], []])
def test_bad_usage(run: Run, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        run(*arguments)
    assert raised.value.code == 4


def test_tenant_that_does_not_know_the_service_account(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    assert run("provision", "--env-file", str(tmp_path / "f"), OBO_SERVICE_ACCOUNT_ID=unknown) == 10
    err = capsys.readouterr().err
    assert "OBO_SERVICE_ACCOUNT_ID" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["provision", "--env-file", "{}/f"], ["reap", "--yes"]])
def test_tenant_that_repeats_secrets(
    run: Run, admin: Administration, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    def repeating(method: str, _path: str, _headers: dict[str, str], body: str) -> Reply:
        if method == "GET":
            return 200, {}, json.dumps({"token_endpoint": "there"})
        return 400, {}, json.dumps({"error": "invalid_grant", "error_description": parse_qs(body)["assertion"][0]})

    with serving(repeating) as url:
        admin.tenant_url = url
        left = Provisioning.begin(admin, tmp_path / ".obo")
        left.journal.note("user", "00000000-0000-4000-8000-000000000000")
        left.journal.close()
        assert run(*(argument.format(tmp_path) for argument in arguments), OBO_TENANT_URL=url) == 10
    err = capsys.readouterr().err
    assert "invalid_grant" in err
    assert "eyJ" not in err


class TestReap:
    @pytest.fixture
    def left(self, admin: Administration, tmp_path: Path) -> Provisioning:
        """What a killed run left."""
        killed = Provisioning.begin(admin, tmp_path / ".obo")
        killed.create_user("barbara.jensen")
        killed.create_client("client", grants=[])
        killed.journal.close()
        return killed

    @pytest.mark.parametrize(("reply", "status"), [("y", 0), ("n", 4), (None, 4)])
    def test_asks_first(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, left: Provisioning, reply: str | None, status: int
    ) -> None:
        def answer(question: str) -> str:
            assert question.startswith("Remove 2 things from ")
            if reply is None:
                raise EOFError
            return reply

        monkeypatch.setattr("builtins.input", answer)
        assert run("reap") == status
        assert left.journal.path.exists() is (status != 0)
        assert run("reap", "--yes") == 0
        assert not left.journal.path.exists()

    def test_says_what_it_would_remove(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, left: Provisioning, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("builtins.input", lambda _: "n")
        assert run("reap") == 4
        prefix = f"obo-{left.naming.run}"
        assert capsys.readouterr().out.splitlines() == [
            f"to remove: user {prefix}-barbara.jensen",
            f"to remove: OAuth 2.0 client {prefix}-client",
        ]
        assert run("reap", "--yes") == 0

    def test_leaves_a_grant_to_a_run_at_work(
        self,
        run: Run,
        admin: Administration,
        left: Provisioning,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        before = admin.provider()
        left.enable_provider_grants(TOKEN_EXCHANGE)
        left.journal.close()
        with Provisioning.begin(admin, tmp_path / "there") as at_work:
            at_work.create_user("barbara.jensen")
            assert run("reap", "--yes") == 0
            assert f"still needed by another run: grant type of the OAuth2 provider {TOKEN_EXCHANGE}" in (
                capsys.readouterr().out.splitlines()
            )
        assert run("reap", "--yes") == 0
        assert admin.provider() == before

    def test_names_each_thing(self, run: Run, left: Provisioning, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("reap", "--yes") == 0
        prefix = f"obo-{left.naming.run}"
        assert capsys.readouterr().out.splitlines() == [
            f"removed: OAuth 2.0 client {prefix}-client",
            f"removed: user {prefix}-barbara.jensen",
        ]

    @pytest.mark.parametrize("kind", ["user", "OAuth2Client", "AIAgent", "group", "application", "svcacct"])
    def test_what_does_not_bear_the_name_of_the_run_is_not_touched(
        self, run: Run, admin: Administration, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
    ) -> None:
        with Provisioning.begin(admin, tmp_path / "somebody") as somebody:
            alice = somebody.create_user("alice")
            ids = {
                "user": alice.id or "",
                "group": somebody.create_group("members"),
                "application": somebody.create_application().managed_id or "",
                "OAuth2Client": somebody.create_client("client", grants=[]).client_id,
                "AIAgent": somebody.create_agent().client_id,
            }
            edited = Journal(tmp_path / ".obo", "edited", admin.tenant_url, "alpha")
            edited.note(kind, ids.get(kind, "x"), "obo-edited-alice")
            edited.close()
            objects = len(somebody.journal.open_entries())
            assert run("reap", "--yes") == 10
            assert "not touched" in capsys.readouterr().err
            assert edited.path.exists()
            told: list[str] = []
            assert undo_all(admin, [somebody.journal], lambda what, _: told.append(what)) == []
            assert told == ["removed"] * objects

    @pytest.mark.parametrize(("kind", "change"), [("provider-grant", "implicit"), ("provider-setting", "a.b")])
    def test_what_no_run_changes_at_the_provider_is_not_touched(
        self, run: Run, admin: Administration, tmp_path: Path, kind: str, change: str
    ) -> None:
        before = admin.provider()
        edited = Journal(tmp_path / ".obo", "edited", admin.tenant_url, "alpha")
        edited.note(kind, change)
        edited.close()
        assert run("reap", "--yes") == 10
        assert admin.provider() == before

    def test_other_tenants_and_runs_at_work_are_left_alone(
        self, run: Run, http: Http, server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        other_realm = Administration(http, server.url, "bravo", server.service_account)
        in_other_realm = Provisioning.begin(other_realm, tmp_path / ".obo")
        other_user = in_other_realm.create_user("barbara.jensen")
        in_other_realm.journal.close()
        elsewhere = Journal(tmp_path / ".obo", "elsewhere", "https://tenant.example", "alpha")
        elsewhere.note("user", "id-1")
        elsewhere.close()
        admin = Administration(http, server.url, "alpha", server.service_account)
        with Provisioning.begin(admin, tmp_path / ".obo") as at_work:
            user = at_work.create_user("barbara.jensen")
            assert run("reap", "--yes") == 0
            assert admin.read("user", user.id or "")
        err = capsys.readouterr().err
        assert "belongs to a run that is still at work" in err
        assert "journal-elsewhere.jsonl is about https://tenant.example" in err
        assert elsewhere.path.exists()
        assert other_realm.read("user", other_user.id or "") is None
