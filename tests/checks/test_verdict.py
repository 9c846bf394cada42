"""The frame of every check: what it raises, what it remarks, and who hears of it."""

from __future__ import annotations

import pytest

from steps.checks.verdict import Judgement, Nonconformity, Remark, Remarks, check, observed_by


@check("OBO-0-01")
def one(found: str) -> Remarks:
    """A check of one requirement."""
    if found == "wrong":
        raise Nonconformity("right", found)
    return [Remark("SHOULD", "could be better")] if found == "tolerable" else None


@check("OBO-0-01", "OBO-0-02")
def several() -> Remarks:
    """A check that serves two requirements."""
    raise Nonconformity("right", "wrong")


@check("OBO-0-01")
def leaning_on_another() -> Remarks:
    """A check that finds another requirement broken."""
    raise Nonconformity("right", "wrong", requirement="OBO-0-09")


@check()
def any_of_them() -> Remarks:
    """A check of whatever the scenario is tagged with."""
    raise Nonconformity("right", "wrong")


def test_a_nonconformity_is_an_assertion_error_that_names_expected_and_actual() -> None:
    with pytest.raises(AssertionError, match=r"^expected right; actual: wrong$"):
        one("wrong")


def test_without_an_observer_remarks_are_dropped() -> None:
    one("tolerable")


@pytest.mark.parametrize(
    ("function", "requirement"),
    [(lambda: one("wrong"), "OBO-0-01"), (several, None), (leaning_on_another, "OBO-0-09"), (any_of_them, None)],
    ids=["of its own", "of several, the tag decides", "of another", "of the scenario's tags"],
)
def test_a_nonconformity_knows_its_requirement(function: object, requirement: str | None) -> None:
    assert callable(function)
    with pytest.raises(Nonconformity) as caught:
        function()
    assert caught.value.requirement == requirement


@pytest.mark.parametrize("found", ["right", "tolerable", "wrong"])
def test_an_observer_hears_of_every_judgement_and_decides(found: str) -> None:
    heard: list[Judgement] = []
    with observed_by(heard.append):
        one(found)
    (judgement,) = heard
    assert (judgement.check, judgement.requirements) == ("one", ("OBO-0-01",))
    assert [remark.level for remark in judgement.remarks] == (["SHOULD"] if found == "tolerable" else [])
    assert (judgement.nonconformity is not None) is (found == "wrong")


def test_an_observer_hears_nothing_afterwards() -> None:
    heard: list[Judgement] = []
    with observed_by(heard.append):
        pass
    one("right")
    assert heard == []


def test_what_an_observer_raises_replaces_the_outcome() -> None:
    def stricter(judgement: Judgement) -> None:
        if judgement.remarks:
            raise Nonconformity("better", judgement.remarks[0].text)

    with observed_by(stricter), pytest.raises(Nonconformity, match="could be better"):
        one("tolerable")


def test_a_check_tells_which_requirements_it_judges() -> None:
    assert several.requirements == ("OBO-0-01", "OBO-0-02")  # type: ignore[attr-defined]


def test_a_nonconformity_counts_as_its_requirement_does_unless_it_says_otherwise() -> None:
    assert Nonconformity("right", "wrong").binding is False
