"""How a service account logs in, and what its access token opens."""

from __future__ import annotations

import time
from typing import Any

import httpx
import jwt
import pytest

from reference_server.server import ReferenceServer
from tests.reference_server.administrator import JWT_BEARER, TOKEN_PATH, Administrator, fresh_uuid

AM = "/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc"
IDM = "/openidm/managed/alpha_user?_queryFilter=true"


def test_the_answer_has_the_recorded_members(admin: Administrator) -> None:
    answer = admin.login("fr:am:* fr:idm:*")

    assert answer.status_code == 200
    assert list(answer.json()) == ["access_token", "scope", "token_type", "expires_in"]
    assert answer.json() | {"access_token": ""} == {
        "access_token": "",
        "scope": "fr:am:* fr:idm:*",
        "token_type": "Bearer",
        "expires_in": 899,
    }
    assert answer.headers["cache-control"] == "no-store"


def test_the_form_needs_no_percent_encoding(admin: Administrator) -> None:
    body = f"assertion={admin.assertion()}&client_id=service-account&grant_type={JWT_BEARER}&scope=fr:am:* fr:idm:*"

    answer = admin.http.post(TOKEN_PATH, content=body, headers={"content-type": "application/x-www-form-urlencoded"})

    assert answer.status_code == 200


def test_a_scope_that_the_account_lacks_is_refused_and_named(admin: Administrator) -> None:
    answer = admin.login("fr:am:* fr:iga:* fr:idc:ws:admin")

    assert answer.status_code == 400
    assert answer.json() == {
        "error_description": "Unsupported scope for service account: fr:iga:*,fr:idc:ws:admin",
        "error": "invalid_scope",
    }


@pytest.mark.parametrize("scope", ['a"b', "a\\b", "l\u00e9", "x" * 65])
def test_what_does_not_look_like_a_scope_is_not_repeated(admin: Administrator, scope: str) -> None:
    """An error description has a few characters only (RFC 6749 section 5.2)."""
    answer = admin.login(scope)

    assert answer.json() == {"error_description": "Unsupported scope for service account", "error": "invalid_scope"}


def test_an_assertion_refused_for_its_scopes_may_be_sent_again_but_buys_one_token_only(admin: Administrator) -> None:
    assertion = admin.assertion()

    assert admin.login("fr:am:* fr:iga:*", assertion).status_code == 400
    assert admin.login("fr:am:*", assertion).status_code == 200
    assert admin.login("fr:am:*", assertion).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": fresh_uuid()},
        {"iss": None},
        {"sub": fresh_uuid()},
        {"sub": None},
        {"aud": "https://other.example/am/oauth2/access_token"},
        {"aud": None},
        {"exp": int(time.time()) - 1},
        {"exp": "soon"},
        {"exp": None},
        {"nbf": int(time.time()) + 3600},
    ],
    ids=[
        "unknown iss",
        "no iss",
        "other sub",
        "no sub",
        "other aud",
        "no aud",
        "past exp",
        "exp as text",
        "no exp",
        "future nbf",
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(admin: Administrator, changes: dict[str, Any]) -> None:
    answer = admin.login("fr:am:*", admin.assertion(**changes))

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


def test_an_assertion_signed_with_a_foreign_key_or_none_is_refused(admin: Administrator) -> None:
    claims = jwt.decode(admin.assertion(), options={"verify_signature": False})
    with ReferenceServer() as other:
        foreign = jwt.encode(claims, jwt.PyJWK(other.service_account.jwk, "RS256").key, "RS256")
    unsigned = jwt.encode(claims, "", "none")
    symmetric = jwt.encode(claims, "x" * 64, "HS256")

    for assertion in (foreign, unsigned, symmetric, "no JWT"):
        assert admin.login("fr:am:*", assertion).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": "someone"}, "invalid_client"),
    ],
)
def test_a_request_of_another_kind_is_refused(admin: Administrator, changes: dict[str, str], error: str) -> None:
    answer = admin.login("fr:am:*", **changes)

    assert answer.status_code == 400
    assert answer.json()["error"] == error


@pytest.mark.parametrize("url", ["https://tenant.example", "https://tenant.example:443"])
@pytest.mark.parametrize("audience", ["https://tenant.example", "https://tenant.example:443"])
def test_the_audience_may_spell_out_the_default_port(url: str, audience: str) -> None:
    with ReferenceServer(public_url=url) as server:
        address = f"http://127.0.0.1:{server.port}"
        with httpx.Client(base_url=address) as http:
            admin = Administrator(server, http)

            assert admin.login("fr:am:*", admin.assertion(aud=audience + TOKEN_PATH)).status_code == 200
            assert admin.login("fr:am:*", admin.assertion(aud=address + TOKEN_PATH)).status_code == 400


def test_a_request_names_its_scopes_and_gives_each_parameter_once(admin: Administrator) -> None:
    twice = f"scope=fr:am:*&scope=fr:idm:*&client_id=service-account&grant_type={JWT_BEARER}"

    assert admin.login("").json()["error"] == "invalid_scope"
    assert admin.http.post(TOKEN_PATH, content=twice).json()["error"] == "invalid_request"


def test_without_a_token_am_and_idm_answer_401(admin: Administrator) -> None:
    for path in (AM, IDM, "/am/json/anything", "/openidm/anything", "/environment/scopes/service-accounts"):
        for authorization in ("", "Bearer nonsense", "Basic YTpi", "Bearer"):
            refused = admin.send("GET", path, authorization=authorization)

            assert refused.status_code == 401
            assert refused.json() == {"code": 401, "reason": "Unauthorized", "message": "Access Denied"}


def test_a_token_opens_only_the_api_of_its_scope(admin: Administrator) -> None:
    am_only = f"Bearer {admin.login('fr:am:*').json()['access_token']}"
    idm_only = f"Bearer {admin.login('fr:idm:*').json()['access_token']}"

    assert admin.send("GET", AM, authorization=am_only).status_code == 200
    assert admin.send("GET", IDM, authorization=idm_only).status_code == 200
    assert admin.send("GET", AM, authorization=idm_only).status_code == 403
    assert admin.send("GET", IDM, authorization=am_only).json()["message"] == "Access denied"


def test_a_token_lives_900_seconds(admin: Administrator) -> None:
    token = f"Bearer {admin.login('fr:am:*').json()['access_token']}"

    admin.server.tenant.clock.advance(890)
    assert admin.send("GET", AM, authorization=token).status_code == 200
    admin.server.tenant.clock.advance(11)
    assert admin.send("GET", AM, authorization=token).status_code == 401


def test_an_account_reads_itself_and_no_other(admin: Administrator) -> None:
    own = admin.server.service_account.id

    account = admin.send("GET", f"/openidm/managed/svcacct/{own}?_fields=*").json()
    assert account["_id"] == own
    assert account["scopes"] == ["fr:am:*", "fr:idm:*"]
    assert '"d"' not in account["jwks"]
    named = admin.send("GET", f"/openidm/managed/svcacct/{own}?_fields=name,description").json()
    assert set(named) == {"_id", "_rev", "name", "description"}
    assert admin.send("GET", f"/openidm/managed/svcacct/{fresh_uuid()}").status_code == 403
    assert admin.send("GET", "/openidm/managed/svcacct?_queryFilter=true").status_code == 403


def test_the_tenant_describes_itself(admin: Administrator) -> None:
    assert admin.http.get("/am/json/serverinfo/*").json()["oauth2AIAgentsEnabled"] is True
    assert admin.send("GET", "/am/json/serverinfo/version").json()["version"] == "9.0.0"
    scopes = admin.send("GET", "/environment/scopes/service-accounts").json()
    assert [item["scope"] for item in scopes] == ["fr:am:*", "fr:idm:*"]


def test_the_transaction_id_comes_back(admin: Administrator) -> None:
    assert admin.send("GET", AM, x_forgerock_transactionid="t-1").headers["x-forgerock-transactionid"] == "t-1"
