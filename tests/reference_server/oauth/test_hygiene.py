"""Odd requests get clean refusals, and refusals tell nothing (RFC 6749 sections 3.2 and 5.2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.reference_server.oauth.world import Guide, refusal, token_of


def send(
    guide: Guide, content: bytes, content_type: str | None = "application/x-www-form-urlencoded"
) -> httpx.Response:
    """A post of raw bytes to the token endpoint."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return guide.http.post(guide.oauth + "/access_token", content=content, headers=headers)


@pytest.mark.parametrize("path", ["/access_token", "/introspect", "/token/revoke"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_post_is_served(guide: Guide, path: str, method: str) -> None:
    answer = guide.http.request(method, guide.oauth + path)
    assert refusal(answer) == (405, "invalid_request")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=utf-16",
    ],
)
def test_only_forms_are_read(guide: Guide, content_type: str | None) -> None:
    assert refusal(send(guide, b"grant_type=password", content_type)) == (400, "invalid_request")


@pytest.mark.parametrize(
    "content_type", ["APPLICATION/X-WWW-FORM-URLENCODED", 'application/x-www-form-urlencoded;charset="UTF-8"']
)
def test_a_media_type_is_the_same_in_any_spelling(guide: Guide, content_type: str) -> None:
    assert refusal(send(guide, b"grant_type=x", content_type)) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"grant_type=%ff",
        b"grant_type=%zz",
        b"grant_type=a%00b",
        b"&".join([b"a=b"] * 1000),
        b"=&=&=",
        b"&&",
    ],
)
def test_forms_that_cannot_be_read(guide: Guide, content: bytes) -> None:
    assert refusal(send(guide, content)) == (400, "invalid_request")


def test_a_huge_request_is_refused_and_the_connection_survives(guide: Guide) -> None:
    answer = guide.exchange("x" * 1024 * 1024, guide.assistant, guide.app, "read-data")
    assert refusal(answer) == (413, "invalid_request")
    assert guide.agent_token()


@pytest.mark.parametrize("name", ["grant_type", "username", "password", "client_id", "client_secret", "scope"])
@pytest.mark.parametrize("second", ["the same", "other"])
def test_a_repeated_parameter_is_refused(guide: Guide, name: str, second: str) -> None:
    form: dict[str, Any] = {"grant_type": "password", "username": guide.barbara.username, "scope": "openid"}
    form |= {"password": guide.barbara.password, **guide.app.credentials}
    form[name] = [form[name], form[name] if second == "the same" else second]
    assert refusal(guide.post("/access_token", form)) == (400, "invalid_request")


MANY = "".join(f"&a{number}=b" for number in range(100))


@pytest.mark.parametrize("added", ["&scope=", MANY, "&x%00=y", "&x=%00"], ids=["blank", "many", "name", "value"])
def test_a_good_request_is_spoilt_by_what_is_added_to_it(guide: Guide, added: str) -> None:
    form = {"grant_type": "password", "username": guide.barbara.username, "scope": "openid"}
    good = urlencode(form | {"password": guide.barbara.password, **guide.app.credentials})
    assert send(guide, good.encode()).status_code == 200
    assert refusal(send(guide, (good + added).encode())) == (400, "invalid_request")


def test_unknown_parameters_are_ignored_and_empty_ones_count_as_absent(guide: Guide) -> None:
    empty = {"actor_token": "", "actor_token_type": "", "resource": "", "requested_token_type": ""}
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", foo="bar", **empty)
    assert answer.json()["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"


@pytest.mark.parametrize("password", ['p+q&r=s%t:u é空"\\` Aa1'])
def test_a_password_of_any_characters_arrives_exactly(guide: Guide, password: str) -> None:
    user = guide.user("special", password)
    assert guide.login(user, guide.app).status_code == 200
    assert refusal(guide.login(user, guide.app, password=password + " ")) == (400, "invalid_grant")


def test_all_answers_keep_out_of_caches_and_frames(guide: Guide) -> None:
    token = guide.user_token()
    answers = [
        guide.login(guide.barbara, guide.app),
        guide.login(guide.barbara, guide.app, password="wrong"),
        guide.exchange(token, guide.assistant, guide.app, "read-data"),
        guide.exchange(token, guide.assistant, guide.app, "write-data"),
        guide.post("/introspect", {"token": token, **guide.app.credentials}),
        guide.post("/introspect", {"token": token}),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["pragma"] == "no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"


def test_refusals_repeat_neither_secret_nor_token(guide: Guide) -> None:
    token = guide.user_token()
    answers = [
        guide.login(guide.barbara, guide.app, client_secret="WRONG-SECRET"),
        guide.login(guide.barbara, guide.app, password="WRONG-SECRET"),
        guide.login(guide.barbara, guide.app, scope=f"{token} WRONG-SECRET"),
        guide.exchange(token + "WRONG-SECRET", guide.assistant, guide.app, "read-data"),
        guide.exchange(token, guide.assistant, "WRONG-SECRET", "read-data"),
        guide.exchange(token, guide.assistant, guide.app, "read-data", subject_token_type="WRONG-SECRET"),
    ]
    for answer in answers:
        assert answer.status_code == 400
        assert "WRONG-SECRET" not in answer.text
        assert token not in answer.text


def test_refusals_do_not_tell_why_policy_refused(guide: Guide) -> None:
    uncovered = token_of(guide.login(guide.user("uncovered"), guide.app))
    disabled_user = guide.user("disabled")
    disabled = token_of(guide.login(disabled_user, guide.app))
    guide.patch("user", disabled_user.id, "accountStatus", "inactive")

    answers = {
        guide.exchange(token, guide.assistant, guide.app, "read-data").text
        for token in (uncovered, disabled, "garbage")
    }
    assert len(answers) == 1


def test_only_the_full_path_of_an_existing_realm_is_served(guide: Guide) -> None:
    for path in (
        "/am/oauth2/realms/alpha",
        "/am/oauth2/realms/root/realms/charlie",
        "/am/oauth2/realms/root/realms/ALPHA",
    ):
        assert guide.http.post(f"{path}/introspect").status_code == 404
        assert guide.http.get(f"{path}/.well-known/openid-configuration").status_code == 404


def test_no_answer_sends_the_client_elsewhere(guide: Guide) -> None:
    answer = guide.http.get(guide.oauth + "/access_token/", headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers
