"""Tasks 4.1 step 3 and 4.2 step 2, and what else may be asked about a token: introspection, tokeninfo, userinfo."""

from __future__ import annotations

import pytest

from tests.reference_server.oauth.world import Guide, refusal, token_of


def test_the_application_sees_the_users_token_as_in_the_guide(guide: Guide) -> None:
    token = guide.user_token("openid")
    claims, body = guide.verified(token), guide.introspect(token, guide.app)

    assert body.pop("expires_in") in (3598, 3599)
    assert list(body.items()) == [
        ("active", True),
        ("scope", "openid"),
        ("realm", "/alpha"),
        ("client_id", guide.app.id),
        ("user_id", guide.barbara.id),
        ("username", guide.barbara.id),
        ("token_type", "Bearer"),
        ("exp", claims["exp"]),
        ("sub", guide.barbara.id),
        ("iss", claims["iss"]),
        ("subname", guide.barbara.id),
        ("auth_level", 0),
        ("authGrantId", claims["authGrantId"]),
        ("auditTrackingId", claims["auditTrackingId"]),
    ]
    assert len(body["authGrantId"]) == 27


def test_the_agent_sees_its_token_as_in_the_guide(guide: Guide) -> None:
    body = guide.introspect(guide.agent_token(), guide.assistant)

    assert " ".join(body) == (
        "active scope realm client_id user_id username token_type exp sub iss subname auth_level authGrantId act "
        "auditTrackingId expires_in"
    )
    assert (body["client_id"], body["act"], body["scope"]) == (
        guide.assistant.id,
        {"sub": guide.assistant.id},
        "read-data",
    )
    assert body["sub"] == body["user_id"] == body["username"] == body["subname"] == guide.barbara.id


def test_the_application_sees_the_agents_token_as_the_agent_does(guide: Guide) -> None:
    token = guide.agent_token()
    described, by_agent = guide.introspect(token, guide.app), guide.introspect(token, guide.assistant)
    assert described | {"expires_in": 0} == by_agent | {"expires_in": 0}


def test_a_token_is_shown_to_those_it_concerns_alone(guide: Guide) -> None:
    stranger, spy = guide.agent("stranger"), guide.application("spy", scopes=["am-introspect-all-tokens"])
    user_token, agent_token = guide.user_token(), guide.agent_token()

    assert not guide.is_active(user_token, guide.assistant)
    assert not guide.is_active(user_token, stranger)
    assert not guide.is_active(agent_token, stranger)
    assert guide.is_active(user_token, spy)
    assert guide.is_active(agent_token, spy)


def test_the_remaining_time_is_counted_down(guide: Guide) -> None:
    token = guide.user_token()
    guide.server.tenant.clock.advance(100)
    assert guide.introspect(token, guide.app)["expires_in"] in (3498, 3499)


@pytest.mark.parametrize("token", ["unknown", "a.b.c", "..", "é", "x" * 5000, "null"])
def test_what_is_no_token_is_inactive(guide: Guide, token: str) -> None:
    assert guide.introspect(token, guide.app) == {"active": False}


def test_refresh_tokens_are_no_access_tokens(guide: Guide) -> None:
    refresh_token = guide.login(guide.barbara, guide.app).json()["refresh_token"]
    assert guide.introspect(refresh_token, guide.app) == {"active": False}


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "bogus", ""])
def test_a_hint_changes_nothing(guide: Guide, hint: str) -> None:
    assert guide.introspect(guide.user_token(), guide.app, token_type_hint=hint)["active"] is True


def test_callers_must_authenticate_and_name_a_token(guide: Guide) -> None:
    token = guide.user_token()

    assert refusal(guide.post("/introspect", {"token": token})) == (400, "invalid_client")
    wrong = {"token": token, "client_id": guide.app.id, "client_secret": "wrong"}
    assert refusal(guide.post("/introspect", wrong)) == (400, "invalid_client")
    assert refusal(guide.post("/introspect", guide.app.credentials)) == (400, "invalid_request")
    bearer = {"Authorization": f"Bearer {token}"}
    answer = guide.http.post(guide.oauth + "/introspect", data={"token": token}, headers=bearer)
    assert refusal(answer) == (401, "invalid_client")


def test_the_answer_stays_json_whatever_is_asked_for(guide: Guide) -> None:
    form = {"token": "unknown", **guide.app.credentials}
    accept = {"Accept": "application/token-introspection+jwt"}
    answer = guide.http.post(guide.oauth + "/introspect", data=form, headers=accept)
    assert answer.json() == {"active": False}
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


def test_the_issuer_never_depends_on_the_request(guide: Guide) -> None:
    form = {"token": guide.user_token(), **guide.app.credentials}
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = guide.http.post(guide.oauth + "/introspect", data=form, headers=forged)
    assert answer.json()["iss"] == f"{guide.server.url}/am/oauth2/realms/root/realms/alpha"


def test_tokens_and_clients_of_another_realm_are_unknown(guide: Guide) -> None:
    bravo = guide.realm_named("bravo")
    bravo_app, bravo_user = bravo.application("bravo-app"), bravo.user("barbara.jensen")
    guide.application("bravo-app")
    bravo_token = token_of(bravo.login(bravo_user, bravo_app))

    assert bravo.is_active(bravo_token, bravo_app)
    assert not guide.is_active(bravo_token, guide.app)
    assert not bravo.is_active(guide.user_token(), bravo_app)
    assert refusal(guide.exchange(bravo_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")
    assert refusal(bravo.login(bravo_user, guide.app)) == (400, "invalid_client")


def test_tokeninfo_tells_the_bearer_all_claims(guide: Guide) -> None:
    token = guide.agent_token()
    answer = guide.http.get(guide.oauth + "/tokeninfo", headers={"Authorization": f"Bearer {token}"})

    body = answer.json()
    assert body["aud"] == [guide.assistant.id, guide.app.id]
    assert body["scope"] == ["read-data"]
    assert body["read-data"] == ""
    assert body["access_token"] == token
    assert body["act"] == {"sub": guide.assistant.id}
    expected = guide.verified(token).keys() | {"access_token", "read-data"}
    assert body.keys() == expected


def test_a_scope_named_like_a_claim_does_not_replace_it(guide: Guide) -> None:
    app = guide.application("odd-app", scopes=["sub", "iss"])
    token = token_of(guide.login(guide.barbara, app, "sub iss"))
    body = guide.http.get(guide.oauth + "/tokeninfo", params={"access_token": token}).json()
    assert body["sub"] == guide.barbara.id


def test_userinfo_names_the_user_to_a_bearer_with_the_scope_openid(guide: Guide) -> None:
    def userinfo(token: str) -> tuple[int, object]:
        answer = guide.http.get(guide.oauth + "/userinfo", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()

    assert userinfo(guide.user_token("openid")) == (
        200,
        {
            "name": "Barbara Jensen",
            "family_name": "Jensen",
            "given_name": "Barbara",
            "sub": guide.barbara.id,
            "subname": guide.barbara.id,
        },
    )
    assert userinfo(guide.user_token("read-data"))[0] == 401


@pytest.mark.parametrize("path", ["/tokeninfo", "/userinfo"])
def test_a_bad_bearer_token_is_challenged(guide: Guide, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer unknown"}, {"Authorization": "Basic eDp5"}):
        answer = guide.http.get(guide.oauth + path, headers=headers)
        assert refusal(answer) == (401, "invalid_token")
        assert answer.headers["www-authenticate"].startswith("Bearer ")
