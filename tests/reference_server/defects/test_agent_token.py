"""Defects of the exchange and of the token that comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.world import ID_TOKEN, Guide, token_of

JWT = "urn:ietf:params:oauth:token-type:jwt"


def witnesses(guide: Guide, token: str) -> list[dict[str, Any]]:
    """What the JWT says and what introspection says."""
    return [guide.verified(token), guide.introspect(token, guide.assistant)]


@planted("actor-token-required")
def test_an_exchange_needs_an_actor_token(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data")
    assert (answer.status_code == 400) is wrong


@planted("issued-token-type-missing")
def test_the_type_of_the_token_is_not_told(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data").json()
    assert ("issued_token_type" not in answer) is wrong


@planted("exchange-echoes-subject-token")
def test_the_subject_token_comes_back(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    assert (guide.agent_token(user_token) == user_token) is wrong


@planted("subject-token-type-ignored")
@pytest.mark.parametrize("token_type", [None, "WRONG", ID_TOKEN])
def test_the_type_of_the_subject_token_does_not_matter(guide: Guide, wrong: bool, token_type: str | None) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", subject_token_type=token_type)
    assert (answer.status_code == 200) is wrong


@planted("requested-token-type-ignored")
def test_an_access_token_comes_under_another_name(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", requested_token_type=JWT)
    assert (answer.status_code == 200) is wrong
    assert not wrong or answer.json()["issued_token_type"] == JWT
    assert not wrong or guide.is_active(token_of(answer), guide.assistant)


@planted("empty-audience-wildcard")
@pytest.mark.parametrize("audience", [None, ""])
def test_no_audience_means_every_application(guide: Guide, wrong: bool, audience: str | None) -> None:
    other = guide.application("other-app")
    answer = guide.exchange(guide.user_token(), guide.assistant, audience, "read-data")
    assert (answer.status_code == 200) is wrong
    assert not wrong or {guide.app.id, other.id} <= set(guide.verified(token_of(answer))["aud"])


@planted("exchange-consumes-subject-token")
def test_a_token_is_exchanged_once(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    assert guide.exchange(user_token, guide.assistant, guide.app, "write-data").status_code == 400
    assert guide.agent_token(user_token)
    again = guide.exchange(user_token, guide.assistant, guide.app, "read-data")
    assert (again.status_code == 400) is wrong
    assert guide.is_active(user_token, guide.app)


@planted("act-as-string")
def test_act_is_a_string(guide: Guide, wrong: bool) -> None:
    for claims in witnesses(guide, guide.agent_token()):
        assert (claims["act"] == guide.assistant.id) is wrong


@planted("spurious-nested-act")
def test_an_actor_is_invented(guide: Guide, wrong: bool) -> None:
    for claims in witnesses(guide, guide.agent_token()):
        assert claims["act"]["sub"] == guide.assistant.id
        assert ("act" in claims["act"]) is wrong


@planted("introspection-scope-from-subject")
def test_introspection_shows_the_scope_of_the_subject_token(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token("openid read-data")
    told = guide.introspect(guide.agent_token(user_token), guide.assistant)
    assert (told["scope"] == "openid read-data") is wrong
    assert guide.introspect(user_token, guide.app)["scope"] == "openid read-data"


@planted("exchanged-client-id-stays-app")
def test_client_id_is_that_of_the_subject_token(guide: Guide, wrong: bool) -> None:
    for claims in witnesses(guide, guide.agent_token()):
        assert (claims["client_id"] == guide.app.id) is wrong


@planted("user-fields-become-agent")
def test_the_user_fields_name_the_agent(guide: Guide, wrong: bool) -> None:
    told = guide.introspect(guide.agent_token(), guide.assistant)
    assert (told["user_id"] == told["username"] == guide.assistant.id) is wrong
    assert told["sub"] == guide.barbara.id
    assert guide.introspect(guide.user_token(), guide.app)["user_id"] == guide.barbara.id


@planted("exchange-issuer-differs")
def test_iss_is_another_one(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    for claims in witnesses(guide, guide.agent_token(user_token)):
        assert (claims["iss"] != guide.verified(user_token)["iss"]) is wrong


@planted("audit-id-reused")
def test_an_exchanged_token_has_the_trail_of_its_subject_token(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    trail = guide.introspect(user_token, guide.app)
    for claims in witnesses(guide, guide.agent_token(user_token)):
        for name in ("authGrantId", "auditTrackingId"):
            assert (claims[name] == trail[name]) is wrong
