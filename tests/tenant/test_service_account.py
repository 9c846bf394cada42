"""The service account's log-in: what is sent, how long a token is kept, what is said when it fails."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from fixtures.settings import ServiceAccount
from fixtures.tenant.errors import HarnessError, Refused
from fixtures.tenant.http import Http
from fixtures.tenant.parallel import at_once
from fixtures.tenant.service_account import ServiceAccountToken, with_port
from fixtures.tenant.token_desk import TokenDesk, token_from
from reference_server.server import ReferenceServer
from tests.tenant.observers import Recorder
from tests.tenant.stand_in import Reply, saying, serving


@pytest.fixture(scope="module")
def account() -> ServiceAccount:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ServiceAccount("11111111-2222-3333-4444-555555555555", RSAAlgorithm.to_jwk(key, as_dict=True))


class Tenant:
    """A token endpoint that counts and gives a new token each time."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def __call__(self, method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], str]:
        assert (method, path) == ("POST", "/am/oauth2/access_token")
        assert "authorization" not in headers
        self.bodies.append(body)
        return 200, {}, f'{{"access_token": "token-{len(self.bodies)}", "expires_in": 899}}'


def test_assertion_is_what_a_tenant_expects(http: Http, account: ServiceAccount) -> None:
    tenant = Tenant()
    with serving(tenant) as url:
        ServiceAccountToken(http, url, account, now=lambda: 1000.0).current()
    form = parse_qs(tenant.bodies[0])
    assert form["client_id"] == ["service-account"]
    assert form["scope"] == ["fr:am:* fr:idm:*"]
    assertion = form["assertion"][0]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert jwt.get_unverified_header(assertion)["alg"] == "RS256"
    assert claims["iss"] == claims["sub"] == account.id
    assert claims["exp"] == 1180
    assert claims["aud"] == f"{url}/am/oauth2/access_token"
    assert len(claims["jti"]) == 36


def test_one_token_until_a_minute_before_it_expires(http: Http, account: ServiceAccount) -> None:
    time = [1000.0]
    with serving(Tenant()) as url:
        token = ServiceAccountToken(http, url, account, now=lambda: time[0])
        assert [token.current(), token.current()] == ["token-1", "token-1"]
        time[0] += 899 - 60
        assert token.current() == "token-1"
        time[0] += 1
        assert token.current() == "token-2"


def test_rejected_token_is_renewed_once_for_all_threads(http: Http, account: ServiceAccount) -> None:
    with serving(Tenant()) as url:
        token = ServiceAccountToken(http, url, account)
        first = token.current()
        assert token.renewed(first) == "token-2"
        assert token.renewed(first) == "token-2"


def test_token_is_shared_with_another_process(http: Http, account: ServiceAccount) -> None:
    with serving(Tenant()) as url:
        token = ServiceAccountToken(http, url, account)
        token.current()
        other = ServiceAccountToken(http, url, account)
        other.adopt(token.to_plain())
        assert other.current() == "token-1"


def test_workers_have_it_renewed_by_the_one_process_that_logs_in(http: Http, account: ServiceAccount) -> None:
    tenant = Tenant()
    with serving(tenant) as url:
        own = ServiceAccountToken(http, url, account)
        own.current()
        with TokenDesk(own.renewed_for_another) as desk:
            workers = [ServiceAccountToken(http, url, account) for _ in range(3)]
            for worker in workers:
                worker.adopt({"token": "token-1", "expires_at": 0.0, "desk": desk.to_plain()})
            assert at_once([worker.current for worker in workers]) == ["token-2"] * 3
            assert workers[0].renewed("token-2") == own.current() == "token-3"
        assert workers[1].renewed("token-2") == "token-4"  # the desk is closed
    assert len(tenant.bodies) == 4


def test_a_worker_is_told_why_the_log_in_fails(http: Http, account: ServiceAccount) -> None:
    with serving(saying(400, {"error": "invalid_scope"})) as url:
        own, worker = (ServiceAccountToken(http, url, account) for _ in range(2))
        with TokenDesk(own.renewed_for_another) as desk:
            worker.adopt({"token": "", "expires_at": 0.0, "desk": desk.to_plain()})
            with pytest.raises(Refused, match="the scopes") as raised:
                worker.current()
    assert raised.value.status == 400


def test_the_desk_serves_nobody_who_lacks_its_key() -> None:
    with TokenDesk(lambda _: {"token": "secret"}) as desk:
        assert token_from({**desk.to_plain(), "key": "00"}, "") is None
        assert token_from(desk.to_plain(), "") == {"token": "secret"}


def test_log_in_is_signed_anew_for_each_attempt(http: Http, account: ServiceAccount) -> None:
    tenant = Tenant()

    def behave(method: str, path: str, headers: dict[str, str], body: str) -> Reply | None:
        reply = tenant(method, path, headers, body)
        return None if len(tenant.bodies) == 1 else reply

    with serving(behave) as url:
        assert ServiceAccountToken(http, url, account).current() == "token-2"
    assert len(set(tenant.bodies)) == 2


@pytest.mark.parametrize(
    ("url", "audience"),
    [
        ("https://tenant.example/x", "https://tenant.example:443/x"),
        ("https://tenant.example:8443/x", "https://tenant.example:8443/x"),
        ("http://127.0.0.1/x", "http://127.0.0.1:80/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ],
)
def test_audience_names_the_port(url: str, audience: str) -> None:
    assert with_port(url) == audience


class TestFailure:
    @pytest.mark.parametrize(
        ("status", "body", "remedy"),
        [
            (400, {"error": "invalid_scope", "error_description": "Unsupported scope"}, "the scopes fr:am:* fr:idm:*"),
            (400, {"error": "invalid_grant"}, "OBO_SERVICE_ACCOUNT_JWK is that service account's private key"),
            (404, None, "OBO_TENANT_URL is a tenant"),
            (200, {"expires_in": 1}, "check OBO_SERVICE_ACCOUNT_ID"),
        ],
    )
    def test_refusal_is_one_line(
        self, http: Http, account: ServiceAccount, status: int, body: Any, remedy: str
    ) -> None:
        with serving(saying(status, body)) as url, pytest.raises(Refused) as raised:
            ServiceAccountToken(http, url, account).current()
        assert remedy in str(raised.value)
        assert "\n" not in str(raised.value)
        assert raised.value.status == status

    def test_public_key(self, http: Http, account: ServiceAccount) -> None:
        public = {name: account.jwk[name] for name in ("kty", "n", "e")}
        with pytest.raises(HarnessError, match="private key of the service account is needed"):
            ServiceAccountToken(http, "https://h", ServiceAccount(account.id, public)).current()

    @pytest.mark.parametrize("jwk", [{}, {"kty": "EC"}, {"kty": "RSA", "n": "!", "e": "AQAB", "d": "1"}])
    def test_other_key(self, http: Http, jwk: dict[str, str]) -> None:
        with pytest.raises(HarnessError, match=r"OBO_SERVICE_ACCOUNT_JWK"):
            ServiceAccountToken(http, "https://h", ServiceAccount("x", jwk)).current()

    def test_key_of_somebody_else(self, http: Http, server: ReferenceServer, account: ServiceAccount) -> None:
        somebody = ServiceAccount(server.service_account.id, account.jwk)
        with pytest.raises(Refused, match="OBO_SERVICE_ACCOUNT_ID"):
            ServiceAccountToken(http, server.url, somebody).current()

    def test_log_in_shows_no_key_to_whom_it_may_not(self, http: Http, sent: Recorder, server: ReferenceServer) -> None:
        ServiceAccountToken(http, server.url, server.service_account).current()
        assert server.service_account.jwk["d"] not in repr(sent.requests) + repr(sent.answers)
