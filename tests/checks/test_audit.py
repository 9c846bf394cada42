"""Identifiers that tie a token to the audit trail (OBO-LOG-01), and a report without secrets (OBO-LOG-03)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks.audit import own_identifiers, secrets_kept_out
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, introspected, remark_of

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


REPORT = {"1-attachment.txt": "client_id = agent\nclient_secret = ***", "2-result.json": "{}"}


def test_a_report_without_secrets_is_all_that_can_be_looked_at() -> None:
    level, text = remark_of(secrets_kept_out, REPORT, [TOKEN], "agent")
    assert level == "INFO"
    assert "audit events" in text


def test_the_place_of_a_secret_is_named_and_the_secret_is_not() -> None:
    report = REPORT | {"3-attachment.txt": f'{{"access_token": "{TOKEN}"}}'}
    found = deviation(secrets_kept_out, report, ["another-secret", TOKEN], "agent")
    assert found.requirement == "OBO-LOG-03"
    assert found.actual == "one is in 3-attachment.txt"


def test_a_short_secret_may_be_part_of_a_word() -> None:
    remark_of(secrets_kept_out, REPORT, ["secret"], "agent")


@pytest.mark.parametrize(("report", "secrets"), [({}, [TOKEN]), ({"1": "other"}, [TOKEN]), (REPORT, [])])
def test_a_report_of_something_else_proves_nothing(report: dict[str, str], secrets: list[str]) -> None:
    assert deviation(secrets_kept_out, report, secrets, "agent").actual == "nothing to look at"


def test_two_tokens_are_enough_to_compare() -> None:
    conforms(own_identifiers, [view(), view("grant-2", "tracking-2")])


@pytest.mark.parametrize(("secret", "found"), [("8letters", True), ("7letter", False)])
def test_a_secret_of_eight_letters_is_no_common_word(secret: str, found: bool) -> None:
    report = REPORT | {"3-log.txt": f"... {secret} ..."}
    judge = deviation if found else remark_of
    judge(secrets_kept_out, report, [secret], "agent")
