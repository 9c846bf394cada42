"""What of a request for scopes may be granted, and where it would show that more was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steps.checks import scope_rules
from steps.checks.evidence import Witnesses
from tests.checks.evidence import (
    Answer,
    conforms,
    deviation,
    html,
    introspected,
    no,
    ok,
    remark_of,
    token_response,
    told,
    witnesses,
)

APPLICATION = ("read-data", "write-data", "admin-action")
REFUSAL = witnesses(no("invalid_scope"))
JUDGES: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
    (scope_rules.only_permitted, ("read-data write-data", ["write-data"])),
    (scope_rules.no_scope_granted, ("read", APPLICATION)),
    (scope_rules.spelling_has_no_effect, ("read-data read-data",)),
    (scope_rules.within_subject_token, ("read-data", introspected(scope="openid"))),
    (scope_rules.nothing_permitted, ("write-data",)),
]


def in_one_place(place: str, scope: str) -> Witnesses:
    """Three witnesses of which one names other scopes than the others, who name none."""
    seen = {name: scope if name == place else "" for name in ("response", "introspection", "jwt")}
    response = token_response(scope=seen["response"])
    return witnesses(response, seen={"scope": seen["introspection"]}, claims={"scope": seen["jwt"].split()})


PLACES = pytest.mark.parametrize("place", ["response", "introspection", "jwt"])


@pytest.mark.parametrize(("check", "arguments"), JUDGES)
@pytest.mark.parametrize(
    "answer",
    [
        no("invalid_scope", 500),
        html(),
        html(400),
        ok(error="invalid_scope"),
        ok(),
        no("invalid_scope", access_token="t"),
    ],
    ids=["500", "page", "400 page", "200 with an error", "200 without a token", "refusal with a token"],
)
def test_no_check_takes_these_for_a_refusal(
    check: Callable[..., None], arguments: tuple[Any, ...], answer: Answer
) -> None:
    deviation(check, witnesses(answer), *arguments)


class TestOnlyPermitted:
    """OBO-SCP-01."""

    ASKED, UNPERMITTED = "write-data read-data", ["write-data", "admin-action"]

    @pytest.mark.parametrize("seen", [REFUSAL, told("read-data")])
    def test_a_refusal_or_the_permitted_part(self, seen: Witnesses) -> None:
        conforms(scope_rules.only_permitted, seen, self.ASKED, self.UNPERMITTED)

    @PLACES
    @pytest.mark.parametrize("scope", ["read-data write-data", "admin-action"])
    def test_more_than_that_in_one_place(self, place: str, scope: str) -> None:
        deviation(scope_rules.only_permitted, in_one_place(place, scope), self.ASKED, self.UNPERMITTED)

    def test_a_narrowed_scope_that_is_not_reported(self) -> None:
        silent = witnesses(token_response(scope=...), seen={"scope": "read-data"}, claims={"scope": "read-data"})
        assert "the token response names write-data" in str(
            deviation(scope_rules.only_permitted, silent, self.ASKED, self.UNPERMITTED)
        )

    @pytest.mark.parametrize("scope", ["", "read-data email"])
    def test_less_or_what_the_server_adds_of_its_own_is_a_warning(self, scope: str) -> None:
        seen = witnesses(token_response(scope="read-data"), seen={"scope": scope})
        level, text = remark_of(scope_rules.only_permitted, seen, self.ASKED, self.UNPERMITTED)
        assert (level, "not the permitted part, read-data" in text) == ("SHOULD", True)


class TestNoScopeGranted:
    """OBO-SCP-02, OBO-SCP-03 and OBO-SCP-04."""

    @pytest.mark.parametrize("seen", [REFUSAL, told(""), told("email profile")])
    def test_a_refusal_or_nothing_of_the_application(self, seen: Witnesses) -> None:
        conforms(scope_rules.no_scope_granted, seen, "Read-Data", APPLICATION)

    @PLACES
    @pytest.mark.parametrize("scope", ["Read-Data", "read-data", "write-data"])
    def test_as_asked_or_as_a_scope_that_resembles_it(self, place: str, scope: str) -> None:
        deviation(scope_rules.no_scope_granted, in_one_place(place, scope), "Read-Data", APPLICATION)

    @pytest.mark.parametrize("joint", [",", "\t", "\n", "+", "%20", "\u00a0"])
    def test_what_no_space_separates(self, joint: str) -> None:
        asked = joint.join(["read-data", "admin-action"])
        conforms(scope_rules.no_scope_granted, REFUSAL, asked, APPLICATION)
        for scope in (asked, "read-data admin-action", "admin-action"):
            seen = witnesses(token_response(scope=scope), seen={"scope": ""}, claims={"scope": [asked]})
            deviation(scope_rules.no_scope_granted, seen, asked, APPLICATION)
        verbatim = witnesses(token_response(scope=""), seen={"scope": ""}, claims={"scope": [asked]})
        deviation(scope_rules.no_scope_granted, verbatim, asked, APPLICATION)


class TestSpellingHasNoEffect:
    """OBO-SCP-04."""

    def test_the_set_is_granted_in_any_order(self) -> None:
        conforms(scope_rules.spelling_has_no_effect, told("write-data read-data"), "read-data write-data read-data")

    @PLACES
    def test_another_set_in_one_place(self, place: str) -> None:
        deviation(scope_rules.spelling_has_no_effect, in_one_place(place, "read-data"), "read-data read-data")

    @pytest.mark.parametrize(
        ("response", "seen", "claim", "place"),
        [
            ("read-data read-data", "read-data", "read-data", "the token response"),
            ("read-data", "read-data read-data", ["read-data"], "introspection"),
            ("read-data", "read-data", ["read-data", "read-data"], "the JWT"),
        ],
    )
    def test_repeats_that_are_left_are_a_warning(self, response: str, seen: str, claim: Any, place: str) -> None:
        three = witnesses(token_response(scope=response), seen={"scope": seen}, claims={"scope": claim})
        found = remark_of(scope_rules.spelling_has_no_effect, three, "read-data read-data")
        assert found == ("SHOULD", f"{place} repeats a scope")

    def test_a_refusal_is_a_warning(self) -> None:
        level, text = remark_of(scope_rules.spelling_has_no_effect, REFUSAL, "read-data read-data")
        assert (level, text) == ("SHOULD", '"read-data read-data" is refused: 400 invalid_scope')


class TestWithinSubjectToken:
    """OBO-SCP-05."""

    @pytest.mark.parametrize("seen", [REFUSAL, told(""), told("read-data")])
    def test_a_refusal_or_what_the_users_token_holds(self, seen: Witnesses) -> None:
        conforms(scope_rules.within_subject_token, seen, "read-data", introspected(scope="openid read-data"))

    @PLACES
    @pytest.mark.parametrize("held", ["openid", "", ..., None])
    def test_a_scope_that_it_lacks(self, place: str, held: Any) -> None:
        user = introspected(scope=held)
        deviation(scope_rules.within_subject_token, in_one_place(place, "read-data"), "read-data", user)

    def test_a_users_token_that_is_not_active_is_another_matter(self) -> None:
        found = deviation(scope_rules.within_subject_token, told("read-data"), "read-data", introspected(active=False))
        assert found.requirement == "OBO-4.1I-01"


class TestNothingPermitted:
    """OBO-SCP-07."""

    def test_a_refusal(self) -> None:
        conforms(scope_rules.nothing_permitted, REFUSAL, "write-data")

    def test_a_token_without_a_scope_is_a_warning(self) -> None:
        level, _ = remark_of(scope_rules.nothing_permitted, told(""), "write-data")
        assert level == "SHOULD"

    @PLACES
    @pytest.mark.parametrize("scope", ["write-data", "read-data", "email"])
    def test_any_scope_is_a_failure_at_every_level(self, place: str, scope: str) -> None:
        assert deviation(scope_rules.nothing_permitted, in_one_place(place, scope), "write-data").binding

    def test_an_answer_without_scope_says_as_asked(self) -> None:
        silent = witnesses(token_response(scope=...), seen={"scope": ""})
        assert deviation(scope_rules.nothing_permitted, silent, "write-data").binding
