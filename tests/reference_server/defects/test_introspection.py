"""Defects of what introspection tells, and to whom."""

from __future__ import annotations

import httpx
import jwt
import pytest

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.administration import Client
from tests.reference_server.oauth.world import ID_TOKEN, Guide, token_of


def stranger(guide: Guide) -> Client:
    """A confidential client that has nothing to do with the guide."""
    return guide.client("stranger", advanced={"tokenEndpointAuthMethod": "client_secret_post"})


@planted("active-as-string")
def test_active_is_a_string(guide: Guide, wrong: bool) -> None:
    for token in (guide.user_token(), "garbage"):
        assert isinstance(guide.introspect(token, guide.app)["active"], str) is wrong


@planted("introspection-open")
@pytest.mark.parametrize("how", ["no credentials", "wrong secret", "bearer"])
def test_anybody_may_introspect(guide: Guide, wrong: bool, how: str) -> None:
    token = guide.user_token()
    credentials = {"client_id": guide.app.id, "client_secret": "wrong"} if how == "wrong secret" else {}
    headers = {"Authorization": f"Bearer {token}"} if how == "bearer" else {}
    answer = guide.http.post(guide.oauth + "/introspect", data={"token": token, **credentials}, headers=headers)
    assert (answer.status_code == 200 and answer.json()["sub"] == guide.barbara.id) is wrong


@planted("inactive-leaks-claims")
def test_an_inactive_answer_has_claims(guide: Guide, wrong: bool) -> None:
    token = guide.agent_token()
    guide.revoke(token, guide.assistant)
    told = guide.introspect(token, guide.assistant)
    assert told["active"] is False
    assert (told.get("sub") == guide.barbara.id and "act" in told) is wrong
    assert guide.introspect("garbage", guide.assistant) == {"active": False}


@planted("jwt-introspection-leak")
def test_an_inactive_answer_has_claims_as_a_jwt(guide: Guide, wrong: bool) -> None:
    token = guide.user_token()
    guide.revoke(token, guide.app)
    assert guide.introspect(token, guide.app) == {"active": False}
    answer = introspected_as_jwt(guide, token)
    assert (answer.headers["content-type"] == "application/token-introspection+jwt") is wrong
    if wrong:
        told = jwt.decode(answer.text, options={"verify_signature": False})["token_introspection"]
        assert (told["active"], told["sub"]) == (False, guide.barbara.id)


def introspected_as_jwt(guide: Guide, token: str) -> httpx.Response:
    """The answer to who would rather have a JWT (RFC 9701)."""
    headers = {"Accept": "application/token-introspection+jwt"}
    form = {"token": token, **guide.app.credentials}
    return guide.http.post(guide.oauth + "/introspect", data=form, headers=headers)


@planted("introspection-omits-act")
def test_introspection_does_not_name_the_actor(guide: Guide, wrong: bool) -> None:
    token = guide.agent_token()
    assert "act" in guide.verified(token)
    assert ("act" not in guide.introspect(token, guide.assistant)) is wrong


@planted("introspection-hides-act-from-rs")
def test_introspection_does_not_name_the_actor_to_the_application(guide: Guide, wrong: bool) -> None:
    token = guide.agent_token()
    assert "act" in guide.introspect(token, guide.assistant)
    assert ("act" not in guide.introspect(token, guide.app)) is wrong


@planted("introspection-any-client")
def test_any_client_introspects(guide: Guide, wrong: bool) -> None:
    assert guide.is_active(guide.agent_token(), stranger(guide)) is wrong


@planted("hint-trusted")
@pytest.mark.parametrize("hint", ["refresh_token", "bogus"])
def test_a_hint_makes_a_difference(guide: Guide, wrong: bool, hint: str) -> None:
    told = guide.introspect(guide.user_token(), guide.app, token_type_hint=hint)
    assert told["active"] is not wrong
    assert guide.introspect(guide.user_token(), guide.app, token_type_hint="access_token")["active"]


@planted("id-token-introspects-active")
def test_an_id_token_is_active(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", requested_token_type=ID_TOKEN)
    assert guide.is_active(token_of(answer), guide.assistant) is wrong


@planted("exchanged-token-introspects-inactive")
def test_an_exchanged_token_is_inactive(guide: Guide, wrong: bool) -> None:
    assert guide.is_active(guide.agent_token(), guide.assistant) is not wrong
    assert guide.is_active(guide.user_token(), guide.app)


@planted("introspection-sub-is-client")
def test_sub_is_the_client(guide: Guide, wrong: bool) -> None:
    assert (guide.introspect(guide.user_token(), guide.app)["sub"] == guide.app.id) is wrong
    assert guide.introspect(guide.agent_token(), guide.assistant)["sub"] == guide.barbara.id


@planted("introspection-scope-array")
def test_scope_is_an_array(guide: Guide, wrong: bool) -> None:
    scope = guide.introspect(guide.user_token(), guide.app)["scope"]
    assert (scope == ["openid", "read-data"]) is wrong


@planted("introspection-client-id-is-caller")
def test_client_id_is_the_caller(guide: Guide, wrong: bool) -> None:
    scopes = ["am-introspect-all-tokens"]
    settings = {"tokenEndpointAuthMethod": "client_secret_post"}
    caller = guide.client("caller", core={"scopes": scopes}, advanced=settings)
    assert (guide.introspect(guide.user_token(), caller)["client_id"] == caller.id) is wrong
    assert guide.introspect("garbage", caller) == {"active": False}


@planted("exp-in-milliseconds")
def test_exp_is_in_milliseconds(guide: Guide, wrong: bool) -> None:
    token = guide.user_token()
    assert (guide.introspect(token, guide.app)["exp"] == guide.verified(token)["exp"] * 1000) is wrong


@planted("introspection-expires-in-constant")
def test_expires_in_does_not_fall(guide: Guide, wrong: bool) -> None:
    token = guide.user_token()
    first = guide.introspect(token, guide.app)["expires_in"]
    guide.server.tenant.clock.advance(100)
    assert (guide.introspect(token, guide.app)["expires_in"] == first) is wrong


@planted("issuer-from-host-header")
@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
def test_iss_is_what_the_caller_says(guide: Guide, wrong: bool, header: str) -> None:
    token = guide.user_token()
    form = {"token": token, **guide.app.credentials}
    answer = guide.http.post(guide.oauth + "/introspect", data=form, headers={header: "evil.example"})
    assert ("evil.example" in answer.json()["iss"]) is wrong
    assert guide.introspect(token, guide.app)["iss"] == guide.verified(token)["iss"]


@planted("auth-grant-id-unstable")
def test_auth_grant_id_is_another_one_each_time(guide: Guide, wrong: bool) -> None:
    token = guide.user_token()
    ids = {guide.introspect(token, guide.app)["authGrantId"] for _ in range(3)}
    assert (len(ids) == 3) is wrong
