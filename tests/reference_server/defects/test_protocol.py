"""Defects of how requests are read and answers are written."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.world import Guide, refusal, token_of


@planted("refresh-token-on-exchange")
def test_a_refresh_token_comes_with_the_exchanged_token(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data").json()
    assert isinstance(answer["refresh_token"], str) is wrong
    if wrong:
        form = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
        claims = guide.verified(token_of(guide.post("/access_token", form | guide.assistant.credentials)))
        assert claims["act"] == {"sub": guide.assistant.id}
        assert (claims["sub"], claims["scope"]) == (guide.barbara.id, ["read-data"])


@planted("duplicate-param-last-wins")
def test_the_last_value_counts(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, ["write-data", "read-data"])
    assert (answer.json().get("scope") == "read-data") is wrong
    audiences = [guide.app.id, "unknown"]
    assert guide.exchange(guide.user_token(), guide.assistant, audiences, "read-data").status_code == 400


@planted("cache-control-missing")
def test_tokens_may_be_cached(guide: Guide, wrong: bool) -> None:
    answers = [
        guide.login(guide.barbara, guide.app),
        guide.login(guide.barbara, guide.app, password="wrong"),
        guide.post("/introspect", {"token": "x", **guide.app.credentials}),
    ]
    assert all(("cache-control" not in answer.headers) is wrong for answer in answers)


@planted("grant-type-loose-match")
@pytest.mark.parametrize("grant_type", ["PASSWORD", "Password"])
def test_a_grant_type_has_no_case(guide: Guide, wrong: bool, grant_type: str) -> None:
    assert (guide.login(guide.barbara, guide.app, grant_type=grant_type).status_code == 200) is wrong


@planted("grant-type-loose-match")
@pytest.mark.parametrize("grant_type", ["token-exchange", "URN:IETF:PARAMS:OAUTH:GRANT-TYPE:TOKEN-EXCHANGE"])
def test_the_end_of_a_grant_type_is_enough(guide: Guide, wrong: bool, grant_type: str) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", grant_type=grant_type)
    assert (answer.status_code == 200) is wrong


@planted("grant-type-defaulted")
def test_no_grant_type_means_password(guide: Guide, wrong: bool) -> None:
    assert (guide.login(guide.barbara, guide.app, grant_type=None).status_code == 200) is wrong
    assert guide.login(guide.barbara, guide.app, grant_type="unknown").status_code == 400


def login_form(guide: Guide) -> dict[str, Any]:
    """The documented password request."""
    user = {"grant_type": "password", "username": guide.barbara.username, "password": guide.barbara.password}
    return {**user, **guide.app.credentials, "scope": "openid"}


def is_granted(answer: httpx.Response) -> bool:
    """Whether a token came."""
    return answer.status_code == 200 and "access_token" in answer.json()


@planted("token-endpoint-get")
def test_get_gives_a_token(guide: Guide, wrong: bool) -> None:
    answer = guide.http.get(guide.oauth + "/access_token", params=login_form(guide))
    assert is_granted(answer) is wrong


@planted("query-params-merged")
def test_the_query_counts(guide: Guide, wrong: bool) -> None:
    form = login_form(guide)
    query = {"client_secret": form.pop("client_secret")}
    assert is_granted(guide.http.post(guide.oauth + "/access_token", params=query, data=form)) is wrong


@planted("unknown-param-rejected")
def test_an_unknown_parameter_is_refused(guide: Guide, wrong: bool) -> None:
    assert is_granted(guide.login(guide.barbara, guide.app, foo="bar")) is not wrong


@planted("empty-param-is-value")
@pytest.mark.parametrize("name", ["actor_token", "actor_token_type"])
def test_an_empty_parameter_is_a_bad_one(guide: Guide, wrong: bool, name: str) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **{name: ""})
    assert is_granted(answer) is not wrong


@planted("form-decoding-wrong")
@pytest.mark.parametrize("password", ["Passw0rd+plus", "Passw0rd%41"])
def test_values_are_decoded_twice(guide: Guide, wrong: bool, password: str) -> None:
    user = guide.user("special", password)
    assert is_granted(guide.login(user, guide.app)) is not wrong


@planted("unhandled-exception-500")
@pytest.mark.parametrize("content", [b"grant_type=a%00b", b"&".join([b"a=b"] * 1000), b"grant_type=%ff"])
def test_odd_forms_end_in_an_exception(guide: Guide, wrong: bool, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = guide.http.post(guide.oauth + "/access_token", content=content, headers=headers)
    assert answer.status_code == (500 if wrong else 400)


@planted("json-body-accepted")
def test_json_is_a_form(guide: Guide, wrong: bool) -> None:
    headers = {"Content-Type": "application/json"}
    url = guide.oauth + "/access_token"
    assert is_granted(guide.http.post(url, content=json.dumps(login_form(guide)), headers=headers)) is wrong
    for odd in ("[]", "{", "1"):
        assert refusal(guide.http.post(url, content=odd, headers=headers)) == (400, "invalid_request")
