"""The doctor's short form: what is in a run's way is found before the first scenario, in one line with a remedy."""

from __future__ import annotations

import dataclasses
import json
import socket
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from fixtures.doctor.examination import demand_ready
from fixtures.settings import ServiceAccount, Settings, SettingsError
from fixtures.target import Target, check_reference, open_http, open_target
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import HarnessError, Refused
from reference_server.server import ReferenceServer
from tests.stand_in import METADATA, TENANT, Answers, but, stand_in

KEY = ServiceAccount("account", json.loads(RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048))))


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    with ReferenceServer() as running:
        yield running


def finding(url: str, account: ServiceAccount | None, **settings: object) -> HarnessError:
    target = target_at(url, account, **settings)
    with pytest.raises(HarnessError) as found:
        look(target)
    assert len(str(found.value).splitlines()) == 1
    return found.value


def target_at(url: str, account: ServiceAccount | None, **changes: object) -> Target:
    settings = dataclasses.replace(Settings(tenant_url=url), **changes)  # type: ignore[arg-type]
    return Target(url, settings.realm, False, account, settings)


def look(target: Target) -> None:
    with open_http(target.settings) as http:
        account = target.service_account
        demand_ready(target, http, Administration(http, target.url, target.realm, account) if account else None)


def account_of(server: ReferenceServer) -> ServiceAccount:
    return ServiceAccount(server.service_account.id, server.service_account.jwk)


def test_the_bundled_server_is_fine() -> None:
    with open_target(Settings.read({})) as target:
        assert target.embedded
        assert target.settings.second_realm == "bravo"
        look(target)


@pytest.mark.parametrize("variable", ["OBO_REFERENCE_DEFECT", "OBO_REFERENCE_MOOD"])
def test_what_the_bundled_server_does_not_know_is_not_ignored(variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        check_reference(Settings.read({variable: "no-such-name"}))


def test_a_tenant_without_a_service_account_is_only_asked_for_its_metadata() -> None:
    with stand_in({METADATA: TENANT[METADATA]}) as url:
        look(target_at(url, None))


def test_nothing_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        error = finding(f"http://127.0.0.1:{port}", None)
    assert "refused the connection" in str(error)
    assert "OBO_TENANT_URL" in str(error)


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(socket, "getaddrinfo", Mock(side_effect=socket.gaierror))
    error = finding("https://tenant.invalid", None)
    assert "OBO_TENANT_URL" in str(error)


def test_a_tenant_that_does_not_answer() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = finding(f"http://127.0.0.1:{silent.getsockname()[1]}", None, timeout_seconds=0.05)
    assert "OBO_TIMEOUT_SECONDS" in str(error)


def test_wrong_realm(server: ReferenceServer) -> None:
    error = finding(server.url, account_of(server), realm="gamma")
    assert str(error).startswith("OBO_REALM: settings: no OAuth2 provider in realm 'gamma'")
    assert "write alpha or bravo" in str(error)


def test_unknown_service_account(server: ReferenceServer) -> None:
    account = dataclasses.replace(account_of(server), id="00000000-0000-0000-0000-000000000000")
    assert "OBO_SERVICE_ACCOUNT_ID" in str(finding(server.url, account))


def test_wrong_key(server: ReferenceServer) -> None:
    account = dataclasses.replace(account_of(server), jwk=KEY.jwk)
    assert "OBO_SERVICE_ACCOUNT_JWK" in str(finding(server.url, account))


def test_service_account_without_the_scopes(server: ReferenceServer) -> None:
    made = server.tenant.service_accounts.create("Managed objects only", ("fr:idm:*",))
    error = finding(server.url, ServiceAccount(made.id, made.jwk))
    assert "OBO_SERVICE_ACCOUNT_ID" in str(error)
    assert "fr:am:*" in str(error)


STAND_INS: dict[str, tuple[Answers, tuple[str, ...]]] = {
    "agents not found": (
        but(AGENTS=(404, {})),
        ("OBO_TENANT_URL: guide step not done: AI agents are not enabled", "aiagent?_action="),
    ),
    "agents switched off": (
        but(PROVIDER=(200, {"aiAgentsConfig": {"aiAgentsEnabled": False}})),
        ("OBO_TENANT_URL: guide step not done: AI agents are switched off", "31 March 2026"),
    ),
    "provider forbidden": (
        but(PROVIDER=(403, {"message": "Access denied"})),
        ("OBO_SERVICE_ACCOUNT_ID", "fr:am:*"),
    ),
    "agents forbidden": (but(AGENTS=(403, {"message": "Access denied"})), ("OBO_SERVICE_ACCOUNT_ID", "403")),
    "busy": (but(METADATA=(503, {})), ("OBO_TENANT_URL", "503", "try again later")),
    "moved": (but(METADATA=(302, {})), ("OBO_TENANT_URL", "points to elsewhere.example (")),
    "another site": (but(METADATA=(200, {"hello": "world"})), ("OBO_TENANT_URL: settings: no authorization server",)),
}


@pytest.mark.parametrize(("answers", "hints"), STAND_INS.values(), ids=STAND_INS)
def test_what_a_tenant_answers(answers: Answers, hints: tuple[str, ...]) -> None:
    with stand_in(answers) as url:
        error = str(finding(url, KEY))
    assert [hint for hint in hints if hint not in error] == []


ISSUERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "plain HTTP": ("http://tokens.example/t", ("OBO_ISSUER", "plain HTTP", "OBO_ALLOW_HTTP=1")),
    "another host": ("https://tokens.example/t", ("OBO_ISSUER", "that of https://other.example", "tokens.example")),
}


@pytest.mark.parametrize(("token_endpoint", "hints"), ISSUERS.values(), ids=ISSUERS)
def test_where_an_issuer_would_have_secrets_go(token_endpoint: str, hints: tuple[str, ...]) -> None:
    answers: dict[str, tuple[int, dict[str, Any]]] = {}
    with stand_in(answers) as url:
        issuer = url if token_endpoint.startswith("http:") else "https://other.example"
        members = {"issuer": issuer, "token_endpoint": token_endpoint}
        answers["/.well-known/oauth-authorization-server"] = 200, members
        error = str(finding(url, None, issuer=url, tenant_url=None))
    assert [hint for hint in hints if hint not in error] == []


def test_an_issuer_without_metadata() -> None:
    with stand_in({}) as url:
        error = str(finding(url, None, issuer=url, tenant_url=None))
    assert error.startswith("OBO_ISSUER: settings: no authorization server there")


def test_no_permission_to_write_is_told_at_the_first_write() -> None:
    with stand_in(TENANT) as url, open_http(Settings()) as http:
        admin = Administration(http, url, "alpha", KEY)
        document = admin.provider()
    with stand_in(but(PROVIDER=(403, {"message": "Access denied"}))) as url, open_http(Settings()) as http:
        admin = Administration(http, url, "alpha", KEY)
        with pytest.raises(Refused, match="OBO_SERVICE_ACCOUNT_ID") as refusal:
            admin.save_provider(document)
    assert refusal.value.status == 403
    assert "guide, task 1 step 3" in str(refusal.value)
