"""Preflight: what only the tenant can tell is found before the first scenario, in one line that says what to do."""

from __future__ import annotations

import dataclasses
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from fixtures.preflight import preflight
from fixtures.settings import ServiceAccount, Settings
from fixtures.target import Target, open_http, open_target
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import HarnessError, Refused
from reference_server.server import ReferenceServer

METADATA = "/am/oauth2/realms/root/realms/alpha/.well-known/openid-configuration"
LOGIN = "/am/oauth2/access_token"
PROVIDER = "/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc"
AGENTS = "/am/json/realms/root/realms/alpha/realm-config/agents/AIAgent"
TENANT = {
    METADATA: (200, {"token_endpoint": "/"}),
    LOGIN: (200, {"access_token": "a-token", "expires_in": 899}),
    PROVIDER: (200, {"aiAgentsConfig": {"aiAgentsEnabled": True}}),
    AGENTS: (200, {"result": []}),
}
KEY = ServiceAccount("account", json.loads(RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048))))
Answers = dict[str, tuple[int, dict[str, object]]]


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    with ReferenceServer() as running:
        yield running


@contextmanager
def stand_in(answers: Answers) -> Iterator[str]:
    """A tenant that answers each path as told, and anything else with 404; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path.partition("?")[0], (404, {"code": 404, "message": "Not Found"}))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            if 300 <= status < 400:
                self.send_header("Location", "https://elsewhere.example/path?query")
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{http_server.server_port}"
        http_server.shutdown()


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
        preflight(target, http, Administration(http, target.url, target.realm, account) if account else None)


def account_of(server: ReferenceServer) -> ServiceAccount:
    return ServiceAccount(server.service_account.id, server.service_account.jwk)


def test_the_bundled_server_is_fine() -> None:
    with open_target(Settings.read({})) as target:
        assert target.embedded
        assert target.settings.second_realm == "bravo"
        look(target)


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


def test_a_name_that_does_not_exist() -> None:
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
    assert str(error).startswith("OBO_REALM: no OAuth2 provider in realm 'gamma'")
    assert "alpha or bravo" in str(error)


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
        TENANT | {AGENTS: (404, {})},
        ("OBO_TENANT_URL: AI agents are not enabled", "aiagent?_action="),
    ),
    "agents switched off": (
        TENANT | {PROVIDER: (200, {"aiAgentsConfig": {"aiAgentsEnabled": False}})},
        ("OBO_TENANT_URL: AI agents are switched off", "31 March 2026"),
    ),
    "provider forbidden": (
        TENANT | {PROVIDER: (403, {"message": "Access denied"})},
        ("OBO_SERVICE_ACCOUNT_ID", "fr:am:*"),
    ),
    "agents forbidden": (TENANT | {AGENTS: (403, {"message": "Access denied"})}, ("OBO_SERVICE_ACCOUNT_ID", "403")),
    "busy": (TENANT | {METADATA: (503, {})}, ("OBO_TENANT_URL", "503", "try again later")),
    "moved": (TENANT | {METADATA: (302, {})}, ("OBO_TENANT_URL", "points to elsewhere.example;")),
    "another site": (TENANT | {METADATA: (200, {"hello": "world"})}, ("OBO_TENANT_URL: no authorization server",)),
}


@pytest.mark.parametrize(("answers", "hints"), STAND_INS.values(), ids=STAND_INS)
def test_what_a_tenant_answers(answers: Answers, hints: tuple[str, ...]) -> None:
    with stand_in(answers) as url:
        error = str(finding(url, KEY))
    assert [hint for hint in hints if hint not in error] == []


def test_no_permission_to_write_is_told_at_the_first_write() -> None:
    with stand_in(TENANT) as url, open_http(Settings()) as http:
        admin = Administration(http, url, "alpha", KEY)
        document = admin.provider()
    with stand_in(TENANT | {PROVIDER: (403, {"message": "Access denied"})}) as url, open_http(Settings()) as http:
        admin = Administration(http, url, "alpha", KEY)
        with pytest.raises(Refused, match="OBO_SERVICE_ACCOUNT_ID") as refusal:
            admin.save_provider(document)
    assert refusal.value.status == 403
    assert "guide, task 1 step 3" in str(refusal.value)
