"""The OAuth client sends what the guide's requests hold, and exactly what a scenario changes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from fixtures.tenant.actors import Client, EndUser, Secret
from fixtures.tenant.exchange import Answer
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE
from tests.tenant.observers import Recorder
from tests.tenant.stand_in import echo, saying, serving

AGENT = Client("agent", Secret("a secret"))
USER = EndUser("barbara.jensen", Secret("p&w"))
Request = Callable[[OAuth], Answer]
CREDENTIALS = {"client_id": "agent", "client_secret": "a secret"}


@pytest.fixture
def oauth(http: Http) -> Iterator[OAuth]:
    """A client of a realm that echoes requests."""
    with serving(echo) as url:
        yield OAuth(http, Endpoints.of_tenant(url, "alpha"))


def form(answer: Answer) -> dict[str, str]:
    """The form that arrived."""
    return dict(parse_qsl(answer.members["body"], keep_blank_values=True, strict_parsing=True))


def test_password_grant(oauth: OAuth) -> None:
    answer = oauth.password(USER, by=AGENT, scope="openid")
    assert answer.members["path"] == "/am/oauth2/realms/root/realms/alpha/access_token"
    wanted = {"grant_type": "password", "username": "barbara.jensen", "password": "p&w", "scope": "openid"}
    assert form(answer) == wanted | CREDENTIALS


def test_token_exchange(oauth: OAuth) -> None:
    answer = oauth.exchange("token", by=AGENT, audience="app", scope="read-data")
    assert form(answer) == CREDENTIALS | {
        "grant_type": TOKEN_EXCHANGE,
        "subject_token": "token",
        "subject_token_type": ACCESS_TOKEN_TYPE,
        "audience": "app",
        "scope": "read-data",
    }


def test_changes_replace_leave_out_and_add_fields(oauth: OAuth) -> None:
    answer = oauth.exchange("", by=AGENT, subject_token_type="wrong", client_secret=None, requested_token_type="x")
    sent = form(answer)
    assert sent["subject_token"] == ""
    assert sent["subject_token_type"] == "wrong"
    assert sent["requested_token_type"] == "x"
    assert not {"client_secret", "audience", "scope"} & set(sent)


def test_basic_authentication_encodes_its_parts(oauth: OAuth) -> None:
    client = Client("a:b", Secret("c d"), auth_method="client_secret_basic")
    answer = oauth.client_credentials(by=client)
    assert answer.members["headers"]["authorization"] == "Basic " + base64.b64encode(b"a%3Ab:c+d").decode()
    assert form(answer) == {"grant_type": "client_credentials"}


def test_public_client_sends_its_id_alone(oauth: OAuth) -> None:
    answer = oauth.refresh("r", by=replace(AGENT, auth_method="none"))
    assert form(answer) == {"grant_type": "refresh_token", "refresh_token": "r", "client_id": "agent"}


def test_introspection_with_and_without_caller(oauth: OAuth) -> None:
    assert form(oauth.introspect("token", by=AGENT)) == {"token": "token"} | CREDENTIALS
    anonymous = oauth.introspect("token", by=None, headers={"Authorization": "Bearer token"})
    assert form(anonymous) == {"token": "token"}
    assert anonymous.members["headers"]["authorization"] == "Bearer token"
    assert form(oauth.introspect(None, by=AGENT)) == CREDENTIALS


def test_other_endpoints(oauth: OAuth) -> None:
    answers = [oauth.revoke("t", by=AGENT), oauth.tokeninfo("t"), oauth.userinfo("t"), oauth.metadata(), oauth.jwks()]
    base = "/am/oauth2/realms/root/realms/alpha"
    tails = ["token/revoke", "tokeninfo", "userinfo", ".well-known/openid-configuration", "connect/jwk_uri"]
    assert [answer.members["path"] for answer in answers] == [f"{base}/{tail}" for tail in tails]
    assert answers[1].members["headers"]["authorization"] == "Bearer t"


def test_raw_form(oauth: OAuth) -> None:
    answer = oauth.token([("client_id", "a"), ("client_id", "b")])
    assert answer.members["body"] == "client_id=a&client_id=b"


def test_secrets_do_not_show_in_reprs() -> None:
    assert "secret'" not in repr(AGENT)
    assert "p&w" not in repr(USER)


def test_endpoints_that_metadata_names_elsewhere_get_no_secret() -> None:
    own = Endpoints.of_tenant("https://tenant.example", "alpha")
    named = own.named_by(
        {
            "issuer": "https://tenant.example:443/alpha",
            "token_endpoint": "https://tenant.example:443/alias/token",
            "introspection_endpoint": "https://evil.example/introspect",
            "jwks_uri": "http://tenant.example/keys",
        }
    )
    assert named.token == "https://tenant.example:443/alias/token"
    assert (named.introspection, named.jwks, named.revocation) == (own.introspection, own.jwks, own.revocation)


HARMLESS: dict[str, Request] = {
    "right password": lambda oauth: oauth.password(USER, by=AGENT),
    "right password, given": lambda oauth: oauth.password(USER, by=AGENT, password=str(USER.password)),
    "wrong client secret": lambda oauth: oauth.password(USER, by=AGENT, client_secret="wrong"),
    "client credentials": lambda oauth: oauth.client_credentials(by=AGENT),
    "exchange": lambda oauth: oauth.exchange("token", by=AGENT),
    "malformed exchange": lambda oauth: oauth.exchange("wrong", by=AGENT, subject_token_type=None),
    "introspection": lambda oauth: oauth.introspect("token", by=AGENT),
    "revocation": lambda oauth: oauth.revoke("token", by=AGENT),
    "userinfo": lambda oauth: oauth.userinfo("token"),
    "keys": lambda oauth: oauth.jwks(),
}
HARMFUL: dict[str, Request] = {
    "wrong password": lambda oauth: oauth.password(USER, by=AGENT, password="wrong"),
    "no password": lambda oauth: oauth.password(USER, by=AGENT, password=None),
    "refresh token": lambda oauth: oauth.refresh("refresh token", by=AGENT),
    "refresh token beside": lambda oauth: oauth.exchange("token", by=AGENT, refresh_token="refresh token"),
    "any form": lambda oauth: oauth.token({"grant_type": "password"}),
}


@pytest.mark.parametrize("what", [*HARMLESS, *HARMFUL])
def test_what_does_harm_when_done_twice_is_sent_once(http: Http, what: str) -> None:
    expected = 6 if what in HARMLESS else 1
    assert _sent_by(http, {**HARMLESS, **HARMFUL}[what]) == expected


def _sent_by(http: Http, send: Request) -> int:
    """How often a request is sent to a tenant that is too busy."""
    seen = Recorder()
    http.observers.append(seen)
    with serving(saying(503)) as url:
        assert send(OAuth(http, Endpoints.of_tenant(url, "alpha"))).status == 503
    return len(seen.requests)
