"""One authentication method, and who acts is who authenticated (OBO-CLA-03, OBO-CLA-04, OBO-CLA-06)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import client_authentication as checks
from steps.checks import refusal
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, introspected, no, ok, remark_of

GRANTED = ok(access_token=TOKEN)
BASIC = {"www-authenticate": 'Basic realm="/alpha"'}


def challenge(status: int = 401, error: str = "invalid_client", **headers: str) -> Answer:
    """A refusal of a client, with these headers."""
    return Answer(status, {"error": error}, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("requirement", ["OBO-CLA-01", "OBO-CLA-02", "OBO-CLA-04"])
def test_a_refused_client_is_what_these_requirements_ask(requirement: str) -> None:
    assert requirement in refusal.client_refused.requirements  # type: ignore[attr-defined]


def test_a_nearly_right_secret_tells_a_caller_nothing_about_a_token() -> None:
    conforms(checks.caller_learns_nothing, no("invalid_client", 401))
    assert remark_of(checks.caller_learns_nothing, ok(active=False))[0] == "SHOULD"
    assert deviation(checks.caller_learns_nothing, introspected(sub="user")).requirement == "OBO-CLA-02"


class TestTwoMethods:
    """OBO-CLA-03."""

    @pytest.mark.parametrize("both_right", [True, False])
    @pytest.mark.parametrize("error", ["invalid_request", "invalid_client"])
    def test_they_are_refused(self, error: str, both_right: bool) -> None:
        conforms(checks.one_method, no(error, 401), both_right=both_right)

    def test_two_right_ones_may_pass_with_a_warning(self) -> None:
        level, text = remark_of(checks.one_method, GRANTED, both_right=True)
        assert (level, "two authentication methods" in text) == ("SHOULD", True)

    def test_a_wrong_one_never_passes(self) -> None:
        assert deviation(checks.one_method, GRANTED, both_right=False).requirement == "OBO-CLA-03"

    @pytest.mark.parametrize("answer", [no("server_error", 500), html(400), no("invalid_grant")])
    def test_any_other_answer_is_no_refusal_of_the_client(self, answer: Answer) -> None:
        deviation(checks.one_method, answer, both_right=True)


class TestOneClientAsAnother:
    """OBO-CLA-04."""

    @pytest.mark.parametrize("error", ["invalid_client", "invalid_request", "invalid_grant", "unauthorized_client"])
    def test_it_may_be_refused(self, error: str) -> None:
        conforms(checks.acts_as_itself, no(error, 401), [], None, "agent")

    @pytest.mark.parametrize(
        ("views", "claims"),
        [
            ([introspected(client_id="agent", act={"sub": "agent"})], None),
            ([introspected(client_id="agent", act={"sub": "(age!agent)"}), ok(active=False)], None),
            ([no("invalid_client", 401)], {"client_id": "agent", "act": {"sub": "agent", "act": {"sub": "app"}}}),
            ([introspected(client_id="agent")], {"scope": "openid"}),
        ],
        ids=["introspected", "wrapped", "in the JWT alone", "a user's token"],
    )
    def test_the_client_that_authenticated_may_act(self, views: list[Answer], claims: Any) -> None:
        conforms(checks.acts_as_itself, GRANTED, views, claims, "agent")

    @pytest.mark.parametrize(
        ("views", "claims", "told"),
        [
            ([introspected(client_id="app", act={"sub": "agent"})], None, "app"),
            ([introspected(client_id="agent", act={"sub": "app"})], None, "app"),
            ([introspected(client_id="agent")], {"act": {"sub": "app"}}, "app"),
            ([ok(active=False), introspected(client_id="app")], None, "app"),
            ([ok(active=False)], None, "nobody"),
        ],
        ids=["client", "actor", "actor of the JWT", "seen by one", "seen by none"],
    )
    def test_another_client_does_not_act(self, views: list[Answer], claims: Any, told: str) -> None:
        found = deviation(checks.acts_as_itself, GRANTED, views, claims, "agent")
        assert told in str(found.actual)
        assert found.requirement == "OBO-CLA-04"

    @pytest.mark.parametrize("answer", [no("server_error", 500), html(403), ok(active=True)])
    def test_an_answer_that_is_neither(self, answer: Answer) -> None:
        deviation(checks.acts_as_itself, answer, [], None, "agent")


class TestEnumeration:
    """OBO-CLA-06."""

    @pytest.mark.parametrize(
        ("unknown", "wrong"),
        [
            ({"error_description": "no"}, {"error_description": "no"}),
            ({"error_description": "nobody: bad credentials"}, {"error_description": "agent: bad credentials"}),
            (
                {"error_description": "no, at 2026-01-01T10:00:00Z"},
                {"error_description": "no, at 2026-01-01T10:00:01Z"},
            ),
            ({"error_description": f"trace {'a1' * 16}"}, {"error_description": f"trace {'b2' * 16}"}),
            ({}, {}),
        ],
        ids=["same", "client IDs", "times", "trace ids", "no description"],
    )
    def test_both_refusals_are_alike(self, unknown: Any, wrong: Any) -> None:
        refusals = no("invalid_client", 401, **unknown), no("invalid_client", 401, **wrong)
        conforms(checks.told_alike, *refusals, ["nobody", "agent"])

    @pytest.mark.parametrize(
        "wrong",
        [
            no("invalid_client", 400, error_description="no"),
            no("unauthorized_client", 401, error_description="no"),
            no("invalid_client", 401, error_description="wrong secret"),
            no("invalid_client", 401),
            GRANTED,
        ],
        ids=["status", "code", "description", "no description", "granted"],
    )
    def test_a_difference_is_found(self, wrong: Answer) -> None:
        unknown = no("invalid_client", 401, error_description="no")
        assert deviation(checks.told_alike, unknown, wrong, []).requirement == "OBO-CLA-06"
        assert deviation(checks.told_alike, wrong, unknown, []).requirement == "OBO-CLA-06"


class TestChallenge:
    """OBO-CLA-06."""

    @pytest.mark.parametrize("value", ['Basic realm="/alpha"', 'basic realm="x"', 'Bearer realm="x", Basic realm="x"'])
    def test_a_401_with_the_scheme_that_was_used(self, value: str) -> None:
        conforms(checks.challenged, challenge(www_authenticate=value))

    @pytest.mark.parametrize("answer", [challenge(), challenge(400, **BASIC), challenge(400)])
    def test_anything_else_binds_even_in_a_should(self, answer: Answer) -> None:
        found = deviation(checks.challenged, answer)
        assert (found.binding, found.requirement) == (True, "OBO-CLA-06")

    def test_another_scheme_is_worth_a_warning(self) -> None:
        assert remark_of(checks.challenged, challenge(www_authenticate="Bearer"))[0] == "SHOULD"

    def test_another_code_is_worth_a_warning(self) -> None:
        level, text = remark_of(checks.challenged, challenge(400, "invalid_request"))
        assert (level, "invalid_request" in text) == ("SHOULD", True)

    @pytest.mark.parametrize("answer", [GRANTED, no("server_error", 500), html(401)])
    def test_what_is_no_refusal_is_found(self, answer: Answer) -> None:
        deviation(checks.challenged, answer)
