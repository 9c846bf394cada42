"""Defects of tokens themselves: what they say, and how they are signed."""

from __future__ import annotations

import json

import jwt

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.test_token_integrity import decoded
from tests.reference_server.oauth.world import Guide

Json = dict[str, object]


def payload(token: str) -> Json:
    """The claims of a JWT, unverified."""
    claims: Json = json.loads(decoded(token.split(".")[1]))
    return claims


@planted("jwt-scope-superset")
def test_the_jwt_has_more_scopes_than_were_granted(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data").json()
    assert answer["scope"] == guide.introspect(answer["access_token"], guide.assistant)["scope"] == "read-data"
    assert ("write-data" in guide.verified(answer["access_token"])["scope"]) is wrong


@planted("jwt-act-missing")
def test_the_jwt_does_not_name_the_actor(guide: Guide, wrong: bool) -> None:
    assert ("act" not in guide.verified(guide.agent_token())) is wrong


@planted("jwt-signed-with-unpublished-key")
def test_the_key_of_an_exchanged_token_is_not_published(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    published = [key["kid"] for key in guide.http.get(guide.oauth + "/connect/jwk_uri").json()["keys"]]
    assert jwt.get_unverified_header(user_token)["kid"] in published
    assert (jwt.get_unverified_header(agent_token)["kid"] not in published) is wrong

    guide.server.tenant.oauth["alpha"].store.capacity = 0
    assert guide.is_active(guide.agent_token(), guide.assistant)


@planted("jwks-leaks-private-key")
def test_the_key_set_holds_private_members(guide: Guide, wrong: bool) -> None:
    guide.change_provider("advancedOAuth2Config", tokenSigningAlgorithm="RS256")
    guide.user_token()
    guide.change_provider("advancedOAuth2Config", tokenSigningAlgorithm="ES256")
    keys = guide.http.get(guide.oauth + "/connect/jwk_uri").json()["keys"]
    assert len(keys) == 2
    assert all(("d" in key) is wrong for key in keys)


@planted("reused-jti")
def test_exchanged_tokens_share_a_jti(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    tokens = [user_token, guide.agent_token(user_token), guide.agent_token(user_token)]
    assert (len({payload(token)["jti"] for token in tokens}) == 1) is wrong


@planted("jwt-no-exp")
def test_an_exchanged_token_has_no_exp(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    assert "exp" in payload(user_token)
    assert ("exp" not in payload(agent_token)) is wrong

    guide.server.tenant.oauth["alpha"].store.capacity = 0
    assert guide.introspect(guide.agent_token(), guide.assistant)["exp"]
