"""What counts as a refusal, for each kind, and what never does."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import refusal
from steps.checks.refusal import Tolerance
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, no, ok, remark_of, told, witnesses

EXCHANGE_ERRORS = (
    "invalid_request invalid_grant invalid_target invalid_scope access_denied unauthorized_client "
    "unsupported_token_type invalid_token"
)
KINDS = [
    (refusal.E_EXCH, EXCHANGE_ERRORS),
    (refusal.E_TARGET, f"{EXCHANGE_ERRORS} invalid_client"),
    (refusal.E_NEW_AGENT, f"{EXCHANGE_ERRORS} invalid_client unsupported_grant_type"),
    (refusal.E_GRANT, "invalid_grant access_denied invalid_request unauthorized_client"),
    (
        refusal.E_REFRESH,
        "invalid_grant access_denied invalid_request unauthorized_client unsupported_grant_type invalid_client",
    ),
    (refusal.E_CLIENT, "invalid_client unauthorized_client invalid_request"),
    (refusal.E_GRANT_TYPE, "unsupported_grant_type unauthorized_client invalid_request invalid_grant"),
    (
        refusal.E_CLIENT_GRANT,
        "unauthorized_client unsupported_grant_type invalid_client access_denied invalid_grant",
    ),
    (
        refusal.E_CLIENT_EXCHANGE,
        "unauthorized_client unsupported_grant_type invalid_request invalid_client access_denied",
    ),
]
EVERY_ERROR = {error for _, errors in KINDS for error in errors.split()} | {"server_error", "slow_down", "no_such_code"}
GRANTED = ok(access_token=TOKEN)


@pytest.mark.parametrize(("kind", "errors"), KINDS, ids=[kind.name for kind, _ in KINDS])
@pytest.mark.parametrize("status", [400, 401, 403])
def test_each_kind_tolerates_its_errors_and_no_other(kind: Tolerance, errors: str, status: int) -> None:
    for error in errors.split():
        conforms(refusal.refused, no(error, status), kind)
        assert refusal.is_refusal(no(error, status), kind)
    for error in EVERY_ERROR - set(errors.split()):
        assert deviation(refusal.refused, no(error, status), kind).error == error
        assert not refusal.is_refusal(no(error, status), kind)


@pytest.mark.parametrize(
    "answer",
    [
        GRANTED,
        ok(),
        ok(error="invalid_request"),
        no("invalid_request", 500),
        no("invalid_request", 302),
        no("invalid_request", 404),
        no(["invalid_request"]),
        html(200),
        html(400),
        Answer(400, {"message": "no"}),
        no("invalid_request", access_token=TOKEN),
        no("invalid_request", refresh_token=TOKEN),
    ],
    ids=[
        "granted",
        "200 without anything",
        "200 with an error",
        "500",
        "302",
        "404",
        "error no text",
        "page",
        "400 page",
        "no error",
        "error and access token",
        "error and refresh token",
    ],
)
@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS], ids=[kind.name for kind, _ in KINDS])
def test_what_is_never_a_refusal(kind: Tolerance, answer: Answer) -> None:
    assert kind.name in deviation(refusal.refused, answer, kind).expected
    assert not refusal.is_refusal(answer, kind)


def test_a_message_tells_the_answer_and_its_error() -> None:
    found = deviation(refusal.refused, no("server_error", 500, error_description="sorry"), refusal.E_GRANT)
    assert found.actual == "500 server_error (sorry)"
    assert found.error == "server_error"
    assert "status 400 or 401 or 403 with error access_denied or" in found.expected


def test_the_scenario_decides_which_requirement_a_plain_refusal_is_about() -> None:
    assert deviation(refusal.refused, GRANTED, refusal.E_EXCH).requirement is None


def test_each_attempt_of_a_new_agent_is_refused() -> None:
    attempts = [("at first", no("unauthorized_client")), ("4b", no("invalid_target"))]
    conforms(refusal.all_refused, attempts, refusal.E_NEW_AGENT)


def test_the_step_after_which_a_new_agent_was_not_refused_is_named() -> None:
    attempts = [("at first", no("unauthorized_client")), ("4g audience", GRANTED)]
    found = deviation(refusal.all_refused, attempts, refusal.E_NEW_AGENT)
    assert found.expected.endswith("after 4g audience")


def test_no_attempt_at_all_is_no_refusal() -> None:
    assert "none was made" in str(deviation(refusal.all_refused, [], refusal.E_NEW_AGENT))


def test_a_privilege_that_names_nobody_covers_nobody() -> None:
    """OBO-3.2-07, OBO-3.2-10."""
    for error in EXCHANGE_ERRORS.split():
        conforms(refusal.covers_nobody, no(error, 403))


@pytest.mark.parametrize("answer", [GRANTED, ok(), no("server_error", 500), html(400)])
def test_a_privilege_that_names_nobody_covers_everyone(answer: Answer) -> None:
    finding = "no token for a user" if answer is GRANTED else "a refused exchange"
    assert finding in deviation(refusal.covers_nobody, answer).expected


@pytest.mark.parametrize("check", [refusal.scope_not_granted, refusal.not_covered])
class TestAScopeThatMustNotBeGranted:
    """OBO-3.2-11, OBO-3.2-12, OBO-3.2-14, OBO-4.1T-03."""

    @pytest.mark.parametrize("error", EXCHANGE_ERRORS.split())
    def test_it_may_be_refused(self, check: Any, error: str) -> None:
        conforms(check, witnesses(no(error)), "write-data")

    def test_it_may_be_left_out_everywhere(self, check: Any) -> None:
        conforms(check, told("read-data"), "write-data")

    @pytest.mark.parametrize(
        ("response", "seen", "claims", "place"),
        [
            ({"scope": "openid write-data"}, "openid", "openid", "the token response"),
            ({}, "openid", "openid", "the token response"),
            ({"scope": "openid"}, "openid write-data", "openid", "introspection"),
            ({"scope": "openid"}, "openid", "openid write-data", "the JWT"),
            ({"scope": "openid"}, "openid", ["openid", "write-data"], "the JWT"),
        ],
        ids=["told", "scope absent: as asked", "introspected", "in the JWT", "in the JWT as a list"],
    )
    def test_it_may_show_nowhere(self, check: Any, response: Any, seen: str, claims: Any, place: str) -> None:
        shown = witnesses(ok(access_token=TOKEN, **response), seen={"scope": seen}, claims={"scope": claims})
        assert str(deviation(check, shown, "write-data").actual).startswith(f"{place} names write-data")

    @pytest.mark.parametrize("answer", [no("server_error", 500), html(400), no("unknown_code")])
    def test_a_failure_is_no_refusal(self, check: Any, answer: Answer) -> None:
        deviation(check, witnesses(answer), "write-data")


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_request"])
def test_a_client_that_does_not_prove_itself_is_refused(error: str) -> None:
    conforms(refusal.client_refused, no(error, 401))


def test_a_public_client_is_found_out() -> None:
    deviation(refusal.client_refused, GRANTED)


class TestClientBeforePassword:
    """OBO-4.1T-05."""

    def test_the_same_refusal_both_times(self) -> None:
        conforms(refusal.client_refused_first, no("invalid_client", 401), no("invalid_client", 401))

    @pytest.mark.parametrize("error", ["unauthorized_client", "invalid_request"])
    def test_another_code_is_worth_a_warning(self, error: str) -> None:
        level, text = remark_of(refusal.client_refused_first, no(error), no(error))
        assert (level, error in text) == ("SHOULD", True)

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [
            (no("invalid_client", 401), no("invalid_request", 401)),
            (no("invalid_client", 401), no("invalid_client", 400)),
            (GRANTED, no("invalid_client")),
            (GRANTED, no("invalid_grant")),
            (no("invalid_client"), GRANTED),
            (no("invalid_grant"), no("invalid_grant")),
        ],
        ids=["code", "status", "granted", "password looked at", "granted to the wrong", "the password's error"],
    )
    def test_the_password_is_not_looked_at(self, right: Answer, wrong: Answer) -> None:
        assert deviation(refusal.client_refused_first, right, wrong).requirement == "OBO-4.1T-05"


class TestLogins:
    """OBO-4.1T-04."""

    def test_all_three_are_refused(self) -> None:
        conforms(refusal.logins_refused, [no("invalid_grant"), no("invalid_grant"), no("invalid_request")])

    def test_another_code_is_worth_a_warning(self) -> None:
        level, text = remark_of(refusal.logins_refused, [no("access_denied", 403), no("invalid_grant")])
        assert (level, "access_denied" in text) == ("SHOULD", True)

    @pytest.mark.parametrize("which", range(3))
    def test_one_that_is_granted_is_found(self, which: int) -> None:
        answers = [no("invalid_grant")] * 3
        answers[which] = GRANTED
        assert "a token was issued" in str(deviation(refusal.logins_refused, answers))

    def test_none_at_all_is_no_refusal(self) -> None:
        deviation(refusal.logins_refused, [])

    def test_both_answers_alike(self) -> None:
        answer = no("invalid_grant", error_description="wrong")
        conforms(refusal.indistinguishable, answer, answer)

    @pytest.mark.parametrize(
        "other",
        [
            no("invalid_grant", error_description="user not found"),
            no("invalid_request", error_description="wrong"),
            no("invalid_grant", 401, error_description="wrong"),
        ],
        ids=["description", "code", "status"],
    )
    def test_a_difference_is_worth_a_warning(self, other: Answer) -> None:
        level, text = remark_of(refusal.indistinguishable, no("invalid_grant", error_description="wrong"), other)
        assert (level, "differ" in text) == ("SHOULD", True)


class TestGrantType:
    """OBO-4.1T-06."""

    @pytest.mark.parametrize(
        ("grant_type", "error"),
        [(None, "invalid_request"), ("", "invalid_request"), ("PASSWORD", "unsupported_grant_type")],
    )
    def test_the_code_of_the_rfc(self, grant_type: str | None, error: str) -> None:
        conforms(refusal.grant_type_refused, no(error), grant_type)

    @pytest.mark.parametrize(
        ("grant_type", "error"),
        [(None, "unsupported_grant_type"), ("PASSWORD", "invalid_grant"), ("PASSWORD", "unauthorized_client")],
    )
    def test_another_code_is_worth_a_warning(self, grant_type: str | None, error: str) -> None:
        assert remark_of(refusal.grant_type_refused, no(error), grant_type)[0] == "SHOULD"

    @pytest.mark.parametrize("grant_type", [None, "", "PASSWORD", "token-exchange"])
    def test_a_near_miss_is_not_served(self, grant_type: str | None) -> None:
        assert deviation(refusal.grant_type_refused, GRANTED, grant_type).requirement == "OBO-4.1T-06"


class TestAuthenticationMethod:
    """OBO-2.2-04."""

    @pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_request"])
    def test_it_may_be_refused(self, error: str) -> None:
        conforms(refusal.method_refused, no(error, 401))

    def test_accepting_it_is_worth_a_warning(self) -> None:
        assert remark_of(refusal.method_refused, GRANTED)[0] == "SHOULD"

    @pytest.mark.parametrize("answer", [no("server_error", 500), ok(), no("invalid_grant")])
    def test_any_other_answer_is_neither(self, answer: Answer) -> None:
        deviation(refusal.method_refused, answer)


def test_a_request_without_its_parameter_is_invalid() -> None:
    conforms(refusal.invalid_request, no("invalid_request"))


@pytest.mark.parametrize(
    "answer", [no("invalid_request", 401), no("invalid_client"), ok(active=False), ok(active=True), html(400)]
)
def test_anything_else_is_not_the_answer_to_an_invalid_request(answer: Answer) -> None:
    assert deviation(refusal.invalid_request, answer).requirement == "OBO-4.1I-08"
