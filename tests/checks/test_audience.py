"""Whom a token may be for, given whom it was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from steps.checks import audience
from steps.checks.evidence import Witnesses
from tests.checks.evidence import Answer, conforms, deviation, html, introspected, no, ok, remark_of, witnesses

P, Q, AGENT, ISSUER = "web-app", "second-app", "ai-agent", "https://tenant.example/alpha"
REFUSAL = witnesses(no("invalid_target"))
UNTOLD = ("SHOULD", "neither introspection nor a JWT says whom the token is for")
JUDGES: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
    (audience.unknown_audience, ("no-such-app",)),
    (audience.compared_whole, (f"{P}2", [P, Q])),
    (audience.addressed_within, ([P, AGENT],)),
]


def addressed(aud: Any = ..., seen: Any = ...) -> Witnesses:
    """Witnesses of which the JWT and introspection name audiences; `...`: it names none."""
    claims = {"iss": ISSUER} if aud is ... else {"iss": ISSUER, "aud": aud}
    return witnesses(seen={} if seen is ... else {"aud": seen}, claims=claims)


@pytest.mark.parametrize(("check", "arguments"), JUDGES)
class TestRefusals:
    """What counts as a refused audience."""

    @pytest.mark.parametrize("error", ["invalid_target", "invalid_request", "access_denied", "invalid_client"])
    @pytest.mark.parametrize("status", [400, 401, 403])
    def test_errors_of_several_vendors(
        self, check: Callable[..., None], arguments: tuple[Any, ...], error: str, status: int
    ) -> None:
        conforms(check, witnesses(no(error, status)), *arguments)

    @pytest.mark.parametrize(
        "answer",
        [
            no("server_error", 500),
            html(),
            html(400),
            ok(error="invalid_target"),
            no("invalid_target", access_token="t"),
        ],
    )
    def test_nothing_else(self, check: Callable[..., None], arguments: tuple[Any, ...], answer: Answer) -> None:
        deviation(check, witnesses(answer), *arguments)


class TestAddressedTo:
    """OBO-AUD-01."""

    @pytest.mark.parametrize("aud", [P, [P], [AGENT, P], [P, AGENT, ISSUER]])
    def test_the_application_in_the_forms_of_aud(self, aud: Any) -> None:
        for seen in (addressed(aud), addressed(seen=aud), addressed(aud, aud)):
            conforms(audience.addressed_to, seen, P, AGENT)

    @pytest.mark.parametrize("aud", [AGENT, [AGENT], Q, [P, Q], [P, "*"], f"{P} {Q}", [], "", 7, [P.upper()]])
    def test_nobody_else(self, aud: Any) -> None:
        for seen in (addressed(aud), addressed(seen=aud), addressed(P, aud), addressed(aud, P)):
            deviation(audience.addressed_to, seen, P, AGENT)

    @pytest.mark.parametrize("absent", [..., None])
    def test_a_token_that_names_nobody_is_a_warning(self, absent: Any) -> None:
        assert remark_of(audience.addressed_to, addressed(absent, absent), P, AGENT) == UNTOLD

    def test_without_a_token_the_exchange_is_to_blame(self) -> None:
        assert deviation(audience.addressed_to, REFUSAL, P, AGENT).requirement == "OBO-4.2X-01"


class TestUnknownAudience:
    """OBO-AUD-02."""

    @pytest.mark.parametrize("seen", [addressed(AGENT), addressed([AGENT, P]), addressed()])
    def test_one_that_is_ignored_is_a_warning(self, seen: Witnesses) -> None:
        found = remark_of(audience.unknown_audience, seen, "no-such-app")
        assert found == ("SHOULD", "'no-such-app' is ignored instead of refused")

    @pytest.mark.parametrize("seen", [addressed("x"), addressed([P, "x"]), addressed(P, "x"), addressed(..., ["x"])])
    def test_one_that_is_minted(self, seen: Witnesses) -> None:
        deviation(audience.unknown_audience, seen, "x")


class TestComparedWhole:
    """OBO-AUD-03 and OBO-AUD-06."""

    @pytest.mark.parametrize(
        "asked",
        [f"{P}2", P[:-1], f" {P}", f"{P}/", f"{P}\0", f"{P} {P}", f"{P},{Q}", f'["{P}", "{Q}"]'],
    )
    def test_what_is_taken_for_a_name(self, asked: str) -> None:
        for seen in (addressed(P), addressed([AGENT, asked]), addressed([P, Q]), addressed(AGENT, P), addressed(Q)):
            deviation(audience.compared_whole, seen, asked, [P, Q])

    def test_a_token_that_names_nobody_may_be_for_the_application(self) -> None:
        deviation(audience.compared_whole, addressed(), f"{P}2", [P])

    def test_one_that_is_ignored_is_a_warning(self) -> None:
        level, text = remark_of(audience.compared_whole, addressed([AGENT]), f"{P}2", [P])
        assert (level, text) == ("SHOULD", f"{f'{P}2'!r} is ignored instead of refused")

    @pytest.mark.parametrize("aud", [P, [AGENT, P]])
    def test_a_directory_that_folds_case_names_the_application_as_registered(self, aud: Any) -> None:
        level, _ = remark_of(audience.compared_whole, addressed(aud), P.upper(), [P, Q])
        assert level == "INFO"

    @pytest.mark.parametrize("aud", [P.upper(), [P, P.upper()], [P, Q], ...])
    def test_folding_case_in_aud_as_well_is_none(self, aud: Any) -> None:
        deviation(audience.compared_whole, addressed(aud), P.upper(), [P, Q])


class TestAddressedWithin:
    """OBO-AUD-04 and OBO-AUD-05."""

    @pytest.mark.parametrize("aud", [P, [AGENT, P], AGENT, [P, ISSUER]])
    def test_whom_the_agent_is_authorised_for(self, aud: Any) -> None:
        conforms(audience.addressed_within, addressed(aud), [P, AGENT])

    @pytest.mark.parametrize("aud", [Q, [P, Q], [Q, P, AGENT], [P, "https://q.example"], [P, "relative"]])
    def test_nobody_else_in_any_place(self, aud: Any) -> None:
        for seen in (addressed(aud), addressed(P, aud)):
            deviation(audience.addressed_within, seen, [P, AGENT])

    def test_a_token_that_names_nobody_is_a_warning(self) -> None:
        assert remark_of(audience.addressed_within, addressed(), [P, AGENT]) == UNTOLD


@dataclass(frozen=True)
class Decision:
    """What a resource server says."""

    user: str = "u"
    agent: str = AGENT
    claim: str = ""
    found: Any = None


class TestUsable:
    """OBO-AUD-01, as the application itself sees it."""

    USER = introspected(sub="u")

    @pytest.mark.parametrize("agent", [AGENT, f"(age!{AGENT})"])
    @pytest.mark.parametrize("user", ["u", "(usr!u)"])
    def test_the_user_is_served_through_the_agent(self, user: str, agent: str) -> None:
        conforms(audience.usable, Decision(user, agent), self.USER, AGENT)

    @pytest.mark.parametrize("decision", [Decision(user="v"), Decision(agent=P), Decision(claim="signature")])
    def test_for_somebody_else_or_through_somebody_else(self, decision: Decision) -> None:
        assert deviation(audience.usable, decision, self.USER, AGENT).requirement == "OBO-AUD-01"

    @pytest.mark.parametrize(
        ("claim", "found", "requirement"),
        [
            ("aud", [AGENT], "OBO-AUD-01"),
            ("act", None, "OBO-4.2I-03"),
            ("scope", "", "OBO-4.2I-05"),
            ("iss", None, "OBO-4.2I-07"),
            ("exp", 0, "OBO-4.2I-07"),
            ("sub", None, "OBO-4.2I-02"),
        ],
    )
    def test_a_claim_that_is_wrong_is_its_requirements_matter(self, claim: str, found: Any, requirement: str) -> None:
        refused = Decision(claim=claim, found=found)
        assert deviation(audience.usable, refused, self.USER, AGENT).requirement == requirement

    @pytest.mark.parametrize("claim", ["aud", "active"])
    def test_what_the_application_is_not_told_is_a_warning(self, claim: str) -> None:
        level, _ = remark_of(audience.usable, Decision(claim=claim, found=None), self.USER, AGENT)
        assert level == "SHOULD"

    def test_a_users_token_that_is_not_active_is_another_matter(self) -> None:
        found = deviation(audience.usable, Decision(), introspected(active=False), AGENT)
        assert found.requirement == "OBO-4.1I-01"
