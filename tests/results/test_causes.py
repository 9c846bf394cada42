"""Failures that seem to have one cause, together; what is another stays apart."""

from __future__ import annotations

from typing import Any

from fixtures.report.cases import GuideElement
from fixtures.report.catalogue import Catalogue, Requirement, Task
from fixtures.report.ledger import Entry, Finding, Ledger
from fixtures.results.causes import DEVIATES, UNDONE, causes_of
from fixtures.results.document import Cause

ACT, ORDER, ISSUER = "OBO-4.2I-03", "OBO-ACT-01", "OBO-4.2I-05"
REVOKED, FORGED = "OBO-LIF-03", "OBO-JWT-05"
PLACES = {
    "act": GuideElement("act", "act.sub", "Task 4.2, step 2", link="https://guide.example.com"),
    "active": GuideElement("active", "active", "Task 4.2, step 3"),
    "overrides": GuideElement("overrides", "a checkbox", "Task 3.2, step 4e"),
}
PROMISED_AT = {ACT: "act", ISSUER: "iss", ORDER: "act", REVOKED: "active", FORGED: "active"}
CATALOGUE = Catalogue(
    tasks=(Task("4.2", "Get a token"),),
    elements=PLACES,
    requirements={
        id: Requirement(
            id, f"{id} MUST hold.", "MUST", (place,) if place in PLACES else (), ("guide", f"RFC 8693 §{number}")
        )
        for number, (id, place) in enumerate(PROMISED_AT.items(), 1)
    },
)


def failed(requirement: str | None, text: str = "expected a; actual: b", tag: str = "", **more: Any) -> Entry:
    """A scenario that shows that a requirement is not kept."""
    arm = f"features/x.feature: {tag or requirement} {text}"
    tags = tuple(filter(None, [tag or requirement]))
    return Entry(arm, arm, tags, nonconformities=[Finding(requirement, text, **more)])


def causes(*entries: Entry, mode: str = "verify") -> list[Cause]:
    book = Ledger(CATALOGUE)
    for entry in entries:
        book.record(entry)
    return list(causes_of(book, mode))


def test_what_the_guide_promises_at_a_place_and_what_builds_on_it_is_one_cause() -> None:
    [cause] = causes(failed(ORDER), failed(ACT, "expected c; actual: d\nLook at Task 4.2"), failed(ORDER, "late"))
    assert cause.requirements == (ACT, ORDER)
    assert cause.scenarios[0].startswith(f"features/x.feature: {ACT}")
    assert len(cause.scenarios) == 3
    assert (cause.what, cause.seen) == (f"Not kept: {ACT} MUST hold.", "expected c; actual: d")
    assert (cause.place, cause.link) == ("Task 4.2, step 2 (act.sub)", "https://guide.example.com")
    assert cause.clauses == ("RFC 8693 §1",)
    assert cause.next == DEVIATES


def test_families_beyond_the_guide_at_one_place_are_two_causes() -> None:
    assert [cause.requirements for cause in causes(failed(FORGED), failed(REVOKED))] == [(REVOKED,), (FORGED,)]


def test_what_mirrors_no_place_stands_for_itself() -> None:
    assert [cause.place for cause in causes(failed(ISSUER))] == [f"{ISSUER} ({ISSUER} MUST hold.)"]


def test_one_diagnosis_is_one_cause_whatever_it_broke() -> None:
    off = "Task 3.2: a checkbox seems to be off\nexpected 200; actual: 400"
    entries = failed(FORGED, off, undone=("overrides", "act")), failed(ACT, off, undone=("overrides",))
    [cause] = causes(*entries)
    assert (cause.what, cause.seen) == ("Task 3.2: a checkbox seems to be off", "expected 200; actual: 400")
    assert cause.place == "Task 3.2, step 4e (a checkbox)"
    assert cause.next == UNDONE.format("Task 3.2, step 4e (a checkbox)")
    assert causes(*entries, mode="provision")[0].next == DEVIATES  # the run itself did what the guide says


def test_the_scenario_to_read_first_is_about_the_requirement() -> None:
    [cause] = causes(failed(ACT, tag=ORDER), failed(ACT))
    assert cause.scenarios[0].startswith(f"features/x.feature: {ACT}")


def test_a_scenario_without_a_requirement_has_no_cause_to_tell() -> None:
    assert causes(failed(None)) == []
