"""Two runs held against each other."""

from __future__ import annotations

import pytest

from fixtures.results.comparison import compared
from fixtures.results.document import ResultsError
from tests.results.runs import requirement, results, scenario


@pytest.mark.parametrize(
    ("before", "after", "kind", "is_worse"),
    [
        ("verified", "failed", "regression", True),
        ("verified", "broken", "regression", True),
        ("verified", "warning", "regression", True),
        ("verified", "not verified", "newly unverifiable", True),
        ("failed", "verified", "improvement", False),
        ("failed", "waived", "improvement", False),
        ("not verified", "verified", "newly verified", False),
        ("not verified", "failed", "regression", True),
        ("not applicable", "not verified", None, False),
        ("verified", "verified", None, False),
    ],
)
def test_a_change_has_a_direction(before: str, after: str, kind: str | None, is_worse: bool) -> None:
    changes = compared(results(requirement(outcome=before)), results(requirement(outcome=after)))
    assert [(change.kind, change.is_worse) for change in changes] == ([(kind, is_worse)] if kind else [])


def test_a_change_names_the_requirement_and_why() -> None:
    change = compared(results(requirement()), results(requirement(outcome="failed")))[0]
    assert (change.name, change.what) == ("OBO-4.2X-01", "verified -> failed: expected a token; actual: none")


def test_requirements_come_and_go() -> None:
    changes = compared(results(requirement("OBO-1-01")), results(requirement("OBO-1-02")))
    assert [(change.kind, change.name) for change in changes] == [("gone", "OBO-1-01"), ("new", "OBO-1-02")]


@pytest.mark.parametrize(("before", "after", "told"), [(0.3, 0.9, True), (1.0, 1.9, False), (0.1, 0.4, False)])
def test_a_scenario_that_takes_more_than_twice_as_long_is_told(before: float, after: float, told: bool) -> None:
    runs = [results(scenarios=(scenario(seconds=seconds),)) for seconds in (before, after)]
    assert [change.kind for change in compared(*runs)] == (["slower"] if told else [])


@pytest.mark.parametrize("changed", [{"profile": "strict"}, {"fail_on": "should"}])
def test_runs_that_asked_different_things_are_not_compared(changed: dict[str, str]) -> None:
    with pytest.raises(ResultsError, match="run both with the same"):
        compared(results(), results(**changed))
