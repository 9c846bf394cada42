"""The ledger: what may be called verified, who failed, who stands behind whom, and the exit status of a run."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import pytest

from fixtures.report.catalogue import Catalogue, Requirement
from fixtures.report.ledger import Entry, Finding, Ledger, exit_status
from fixtures.report.outcomes import Outcome
from fixtures.report.verdict import verdict

X, Y, SHOULD = "OBO-4.2X-01", "OBO-4.2X-02", "OBO-4.2X-03"
ROWS = {
    X: Requirement(X, "A", "MUST"),
    Y: Requirement(Y, "B", "MUST"),
    SHOULD: Requirement(SHOULD, "C", "SHOULD", strict="MUST"),
}


class Drawn(Catalogue):
    """A catalogue whose arms are given and not read from feature files."""

    @cached_property
    def arms(self) -> dict[str, frozenset[str]]:
        return {X: frozenset({"one", "two"}), Y: frozenset({"two"}), SHOULD: frozenset({"three"})}


def entry(arm: str, *tags: str, judged: Iterable[str] | None = None, **more: Any) -> Entry:
    return Entry(arm, arm, tags, judged=list(tags if judged is None else judged), **more)


def ledger(*entries: Entry, **options: Any) -> Ledger:
    book = Ledger(Drawn(requirements=ROWS), **options)
    for left in entries:
        book.record(left)
    return book


def test_verified_means_every_arm_passed_and_its_check_was_called_in_each() -> None:
    book = ledger(entry("one", X), entry("two", X, Y))
    assert (book.outcome(X).word, book.outcome(Y).word) == ("verified", "verified")


def test_an_arm_whose_check_was_not_called_is_not_verified_and_nothing_explains_it() -> None:
    outcome = ledger(entry("one", X), entry("two", X, Y, judged=[Y])).outcome(X)
    assert outcome == Outcome(X, "MUST", "not verified", "no check of it was called in: two", explained=False)


def test_arms_outside_the_selection_leave_a_requirement_unverified_but_explained() -> None:
    outcome = ledger(entry("one", X)).outcome(X)
    assert (outcome.word, outcome.reason, outcome.explained) == ("not verified", "only 1 of 2 arms selected", True)
    assert ledger(entry("one", X)).outcome(Y).reason == "not selected"


def test_an_arm_that_was_selected_and_left_nothing_is_not_explained() -> None:
    book = ledger(entry("one", X))
    book.select(["two"])
    assert book.outcome(X).reason == "did not run to its end: two"
    assert not book.outcome(X).explained


@pytest.mark.parametrize(
    ("judged", "word"),
    [([], "not verified"), ([Y], "verified")],
)
def test_the_right_one_of_two_tags_fails_and_the_other_stands_behind_it(judged: list[str], word: str) -> None:
    failed = entry("two", X, Y, judged=judged, nonconformities=[Finding(X, "expected a; actual: b")])
    book = ledger(entry("one", X), failed)
    assert (book.outcome(X).word, book.outcome(X).reason) == ("failed", "expected a; actual: b")
    assert book.outcome(Y).word == word


def test_a_nonconformity_without_a_requirement_is_about_the_tags_not_yet_judged() -> None:
    book = ledger(entry("two", X, Y, judged=[X], nonconformities=[Finding(None, "wrong")]))
    assert (book.outcome(X).word, book.outcome(Y).word) == ("not verified", "failed")


def test_a_precondition_fails_and_what_the_scenario_is_about_is_not_verified() -> None:
    book = ledger(entry("two", Y, judged=[], nonconformities=[Finding(X, "refused")]))
    assert (book.outcome(X).word, book.outcome(X).reason) == ("failed", "refused")
    assert (book.outcome(Y).word, book.outcome(Y).reason) == ("not verified", f"refused\n{X} did not hold")


def test_a_skip_carries_its_reason() -> None:
    book = ledger(entry("two", Y, judged=[], skipped="set OBO_SECOND_AGENT_CLIENT_ID", explained=True))
    assert book.outcome(Y) == Outcome(Y, "MUST", "not verified", "set OBO_SECOND_AGENT_CLIENT_ID")
    not_offered = entry("two", Y, judged=[], skipped="no groups", applicable=False, explained=True)
    assert ledger(not_offered).outcome(Y).word == "not applicable"


def test_what_cannot_be_tested_says_why() -> None:
    row = Requirement(Y, "B", "MUST", not_testable="audit events have no interface")
    book = Ledger(Drawn(requirements={Y: row}))
    assert book.outcome(Y) == Outcome(Y, "MUST", "not testable", "audit events have no interface")


def test_levels_follow_profile_and_fail_on() -> None:
    short = entry("three", SHOULD, judged=[], nonconformities=[Finding(SHOULD, "too long")])
    assert ledger(short).outcome(SHOULD).word == "warning"
    assert ledger(short, fail_on="should").outcome(SHOULD).word == "failed"
    assert ledger(short, profile="strict").outcome(SHOULD).word == "failed"


def test_a_binding_nonconformity_fails_even_a_should() -> None:
    binding = entry("three", SHOULD, judged=[], nonconformities=[Finding(SHOULD, "act lost", binding=True)])
    assert ledger(binding).outcome(SHOULD).word == "failed"


def test_a_should_that_fell_short_is_a_warning_and_does_not_fail_the_run() -> None:
    book = ledger(entry("three", SHOULD, remarks=[Finding(SHOULD, "too long", "SHOULD")]))
    assert (book.outcome(SHOULD).word, book.outcome(SHOULD).reason) == ("warning", "too long")
    assert exit_status(0, book) == 0


def test_what_is_judged_goes_to_the_scenario_that_runs() -> None:
    book = ledger()
    book.judged(X)
    book.begin("features/a.feature::test_two", "two", [X, Y])
    book.judged()
    book.remark("INFO", "seen", Y)
    book.nonconformity(None, "wrong")
    left = book.end()
    assert left
    assert (left.judged, left.remarks, left.nonconformities) == (
        [X, Y],
        [Finding(Y, "seen", "INFO")],
        [Finding(None, "wrong")],
    )
    assert Entry.from_plain(left.to_plain()) == left


@pytest.mark.parametrize(
    ("entries", "pytest_status", "status"),
    [
        ([entry("one", X), entry("two", X, Y)], 0, 0),
        ([entry("one", X)], 0, 0),
        ([entry("one", X, nonconformities=[Finding(X, "wrong")]), entry("two", X, Y, judged=[], broken="down")], 1, 1),
        ([entry("one", nonconformities=[Finding(None, "a scenario without a requirement")])], 1, 1),
        ([entry("one", X), entry("two", X, Y, judged=[], broken="down")], 1, 10),
        ([entry("one", X), entry("two", X, Y, cleanup="not taken away")], 1, 10),
        ([entry("one", X, judged=[])], 0, 10),
        ([entry("two", X, Y, judged=[], skipped="why?")], 0, 10),
        ([entry("two", X, Y, judged=[], skipped="set a variable", explained=True)], 0, 0),
        ([entry("one", X, nonconformities=[Finding(X, "wrong")])], 2, 2),
        ([], 5, 5),
    ],
)
def test_exit_status(entries: list[Entry], pytest_status: int, status: int) -> None:
    assert exit_status(pytest_status, ledger(*entries)) == status


def test_a_fault_of_the_run_itself_is_not_a_pass() -> None:
    book = ledger(entry("two", X, Y))
    assert exit_status(0, book) == 0
    book.faults.append("an application could not be deleted")
    assert exit_status(0, book) == 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verified", "verified"], "conforms"),
        (["verified", "warning", "not applicable"], "conforms"),
        (["verified", "not verified"], "conforms as far as verified (1 of 2 MUST)"),
        (["verified", "broken"], "conforms as far as verified (1 of 2 MUST)"),
        (["verified", "failed"], "does not conform"),
        (["broken", "not verified"], "could not be judged"),
    ],
)
def test_verdict(words: list[Any], said: str) -> None:
    assert verdict([Outcome(f"OBO-1-{n}", "MUST", word) for n, word in enumerate(words)]) == said
