"""Task 4.1 step 2: the application gets the end user's access token."""

from __future__ import annotations

import pytest

from tests.reference_server.oauth.world import Guide, refusal, token_of


def test_the_answer_is_the_guides(guide: Guide) -> None:
    answer = guide.login(guide.barbara, guide.app, "openid")

    body = answer.json()
    assert list(body) == ["access_token", "refresh_token", "scope", "token_type", "expires_in"]
    assert body["access_token"].startswith("eyJ0eXAiOi")
    assert body["refresh_token"].startswith("eyJ0eXAiOi")
    assert (body["scope"], body["token_type"], body["expires_in"]) == ("openid", "Bearer", 3599)
    assert answer.headers["cache-control"] == "no-store"


def test_the_token_tells_the_tenants_claims_in_the_tenants_order(guide: Guide) -> None:
    claims = guide.verified(guide.user_token("openid"))

    assert " ".join(claims) == (
        "sub cts auth_level auditTrackingId subname iss tokenName token_type authGrantId client_id aud nbf grant_type "
        "scope auth_time realm exp iat expires_in jti"
    )
    assert claims["sub"] == claims["subname"] == guide.barbara.id
    assert claims["aud"] == claims["client_id"] == guide.app.id
    assert claims["scope"] == ["openid"]
    assert claims["exp"] - claims["iat"] == claims["expires_in"] == 3600
    assert claims["iss"] == f"{guide.server.url}/am/oauth2/realms/root/realms/alpha"
    assert (claims["realm"], claims["grant_type"], claims["auth_level"]) == ("/alpha", "password", 0)


@pytest.mark.parametrize("scope", ["openid", "admin-action", "write-data read-data", "openid read-data write-data"])
def test_any_of_the_applications_scopes_is_granted(guide: Guide, scope: str) -> None:
    assert guide.login(guide.barbara, guide.app, scope).json()["scope"] == scope


def test_a_repeated_scope_is_granted_once(guide: Guide) -> None:
    assert guide.login(guide.barbara, guide.app, "openid openid").json()["scope"] == "openid"


@pytest.mark.parametrize("scope", ["openid not-assigned", "Openid", "openid,read-data", "openid\tread-data", "*"])
def test_a_scope_that_is_not_the_applications_is_refused(guide: Guide, scope: str) -> None:
    assert refusal(guide.login(guide.barbara, guide.app, scope)) == (400, "invalid_scope")


def test_without_scope_the_clients_defaults_are_granted_and_nothing_where_it_has_none(guide: Guide) -> None:
    assert refusal(guide.login(guide.barbara, guide.app, None)) == (400, "invalid_scope")

    guide.change_client(guide.app, "core", defaultScopes=["read-data"])
    assert guide.login(guide.barbara, guide.app, None).json()["scope"] == "read-data"


def test_wrong_password_unknown_and_disabled_user_look_the_same(guide: Guide) -> None:
    disabled = guide.user("disabled")
    guide.patch("user", disabled.id, "accountStatus", "inactive")

    answers = [
        guide.login(guide.barbara, guide.app, password="wrong"),
        guide.login(guide.barbara, guide.app, username="nobody"),
        guide.login(disabled, guide.app),
    ]

    assert {refusal(answer) for answer in answers} == {(400, "invalid_grant")}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("parameter", ["username", "password"])
def test_a_parameter_without_value_counts_as_absent(guide: Guide, parameter: str) -> None:
    assert refusal(guide.login(guide.barbara, guide.app, **{parameter: ""})) == (400, "invalid_request")


@pytest.mark.parametrize("password", ["right", "wrong"])
def test_the_client_is_authenticated_before_the_password_is_looked_at(guide: Guide, password: str) -> None:
    change = {} if password == "right" else {"password": "wrong"}

    for client in ({"client_secret": "wrong"}, {"client_id": "nobody"}, {"client_secret": None}):
        assert refusal(guide.login(guide.barbara, guide.app, **change, **client)) == (400, "invalid_client")


def test_the_grant_must_be_on_at_the_provider_and_among_the_clients(guide: Guide) -> None:
    assert refusal(guide.login(guide.barbara, guide.assistant)) == (400, "unauthorized_client")

    guide.disable("password")
    assert refusal(guide.login(guide.barbara, guide.app)) == (400, "unsupported_grant_type")

    guide.enable("password")
    assert guide.login(guide.barbara, guide.app).status_code == 200


@pytest.mark.parametrize("grant", ["PASSWORD", "password ", "pass", "implicit", "authorization_code", "x" * 3000])
def test_grant_types_that_are_not_supported(guide: Guide, grant: str) -> None:
    assert refusal(guide.login(guide.barbara, guide.app, grant_type=grant)) == (400, "unsupported_grant_type")


def test_a_grant_type_must_be_named(guide: Guide) -> None:
    assert refusal(guide.login(guide.barbara, guide.app, grant_type=None)) == (400, "invalid_request")


def test_a_refresh_token_serves_its_client_once(guide: Guide) -> None:
    guide.change_client(guide.assistant, "advanced", kind="AIAgent", grantTypes=["refresh_token"])
    other = guide.application("other-app")
    first = guide.login(guide.barbara, guide.app, "openid read-data").json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}

    for stranger in (guide.assistant, other):
        assert refusal(guide.post("/access_token", form | stranger.credentials)) == (400, "invalid_grant")

    renewed = guide.post("/access_token", form | guide.app.credentials)
    assert list(renewed.json()) == ["access_token", "refresh_token", "scope", "token_type", "expires_in"]
    assert renewed.json()["token_type"] == "Bearer"
    assert guide.verified(token_of(renewed))["authGrantId"] == guide.verified(first["access_token"])["authGrantId"]
    assert refusal(guide.post("/access_token", form | guide.app.credentials)) == (400, "invalid_grant")


def test_a_renewed_token_is_of_the_same_user_and_login(guide: Guide) -> None:
    first = guide.login(guide.barbara, guide.app, "openid read-data").json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **guide.app.credentials}

    claims, renewed = guide.verified(first["access_token"]), guide.verified(token_of(guide.post("/access_token", form)))

    for name in ("sub", "subname", "auth_level", "auth_time", "aud", "client_id", "scope", "authGrantId"):
        assert renewed[name] == claims[name]
    assert renewed["jti"] != claims["jti"]
    assert renewed["grant_type"] == "refresh_token"


def test_a_refresh_may_narrow_but_not_widen_the_scopes(guide: Guide) -> None:
    token = guide.login(guide.barbara, guide.app, "openid read-data").json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, **guide.app.credentials}

    assert refusal(guide.post("/access_token", {**form, "scope": "write-data"})) == (400, "invalid_scope")
    narrowed = guide.post("/access_token", {**form, "scope": "openid"}).json()
    assert narrowed["scope"] == "openid"
    again = guide.post("/access_token", {**form, "refresh_token": narrowed["refresh_token"]}).json()
    assert again["scope"] == "openid read-data"


def test_an_access_token_is_no_refresh_token(guide: Guide) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": guide.user_token(), **guide.app.credentials}
    assert refusal(guide.post("/access_token", form)) == (400, "invalid_grant")


def test_no_refresh_token_where_client_or_provider_do_without(guide: Guide) -> None:
    guide.disable("refresh_token")
    assert "refresh_token" not in guide.login(guide.barbara, guide.app).json()


def test_a_client_credentials_token_names_the_client_and_no_user(guide: Guide) -> None:
    robot = guide.agent("robot", grants=["client_credentials"], scopes=["monitor-system"])
    form = {"grant_type": "client_credentials", "scope": "monitor-system"}

    answer = guide.post("/access_token", form | robot.credentials)
    claims = guide.verified(token_of(answer))

    assert list(answer.json()) == ["access_token", "scope", "token_type", "expires_in"]
    assert claims["sub"] == claims["aud"] == claims["client_id"] == robot.id
    assert claims.keys().isdisjoint({"act", "subname", "auth_level", "auth_time"})
    described = guide.introspect(token_of(answer), robot)
    assert described.keys().isdisjoint({"act", "user_id", "username", "subname"})
    assert refusal(guide.post("/access_token", form | guide.assistant.credentials)) == (400, "unauthorized_client")


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_tokens_are_signed_as_the_provider_says_with_a_published_key(guide: Guide, algorithm: str) -> None:
    earlier = guide.user_token()
    guide.change_provider("advancedOAuth2Config", tokenSigningAlgorithm=algorithm)

    assert guide.verified(guide.user_token())["client_id"] == guide.app.id
    assert guide.verified(earlier)["client_id"] == guide.app.id
    for key in guide.http.get(guide.oauth + "/connect/jwk_uri").json()["keys"]:
        assert key.keys().isdisjoint({"d", "p", "q", "dp", "dq", "qi", "k"})


def test_the_secret_of_hs256_is_not_published(guide: Guide) -> None:
    guide.change_provider("advancedOAuth2Config", tokenSigningAlgorithm="HS256")
    token = guide.user_token()

    assert guide.is_active(token, guide.app)
    keys = guide.http.get(guide.oauth + "/connect/jwk_uri").json()["keys"]
    assert not [key for key in keys if key["kty"] == "oct" or key["alg"] == "HS256"]


def test_an_opaque_token_is_known_to_the_server_alone(guide: Guide) -> None:
    guide.change_provider("coreOAuth2Config", statelessTokensEnabled=False)
    token = guide.user_token()

    assert "." not in token
    assert guide.is_active(token, guide.app)
    assert guide.agent_token(token).startswith("eyJ0eXAiOi")
