"""When introspection says that a token ends: it falls towards the end, and fits what was announced."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from steps.checks import introspection
from tests.checks.evidence import (
    A_MINUTE_LATER,
    EXPIRY,
    ISSUED,
    LIFETIME,
    TWO_SECONDS_LATER,
    Answer,
    conforms,
    deviation,
    introspected,
    ok,
    token_response,
)


def lasting(seconds: Any, date: str | None = ISSUED) -> Answer:
    """A token response that announces a lifetime."""
    return ok({"expires_in": seconds}, date=date)


class TestExpiryFalls:
    """OBO-4.1I-05."""

    FIRST: ClassVar[dict[str, Any]] = {"exp": EXPIRY, "expires_in": LIFETIME}
    LATER: ClassVar[dict[str, Any]] = {"exp": EXPIRY, "expires_in": LIFETIME - 2}

    def test_what_moves_on_with_time(self) -> None:
        assert introspection.clock_of(introspected(expires_in=5)) == 5
        assert introspection.clock_of(introspected(date="now")) == "now"
        assert introspection.clock_of(introspected(date=None)) is None

    def judge(self, ask: Any, first: dict[str, Any], later: dict[str, Any], lifetime: Any = LIFETIME) -> Any:
        """Ask about two introspections, two seconds apart."""
        answers = introspected(date=ISSUED, **first), introspected(date=TWO_SECONDS_LATER, **later)
        return ask(introspection.expiry_falls, *answers, lasting(lifetime))

    @pytest.mark.parametrize(
        ("first", "later"),
        [
            ({}, {}),
            ({"expires_in": ...}, {"expires_in": ...}),
            ({"expires_in": LIFETIME - 5}, {"expires_in": LIFETIME - 7}),
            ({"exp": EXPIRY + 5, "expires_in": LIFETIME + 5}, {"exp": EXPIRY + 5, "expires_in": LIFETIME + 3}),
        ],
        ids=["falls", "no expires_in", "within the clock tolerance", "exp within it"],
    )
    def test_it_falls_towards_the_end(self, first: dict[str, Any], later: dict[str, Any]) -> None:
        self.judge(conforms, self.FIRST | first, self.LATER | later)

    @pytest.mark.parametrize(
        ("first", "later"),
        [
            ({"exp": EXPIRY * 1000}, {"exp": EXPIRY * 1000}),
            ({"exp": "2027-01-15T08:00:00Z"}, {}),
            ({"exp": str(EXPIRY)}, {}),
            ({"exp": float(EXPIRY)}, {}),
            ({"exp": ...}, {}),
            ({}, {"exp": EXPIRY + 2}),
            ({}, {"exp": ...}),
            ({"exp": EXPIRY + 6}, {"exp": EXPIRY + 6}),
            ({"exp": EXPIRY - 2 * LIFETIME}, {"exp": EXPIRY - 2 * LIFETIME}),
            ({}, {"expires_in": LIFETIME}),
            ({}, {"expires_in": LIFETIME + 1}),
            ({}, {"expires_in": ...}),
            ({"expires_in": str(LIFETIME)}, {}),
            ({"expires_in": LIFETIME * 1000}, {"expires_in": (LIFETIME - 2) * 1000}),
            ({"expires_in": LIFETIME - 6}, {"expires_in": LIFETIME - 8}),
        ],
        ids=str,
    )
    def test_it_does_not(self, first: dict[str, Any], later: dict[str, Any]) -> None:
        found = self.judge(deviation, self.FIRST | first, self.LATER | later)
        assert found.requirement == "OBO-4.1I-05"

    @pytest.mark.parametrize("lifetime", [None, "3599"])
    def test_a_lifetime_without_type_is_the_token_responses_fault(self, lifetime: Any) -> None:
        assert self.judge(deviation, self.FIRST, self.LATER, lifetime).requirement == "OBO-4.1T-01"

    @pytest.mark.parametrize("date", [None, "yesterday"])
    def test_milliseconds_show_without_a_server_clock(self, date: str | None) -> None:
        first, later = introspected(date=date, **self.FIRST), introspected(**self.LATER)
        conforms(introspection.expiry_falls, first, later, lasting(LIFETIME, date=None))
        late = introspected(date=date, exp=EXPIRY * 1000)
        deviation(introspection.expiry_falls, late, late, lasting(LIFETIME, date=None))


class TestExpiryFits:
    """OBO-4.2I-07."""

    EXCHANGE = ok(token_response().members, date=ISSUED)

    @pytest.mark.parametrize(
        ("changes", "date"),
        [
            ({}, ISSUED),
            ({"expires_in": ...}, ISSUED),
            ({"exp": EXPIRY - 5, "expires_in": LIFETIME - 5}, ISSUED),
            ({"expires_in": LIFETIME - 60}, A_MINUTE_LATER),
            ({}, None),
        ],
        ids=["exact", "no expires_in", "within the clock tolerance", "introspected a minute later", "no server clock"],
    )
    def test_it_fits_what_was_announced(self, changes: dict[str, Any], date: str | None) -> None:
        members = {"exp": EXPIRY, "expires_in": LIFETIME} | changes
        conforms(introspection.expiry_fits, introspected(date=date, **members), self.EXCHANGE)

    @pytest.mark.parametrize(
        ("changes", "date"),
        [
            ({"exp": EXPIRY + 6, "expires_in": LIFETIME + 6}, ISSUED),
            ({"exp": EXPIRY * 1000}, ISSUED),
            ({"exp": str(EXPIRY)}, ISSUED),
            ({"exp": ...}, ISSUED),
            ({"expires_in": str(LIFETIME)}, ISSUED),
            ({"expires_in": None}, ISSUED),
            ({"expires_in": LIFETIME}, A_MINUTE_LATER),
        ],
        ids=str,
    )
    def test_it_does_not(self, changes: dict[str, Any], date: str) -> None:
        members = {"exp": EXPIRY, "expires_in": LIFETIME} | changes
        found = deviation(introspection.expiry_fits, introspected(date=date, **members), self.EXCHANGE)
        assert found.requirement == "OBO-4.2I-07"

    def test_milliseconds_show_without_a_server_clock(self) -> None:
        conforms(introspection.expiry_fits, introspected(exp=EXPIRY), token_response())
        deviation(introspection.expiry_fits, introspected(exp=EXPIRY * 1000), token_response())

    @pytest.mark.parametrize("announced", [..., "3599"])
    def test_a_lifetime_without_type_is_the_exchanges_fault(self, announced: Any) -> None:
        seen = introspected(date=ISSUED, exp=EXPIRY)
        found = deviation(introspection.expiry_fits, seen, token_response(expires_in=announced))
        assert found.requirement == "OBO-4.2X-02"
