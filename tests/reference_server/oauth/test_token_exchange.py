"""Task 4.2 step 1: the agent exchanges the user's token for one of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_server.oauth.administration import EXCHANGE
from tests.reference_server.oauth.world import ID_TOKEN, Guide, refusal, token_of


def test_the_answer_is_the_guides(guide: Guide) -> None:
    user_token = guide.user_token("openid")

    body = guide.exchange(user_token, guide.assistant, guide.app, "read-data").json()

    assert body.pop("access_token") != user_token
    assert list(body.items()) == [
        ("refresh_token", None),
        ("issued_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("scope", "read-data"),
        ("token_type", "Bearer"),
        ("expires_in", 3599),
    ]


def test_the_token_names_the_user_and_the_agent_that_acts(guide: Guide) -> None:
    user_token = guide.user_token()
    user, agent = guide.verified(user_token), guide.verified(guide.agent_token(user_token))

    assert agent["sub"] == guide.barbara.id
    assert agent["act"] == {"sub": guide.assistant.id}
    assert agent["client_id"] == guide.assistant.id
    assert agent["aud"] == [guide.assistant.id, guide.app.id]
    assert agent["scope"] == ["read-data"]
    assert agent["grant_type"] == EXCHANGE
    for copied in ("sub", "subname", "auth_level", "auth_time", "realm", "iss"):
        assert agent[copied] == user[copied]
    for own in ("jti", "authGrantId", "auditTrackingId"):
        assert agent[own] != user[own]
    assert list(agent).index("act") == list(agent).index("nbf") + 1


def test_a_user_token_can_be_exchanged_again_and_again_and_stays_as_it_is(guide: Guide) -> None:
    user_token = guide.user_token()
    before = guide.introspect(user_token, guide.app)

    tokens = {guide.agent_token(user_token) for _ in range(3)}

    assert len(tokens) == 3
    after = guide.introspect(user_token, guide.app)
    assert after | {"expires_in": 0} == before | {"expires_in": 0}


@pytest.mark.parametrize("subject_token", [None, "", " ", "foo", "a.b.c", "null", "é"])
def test_without_a_genuine_subject_token_nothing_is_issued(guide: Guide, subject_token: str | None) -> None:
    answer = guide.exchange(subject_token, guide.assistant, guide.app, "read-data")
    assert refusal(answer) == (400, "invalid_request")


@pytest.mark.parametrize(
    "change",
    [
        {"subject_token_type": None},
        {"subject_token_type": "WRONG"},
        {"subject_token_type": ID_TOKEN},
        {"subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"requested_token_type": "urn:ietf:params:oauth:token-type:jwt"},
        {"requested_token_type": "WRONG"},
        {"actor_token": "garbage"},
        {"actor_token_type": "urn:ietf:params:oauth:token-type:access_token"},
        {"actor_token": "garbage", "actor_token_type": "urn:ietf:params:oauth:token-type:access_token"},
    ],
    ids=str,
)
def test_token_types_must_be_there_fit_and_be_supported(guide: Guide, change: dict[str, Any]) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **change)
    assert refusal(answer) == (400, "invalid_request")


def test_the_actor_is_the_authenticated_agent_whatever_the_request_says(guide: Guide) -> None:
    user_token = guide.user_token()
    access_token = "urn:ietf:params:oauth:token-type:access_token"

    named = guide.exchange(user_token, guide.assistant, guide.app, "read-data", actor="x", act='{"sub":"x"}', sub="x")
    assert guide.verified(token_of(named))["act"] == {"sub": guide.assistant.id}

    foreign = {"actor_token": user_token, "actor_token_type": access_token}
    answer = guide.exchange(user_token, guide.assistant, guide.app, "read-data", **foreign)
    assert refusal(answer) == (400, "invalid_request")


def test_an_actor_token_of_the_agents_own_changes_nothing(guide: Guide) -> None:
    agent = guide.agent("second-agent", grants=[EXCHANGE, "client_credentials"], scopes=["monitor-system"])
    guide.privilege(agent, guide.app, subjects=[guide.barbara])
    form = {"grant_type": "client_credentials", "scope": "monitor-system"}
    own = token_of(guide.post("/access_token", form | agent.credentials))
    actor = {"actor_token": own, "actor_token_type": "urn:ietf:params:oauth:token-type:access_token"}

    answer = guide.exchange(guide.user_token(), agent, guide.app, "read-data", **actor)

    assert guide.verified(token_of(answer))["act"] == {"sub": agent.id}
    refused = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **actor)
    assert refusal(refused) == (400, "invalid_request")


def test_a_token_that_the_agent_has_for_a_user_is_no_actor_token(guide: Guide) -> None:
    actor = {"actor_token": guide.agent_token(), "actor_token_type": "urn:ietf:params:oauth:token-type:access_token"}
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **actor)
    assert refusal(answer) == (400, "invalid_request")


def test_an_access_token_can_be_exchanged_for_an_id_token_and_that_for_an_access_token(guide: Guide) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", requested_token_type=ID_TOKEN)
    id_token = token_of(answer)

    assert answer.json()["issued_token_type"] == ID_TOKEN
    assert answer.json()["token_type"] == "N_A"
    assert guide.verified(id_token)["act"] == {"sub": guide.assistant.id}

    as_access_token = guide.exchange(id_token, guide.assistant, guide.app, "read-data")
    assert refusal(as_access_token) == (400, "invalid_request")
    assert not guide.is_active(id_token, guide.assistant)

    back = guide.exchange(id_token, guide.assistant, guide.app, "read-data", subject_token_type=ID_TOKEN)
    assert guide.verified(token_of(back))["sub"] == guide.barbara.id


def test_a_refresh_token_is_no_subject_token(guide: Guide) -> None:
    refresh_token = guide.login(guide.barbara, guide.app).json()["refresh_token"]
    assert refusal(guide.exchange(refresh_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")


@pytest.mark.parametrize("scope", [None, "", " "])
def test_scopes_must_be_named(guide: Guide, scope: str | None) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, scope)
    assert refusal(answer) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "spelling",
    [
        *(
            "{app}2",
            "{app_but_last}",
            "{APP}",
            " {app}",
            "{app} ",
            "{app}/",
            "{app}#",
            "{agent}",
            "{other}",
            "{issuer}",
        ),
        *("{app} {other}", "{app},{other}", '["{app}","{other}"]', "https://api.internal/admin"),
    ],
)
def test_only_an_application_named_by_a_privilege_is_an_audience(guide: Guide, spelling: str) -> None:
    other, app = guide.application("second-app"), guide.app.id
    names = {"app": app, "app_but_last": app[:-1], "APP": app.upper(), "agent": guide.assistant.id, "other": other.id}
    audience = spelling.format_map(names | {"issuer": guide.http.base_url.join(guide.oauth)})
    answer = guide.exchange(guide.user_token(), guide.assistant, audience, "read-data")
    assert refusal(answer) == (400, "invalid_target")


def test_each_of_several_audiences_needs_a_privilege(guide: Guide) -> None:
    user_token, first, second = guide.user_token(), guide.app.id, guide.application("second-app")
    for audiences in ([first, second.id], [second.id, first]):
        answer = guide.exchange(user_token, guide.assistant, audiences, "read-data")
        assert refusal(answer) == (400, "invalid_target")

    guide.privilege(guide.assistant, second, subjects=[guide.barbara])
    answer = guide.exchange(user_token, guide.assistant, [first, second.id], "read-data")
    assert guide.verified(token_of(answer))["aud"] == [guide.assistant.id, first, second.id]


def test_a_repeated_audience_is_one_audience(guide: Guide) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, [guide.app.id, guide.app.id], "read-data")
    assert guide.verified(token_of(answer))["aud"] == [guide.assistant.id, guide.app.id]


def test_resource_never_reaches_the_token(guide: Guide) -> None:
    user_token = guide.user_token()

    both = guide.exchange(user_token, guide.assistant, guide.app, "read-data", resource="https://q.example")
    assert guide.verified(token_of(both))["aud"] == [guide.assistant.id, guide.app.id]
    alone = guide.exchange(user_token, guide.assistant, None, "read-data", resource="https://q.example")
    assert refusal(alone) == (400, "invalid_request")


@pytest.mark.parametrize("switch", ["providerOverridesEnabled", "acceptAudienceParametersInTokenExchangeRequests"])
def test_an_audience_counts_only_where_the_agents_settings_accept_it(guide: Guide, switch: str) -> None:
    guide.change_client(guide.assistant, "override", kind="AIAgent", **{switch: False})
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data")
    assert refusal(answer) == (400, "invalid_request")


def test_without_overrides_the_providers_settings_hold(guide: Guide) -> None:
    guide.change_client(guide.assistant, "override", kind="AIAgent", providerOverridesEnabled=False)
    guide.change_provider("advancedOAuth2Config", acceptAudienceParametersInTokenExchangeRequests=True)
    guide.change_provider("coreOAuth2Config", statelessTokensEnabled=False)

    assert "." not in guide.agent_token()


def test_an_opaque_agent_token_is_the_agents_to_introspect(guide: Guide) -> None:
    guide.change_client(guide.assistant, "override", kind="AIAgent", statelessTokensEnabled=False)
    token = guide.agent_token()

    assert guide.introspect(token, guide.assistant)["act"] == {"sub": guide.assistant.id}
    assert not guide.is_active(token, guide.app)


def test_the_grant_must_be_on_at_the_provider_and_among_the_agents(guide: Guide) -> None:
    grantless = guide.agent("grantless", grants=["authorization_code"])
    guide.privilege(grantless, guide.app, subjects=[guide.barbara])
    user_token = guide.user_token()

    assert refusal(guide.exchange(user_token, grantless, guide.app, "read-data")) == (400, "unauthorized_client")
    guide.disable(EXCHANGE)
    answer = guide.exchange(user_token, guide.assistant, guide.app, "read-data")
    assert refusal(answer) == (400, "unsupported_grant_type")


def test_who_is_no_agent_cannot_exchange_a_stolen_token(guide: Guide) -> None:
    stolen = guide.user_token()
    advanced = {"grantTypes": [EXCHANGE], "tokenEndpointAuthMethod": "client_secret_post"}
    confidential = guide.client("confidential", advanced=advanced)
    public = guide.client(
        "public", core={"clientType": "Public"}, advanced=advanced | {"tokenEndpointAuthMethod": "none"}
    )

    assert refusal(guide.exchange(stolen, guide.app, guide.app, "read-data")) == (400, "unauthorized_client")
    assert refusal(guide.exchange(stolen, confidential, guide.app, "read-data")) == (400, "invalid_request")
    anonymous = guide.exchange(stolen, public, guide.app, "read-data", client_secret=None)
    assert refusal(anonymous) == (400, "unauthorized_client")


@pytest.mark.parametrize("name", ["requested_subject", "subject", "sub", "username", "login_hint", "user_id"])
def test_no_parameter_names_another_subject(guide: Guide, name: str) -> None:
    other = guide.user("other")
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **{name: other.id})
    assert guide.verified(token_of(answer))["sub"] == guide.barbara.id


def test_the_agents_lifetime_holds_for_its_tokens(guide: Guide) -> None:
    guide.change_client(guide.assistant, "core", kind="AIAgent", accessTokenLifetime=60)
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data")
    claims = guide.verified(token_of(answer))

    assert answer.json()["expires_in"] == 59
    assert claims["exp"] - claims["iat"] == 60
