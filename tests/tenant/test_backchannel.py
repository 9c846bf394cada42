"""The backchannel client signs and polls as OpenID CIBA Core says; the approver is a script that may be missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest

from fixtures.tenant.actors import Agent, EndUser, Secret
from fixtures.tenant.approver import Approver
from fixtures.tenant.backchannel import Backchannel
from fixtures.tenant.errors import HarnessError, NotVerifiable
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from fixtures.tenant.oauth_terms import CIBA
from fixtures.tenant.request_key import new_request_key, public_key_set
from tests.tenant.stand_in import Reply, echo, saying, serving

AGENT = Agent("agent", Secret("a secret"), request_key=new_request_key())
USER = EndUser("barbara.jensen", Secret("p&w"))
ISSUER = "https://tenant.example:443/am"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def client(http: Http, url: str, time: Time | None = None) -> Backchannel:
    """A client of a realm whose endpoints lie at `url`."""
    time = time or Time()
    oauth = OAuth(http, Endpoints.of_tenant(url, "alpha"))
    return Backchannel(oauth, f"{url}/bc-authorize", ISSUER, clock=lambda: time.now, sleep=time.sleep)


@pytest.fixture
def backchannel(http: Http) -> Iterator[Backchannel]:
    """A client of a realm that echoes requests."""
    with serving(echo) as url:
        yield client(http, url)


def form(answer: Answer) -> dict[str, str]:
    """The form that arrived."""
    return dict(parse_qsl(answer.members["body"], keep_blank_values=True, strict_parsing=True))


def claims_of(answer: Answer) -> dict[str, Any]:
    """The claims of the signed request that arrived, verified with the key that was to be registered."""
    (key,) = json.loads(public_key_set(AGENT.request_key))["keys"]
    claims: dict[str, Any] = jwt.decode(form(answer)["request"], jwt.PyJWK(key), audience=ISSUER)
    return claims


def test_a_request_is_signed_by_the_agent(backchannel: Backchannel) -> None:
    answer = backchannel.ask(by=AGENT, scope="openid", login_hint="barbara", binding_message="Restart?")
    assert answer.members["path"] == "/bc-authorize"
    assert set(form(answer)) == {"client_id", "client_secret", "request"}
    claims = claims_of(answer)
    wanted = {"iss": "agent", "aud": ISSUER, "scope": "openid", "login_hint": "barbara", "binding_message": "Restart?"}
    assert claims.items() >= wanted.items()
    assert claims["nbf"] < claims["iat"] < claims["exp"] <= claims["iat"] + 1800
    assert claims["jti"] != claims_of(backchannel.ask(by=AGENT, scope="openid"))["jti"]


def test_claims_can_be_left_out_and_changed(backchannel: Backchannel) -> None:
    claims = claims_of(backchannel.ask(by=AGENT, scope="openid", login_hint=None, jti=None, requested_expiry=1))
    assert claims["requested_expiry"] == 1
    assert not {"login_hint", "jti"} & set(claims)


def test_a_poll(backchannel: Backchannel) -> None:
    answer = backchannel.poll("id", by=AGENT, scope="more")
    assert answer.members["path"].endswith("/alpha/access_token")
    credentials = {"client_id": "agent", "client_secret": "a secret"}
    assert form(answer) == {"grant_type": CIBA, "auth_req_id": "id", "scope": "more", **credentials}


@pytest.mark.parametrize(
    ("acknowledged", "errors", "slept"),
    [
        ({"interval": 2}, ["access_denied"], []),
        ({"interval": 2}, ["authorization_pending"] * 2 + ["invalid_grant"], [2, 2]),
        ({}, ["authorization_pending", "invalid_grant"], [5]),
        ({"interval": "soon"}, ["authorization_pending", "invalid_grant"], [5]),
        ({"interval": 0}, ["authorization_pending", "invalid_grant"], [0.2]),
        ({"interval": 2}, ["slow_down", "authorization_pending", "invalid_grant"], [7, 7]),
        ({"interval": 6}, ["authorization_pending"] * 9, [6, 6]),
        ({"interval": 600}, ["authorization_pending"] * 9, []),
    ],
)
def test_polls_keep_the_pace_that_the_tenant_asks_for(
    http: Http, acknowledged: dict[str, Any], errors: list[str], slept: list[float]
) -> None:
    left, time = list(errors), Time()

    def behave(*_: Any) -> Reply:
        return 400, {}, json.dumps({"error": left.pop(0)})

    answer = Answer(Request("POST", "/"), 200, {}, json.dumps({"auth_req_id": "id", **acknowledged}), 0)
    with serving(behave) as url:
        last = client(http, url, time).poll_until_decided(answer, by=AGENT, limit_seconds=15)
    assert time.slept == slept
    assert last.members["error"] == errors[len(slept)]


def test_a_private_key_shows_in_no_repr() -> None:
    assert AGENT.request_key not in repr(AGENT)
    assert AGENT.request_key not in public_key_set(AGENT.request_key)


def test_the_approver_decides_in_the_users_name(http: Http) -> None:
    with serving(echo) as url:
        answer = Approver(http, f"{url}/approver").try_to_decide(USER, "Restart?", "approve", "openid")
    assert json.loads(answer.members["body"]) == {
        "username": "barbara.jensen",
        "password": "p&w",
        "binding_message": "Restart?",
        "decision": "approve",
        "scope": "openid",
    }


def test_without_an_approver_nothing_is_decided(http: Http) -> None:
    with pytest.raises(NotVerifiable, match="OBO_APPROVER_URL"):
        Approver(http, None).decide(USER, "Restart?", "deny")


def test_an_approver_that_cannot_or_fails(http: Http) -> None:
    with serving(saying(501)) as url, pytest.raises(NotVerifiable, match="a part of the scopes"):
        Approver(http, url).decide(USER, "Restart?", "approve", "openid")
    with serving(saying(404)) as url, pytest.raises(HarnessError, match="OBO_APPROVER_URL answers 404"):
        Approver(http, url).decide(USER, "Restart?", "deny")
    with serving(saying(204)) as url:
        Approver(http, url).decide(USER, "Restart?", "deny")


def test_a_request_is_signed_anew_for_each_attempt(http: Http) -> None:
    jtis: list[str] = []

    def behave(method: str, path: str, headers: dict[str, str], body: str) -> Reply:
        _, _, text = echo(method, path, headers, body)
        jtis.append(jwt.decode(dict(parse_qsl(body))["request"], options={"verify_signature": False})["jti"])
        return (503 if len(jtis) == 1 else 200), {}, text

    with serving(behave) as url:
        assert client(http, url).ask(by=AGENT, scope="openid").attempts == 2
    assert len(set(jtis)) == 2


def test_a_poll_that_gets_lost_is_followed_by_the_next_one(http: Http) -> None:
    replies: Iterator[Reply | None] = iter(
        [None, (503, {}, "{}"), (400, {}, '{"error": "authorization_pending"}'), (200, {}, "{}")]
    )
    time = Time()
    with serving(lambda *_: next(replies)) as url:
        acknowledgement = Answer(Request("POST", url), 200, {}, '{"auth_req_id": "1", "interval": 2}', 1.0)
        answer = client(http, url, time).poll_until_decided(acknowledgement, by=AGENT, limit_seconds=60)
    assert answer.status == 200
    assert time.slept == [2, 2, 2]


def test_a_decision_whose_answer_got_lost_is_taken(http: Http) -> None:
    replies: Iterator[Reply | None] = iter([None, (404, {}, "")])
    with serving(lambda *_: next(replies)) as url:
        Approver(http, url).decide(USER, "Restart?", "approve")
