"""Reading answers: in a few words, without a token, and with JSON types taken seriously."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks.evidence import audience_set, bare, brief, error_code, holds_token, is_integer, scope_set
from tests.checks.evidence import TOKEN, Answer, html, no, ok, token_response


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (no("invalid_grant", 401), "401 invalid_grant"),
        (no("invalid_grant", error_description="wrong"), "400 invalid_grant (wrong)"),
        (no("invalid_grant", message="why"), "400 invalid_grant (why)"),
        (Answer(403, {"code": 403, "reason": "Forbidden", "message": "denied"}), "403 Forbidden (denied)"),
        (ok(b=1, a=2), "200 with a, b"),
        (token_response(), "200 with access_token, expires_in, scope, token_type"),
        (html(502), "502 with text/html"),
        (Answer(204), "204 with no body"),
    ],
)
def test_an_answer_in_brief(answer: Answer, words: str) -> None:
    assert brief(answer) == words
    assert TOKEN not in brief(answer)


@pytest.mark.parametrize(("error", "code"), [("invalid_grant", "invalid_grant"), ({"no": "text"}, None), (None, None)])
def test_an_error_code_is_a_text(error: Any, code: str | None) -> None:
    assert error_code(no(error)) == code


@pytest.mark.parametrize(
    ("members", "holds"),
    [
        ({"access_token": TOKEN}, True),
        ({"refresh_token": TOKEN}, True),
        ({"id_token": TOKEN}, True),
        ({"access_token": None, "refresh_token": ""}, False),
        ({"token_type": "Bearer"}, False),
    ],
)
def test_any_token_counts_as_issued(members: dict[str, Any], holds: bool) -> None:
    assert holds_token(ok(members)) is holds


@pytest.mark.parametrize(
    ("value", "scopes"),
    [
        ("read-data openid", {"openid", "read-data"}),
        ("", set()),
        (["openid", "read-data"], {"openid", "read-data"}),
        (["openid", 1], set()),
        (None, set()),
    ],
)
def test_scopes_are_a_set(value: Any, scopes: set[str]) -> None:
    assert scope_set(value) == scopes


@pytest.mark.parametrize(
    ("value", "audiences"), [("app", {"app"}), (["app", "agent"], {"app", "agent"}), ([{}], set()), (None, set())]
)
def test_an_audience_is_one_string_or_a_list(value: Any, audiences: set[str]) -> None:
    assert audience_set(value) == audiences


@pytest.mark.parametrize(
    ("identifier", "inside"),
    [("(usr!some-id)", "some-id"), ("(age!agent)", "agent"), ("agent", "agent"), ("(other!x)", "(other!x)"), (7, 7)],
)
def test_an_identifier_without_its_wrapper(identifier: Any, inside: Any) -> None:
    assert bare(identifier) == inside


@pytest.mark.parametrize(("value", "is_one"), [(0, True), (3599, True), (True, False), ("3599", False), (1.5, False)])
def test_a_json_integer(value: Any, is_one: bool) -> None:
    assert is_integer(value) is is_one


def test_a_reason_without_a_message_is_told_alone() -> None:
    assert brief(Answer(403, {"reason": "Forbidden"})) == "403 Forbidden ()"


@pytest.mark.parametrize(("value", "is_one"), [(2**53 - 1, True), (1 - 2**53, True), (2**53, False), (-(2**53), False)])
def test_an_integer_is_one_that_every_implementation_keeps(value: int, is_one: bool) -> None:
    assert is_integer(value) is is_one
