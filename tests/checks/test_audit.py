"""Identifiers that tie a token to the audit trail (OBO-LOG-01)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks.audit import own_identifiers
from tests.checks.evidence import Answer, conforms, deviation, introspected

View = tuple[Answer, Answer]


def view(grant: Any = "grant-1", tracking: Any = "tracking-1", *, later: Any = None) -> View:
    """One token introspected twice; `later` is the tracking id of the second time where it differs."""
    ids = {"authGrantId": grant, "auditTrackingId": tracking}
    return introspected(**ids), introspected(**ids | ({"auditTrackingId": later} if later else {}))


def test_each_token_has_identifiers_of_its_own() -> None:
    conforms(own_identifiers, [view(), view("grant-2", "tracking-2"), view("grant-3", "tracking-3")])


@pytest.mark.parametrize(
    "views",
    [
        [view(), view("grant-2", "tracking-1")],
        [view(), view("grant-1", "tracking-2")],
        [view(), view("grant-2", "tracking-2", later="tracking-3")],
        [view(), view("", "tracking-2")],
        [view(), view(..., "tracking-2")],
        [view(), view("grant-2", 7)],
        [view()],
        [],
    ],
    ids=["tracking shared", "grant shared", "unstable", "empty", "absent", "no text", "one token", "no token"],
)
def test_shared_changing_or_missing_identifiers(views: list[View]) -> None:
    assert deviation(own_identifiers, views).requirement == "OBO-LOG-01"
