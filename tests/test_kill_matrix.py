"""The kill matrix counts what it should: a check of the very requirement that failed, and nothing else."""

from __future__ import annotations

import pytest

from fixtures.report.catalogue import Catalogue, Requirement
from reference_server.defects import Defect
from tests.kill_matrix.judgement import false_alarms, judge, killers, needs_strict
from tests.kill_matrix.tables import closing_line, markdown
from tests.kill_matrix.trial import Observed, Trial

A, B, C = "OBO-4.2I-03", "OBO-ACT-04", "OBO-SCP-05"
CATALOGUE = Catalogue(
    requirements={
        A: Requirement(A, "The actor is named.", "MUST"),
        B: Requirement(B, "The actor stays.", "MUST"),
        C: Requirement(C, "No scope beyond the user's.", "SHOULD", strict="MUST"),
    }
)
CLEAN = {name: Observed("verified") for name in (A, B, C)}


def defect(*caught_by: str, hardened: bool = False, warning: bool = False) -> Defect:
    return Defect("act-missing", caught_by, "no act | anywhere", "actor", lambda _: None, True, warning, hardened)


def trial(**words: str) -> Trial:
    names = {"a": A, "b": B, "c": C}
    return Trial(1, "", {names[key]: Observed(word, "expected x") for key, word in words.items()})


def test_a_defect_is_killed_where_each_requirement_failed() -> None:
    killing = judge(defect(A, B), trial(a="failed", b="failed"), CLEAN)
    assert (killing.verdict, killing.noticed, killing.note) == ("killed", (A, B), "")


@pytest.mark.parametrize("word", ["broken", "not verified", "verified", "warning"])
def test_what_is_not_a_failed_check_notices_nothing(word: str) -> None:
    killing = judge(defect(A, B), trial(a="failed", b=word), CLEAN)
    assert (killing.verdict, killing.missed) == ("partly", (B,))
    assert word in killing.note
    assert judge(defect(B), trial(b=word), CLEAN).verdict == "survived"


def test_a_run_that_never_ended_notices_nothing() -> None:
    killing = judge(defect(A), Trial(3, "first\nINTERNALERROR\n"), CLEAN)
    assert (killing.verdict, killing.note) == ("survived", f"{A}: no outcome (INTERNALERROR)")


def test_a_check_that_fails_on_the_clean_server_proves_nothing() -> None:
    clean = CLEAN | {A: Observed("failed")}
    assert judge(defect(A), trial(a="failed"), clean).verdict == "survived"
    assert false_alarms(Trial(1, "", clean)) == [A]


def test_what_is_only_recorded_counts_where_another_thing_is_recorded() -> None:
    seen = Trial(0, "", {C: Observed("verified", recorded=("act holds exp",))})
    assert judge(defect(C), seen, CLEAN).verdict == "killed"
    assert judge(defect(C), Trial(0, "", CLEAN), CLEAN).verdict == "survived"


def test_a_should_is_tried_where_it_counts() -> None:
    assert not needs_strict(defect(A, B), CATALOGUE)
    assert needs_strict(defect(A, C), CATALOGUE)
    assert needs_strict(defect(A, hardened=True), CATALOGUE)
    assert needs_strict(defect(A, warning=True), CATALOGUE)


def test_the_document_says_what_was_measured() -> None:
    killings = [judge(defect(A, B), trial(a="failed", b="verified"), CLEAN)]
    text = markdown(killings, CATALOGUE)
    assert killers(killings) == {A: ["act-missing"]}
    assert closing_line(killings, CATALOGUE) == "defects killed 0/1, requirements with a killer 1/3"
    assert f"| **act-missing** | no act \\| anywhere | {A}, ~~{B}~~ | partly: {B}: verified (expected x) |" in text
    assert f"| {C} | SHOULD | none |" in text
