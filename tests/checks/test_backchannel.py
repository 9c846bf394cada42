"""Approval by the end user over the backchannel (OBO-HIL-01 to OBO-HIL-04)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks.backchannel import acknowledged, approved_token, one_hint_demanded, over, pending, redeemed
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, no, ok, remark_of, token_response, witnesses

ID = "auth-req-id"


def test_an_acknowledgement() -> None:
    conforms(acknowledged, ok(auth_req_id=ID, expires_in=600))
    conforms(acknowledged, ok(auth_req_id=ID, expires_in=600, interval=2))
    conforms(acknowledged, ok(auth_req_id=ID, expires_in=1, interval=0))


@pytest.mark.parametrize(
    "answer",
    [
        ok(expires_in=600),
        ok(auth_req_id="", expires_in=600),
        ok(auth_req_id=7, expires_in=600),
        ok(auth_req_id=ID),
        ok(auth_req_id=ID, expires_in="600"),
        ok(auth_req_id=ID, expires_in=0),
        ok(auth_req_id=ID, expires_in=True),
        ok(auth_req_id=ID, expires_in=600, interval="2"),
        ok(auth_req_id=ID, expires_in=600, interval=-1),
        no("unknown_user_id"),
        html(),
    ],
    ids=["no id", "empty id", "id a number", "no expiry", "text", "zero", "true", "interval", "negative", "no", "html"],
)
def test_no_acknowledgement(answer: Answer) -> None:
    assert deviation(acknowledged, answer).requirement == "OBO-HIL-01"


def test_the_user_has_not_decided() -> None:
    conforms(pending, no("authorization_pending"))
    assert remark_of(pending, no("slow_down")) == ("INFO", "the first poll is answered slow_down")


@pytest.mark.parametrize(
    "answer",
    [
        token_response(),
        no("authorization_pending", access_token=TOKEN),
        no("authorization_pending", id_token=TOKEN),
        no("authorization_pending", 200),
        no("authorization_pending", 500),
        no("access_denied"),
        html(),
    ],
    ids=["token", "token in the refusal", "ID token in the refusal", "status 200", "status 500", "denied", "html"],
)
def test_a_poll_that_does_not_wait(answer: Answer) -> None:
    assert deviation(pending, answer).requirement == "OBO-HIL-01"


def test_a_number_of_hints_is_refused() -> None:
    conforms(one_hint_demanded, no("invalid_request"))


@pytest.mark.parametrize(
    "answer",
    [
        ok(auth_req_id=ID, expires_in=600),
        no("invalid_request", auth_req_id=ID),
        no("unknown_user_id"),
        no("invalid_request", 500),
        ok(error="invalid_request"),
    ],
    ids=["accepted", "accepted in a refusal", "for another reason", "a fault", "status 200"],
)
def test_a_number_of_hints_is_accepted(answer: Answer) -> None:
    found = deviation(one_hint_demanded, answer)
    assert found.requirement == "OBO-HIL-01"
    assert ID not in str(found)


@pytest.mark.parametrize("error", ["access_denied", "expired_token"])
def test_a_request_is_over(error: str) -> None:
    conforms(over, [no(error), no(error)], error)
    conforms(over, [no(error), no("invalid_grant", 401)], error)
    level, text = remark_of(over, [no("invalid_grant"), no("invalid_grant")], error)
    assert (level, error in text) == ("INFO", True)


@pytest.mark.parametrize(
    "polls",
    [
        [token_response(), no("invalid_grant")],
        [no("access_denied"), token_response()],
        [no("authorization_pending"), no("access_denied")],
        [no("access_denied"), no("slow_down")],
        [no("access_denied"), no("access_denied", 500)],
        [],
    ],
    ids=["token", "token at last", "still pending", "slow down", "a fault", "no poll"],
)
def test_a_request_is_not_over(polls: list[Answer]) -> None:
    assert deviation(over, polls, "access_denied").requirement == "OBO-HIL-02"


def test_an_approval_gives_a_token() -> None:
    conforms(redeemed, token_response())
    assert deviation(redeemed, no("authorization_pending")).requirement == "OBO-HIL-04"


def approval(answer: Answer | None = None, **seen: Any) -> tuple[Any, ...]:
    """Arguments of the check: what is known of a token for "openid admin-action"."""
    members = {"sub": "user", "client_id": "agent", "scope": "openid admin-action", **seen}
    told = token_response(scope="openid admin-action") if answer is None else answer
    return witnesses(told, seen=members), "user", "agent", "openid admin-action"


@pytest.mark.parametrize(
    "seen",
    [
        {},
        {"sub": "(usr!user)"},
        {"client_id": "(age!agent)"},
        {"client_id": "app", "act": {"sub": "agent"}},
        {"client_id": ..., "act": {"sub": "(age!agent)"}},
        {"scope": "admin-action"},
    ],
)
def test_a_token_as_approved(seen: dict[str, Any]) -> None:
    conforms(approved_token, *approval(**seen))


def test_a_poll_for_more_may_be_refused() -> None:
    conforms(approved_token, *approval(no("invalid_scope")))


@pytest.mark.parametrize(
    "seen",
    [
        {"sub": "another-user"},
        {"sub": "agent"},
        {"sub": ...},
        {"client_id": "app"},
        {"client_id": ..., "act": "agent"},
        {"scope": "openid admin-action write-data"},
    ],
)
def test_a_token_for_somebody_or_something_else(seen: dict[str, Any]) -> None:
    assert deviation(approved_token, *approval(**seen)).requirement == "OBO-HIL-04"


def test_a_jwt_with_more_than_was_approved() -> None:
    told = witnesses(
        token_response(scope="openid"),
        seen={"sub": "user", "client_id": "agent", "scope": "openid"},
        claims={"scope": ["openid", "admin-action"]},
    )
    assert "the JWT names admin-action" in str(deviation(approved_token, told, "user", "agent", "openid"))


def test_less_than_was_approved_is_worth_a_warning() -> None:
    response = token_response(scope="openid admin-action")
    assert remark_of(approved_token, *approval(response, scope="openid")) == (
        "SHOULD",
        "introspection lacks admin-action, which the user approved",
    )


@pytest.mark.parametrize("answer", [no("server_error", 500), html(), ok(error="invalid_scope")])
def test_no_clean_refusal(answer: Answer) -> None:
    assert deviation(approved_token, *approval(answer)).requirement == "OBO-HIL-04"
