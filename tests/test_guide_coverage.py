"""The features mirror the guide: nothing of it without a scenario, no scenario without a row, rules in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from pytest_bdd.gherkin_parser import Rule, get_gherkin_document

from fixtures.gherkin.feature_lint import REQUIREMENT, names_of
from fixtures.report.catalogue import Catalogue, load

ROOT = Path(__file__).parents[1]
ELEMENTS_OF_THE_GUIDE = 112
GROUPS = {"1": 4, "2.1": 3, "2.2": 4, "3.1": 3, "3.2": 14, "4.1T": 8, "4.1I": 8, "4.2X": 8, "4.2I": 8}
"""The requirements of the guide itself: how many each of the groups 1 to 9 has."""
GUIDE_REQUIREMENTS = [f"OBO-{group}-{n:02}" for group, count in GROUPS.items() for n in range(1, count + 1)]
RULE_NAME = re.compile(r"Steps? (\d+)([a-z]?)(?: (?:to|and) (\d+)([a-z]?))? - ")
Step = tuple[int, str]


class RuleOfTask(NamedTuple):
    """A rule of a feature file that mirrors a task: the guide's steps that its name covers, and what is below it."""

    name: str
    first: Step
    last: Step
    requirements: frozenset[str]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Requirements, guide elements and scenarios as they are."""
    return load(ROOT)


@pytest.fixture(scope="module")
def rules() -> dict[str, list[RuleOfTask]]:
    """The rules of each task's feature file, in their order."""
    return rules_by_task(ROOT / "features")


def rules_by_task(features: Path) -> dict[str, list[RuleOfTask]]:
    """Task -> rules; raises ValueError where the name of a rule doesn't begin with the guide's steps."""
    found: dict[str, list[RuleOfTask]] = {}
    for path in sorted(features.glob("task_*.feature")):
        feature = get_gherkin_document(str(path)).feature
        (tag,) = (tag for tag in names_of(feature.tags) if tag.startswith("task_"))
        task = tag.removeprefix("task_").replace("_", ".")
        found[task] = [rule_of_task(child.rule) for child in feature.children if child.rule]
    return found


def rule_of_task(rule: Rule) -> RuleOfTask:
    """A rule with the steps in its name: "Steps 4d to 4g - …" covers 4d to 4g, "Step 4 - …" also 4a, 4b, …"""
    if not (match := RULE_NAME.match(rule.name)):
        raise ValueError(f"rule {rule.name!r} must begin with the guide's steps: 'Step 2 - …', 'Steps 4d to 4g - …'")
    number, letter, to_number, to_letter = match.groups()
    last = (int(to_number), to_letter or "z") if to_number else (int(number), letter or "z")
    tags = [names_of(child.scenario.tags) for child in rule.children if child.scenario]
    ids = frozenset(tag for names in tags for tag in names if REQUIREMENT.match(tag))
    return RuleOfTask(rule.name, (int(number), letter), last, ids)


def step_of(element: str, task: str) -> Step | None:
    """The step that an element of a task belongs to; None where it is of another task, or of an introduction."""
    match = re.fullmatch(rf"{re.escape(task)}\.(\d+)([a-z]?)(?:-\w+| re(?:q|sp)\(\w+\))?", element)
    return (int(match[1]), match[2]) if match else None


def without_scenario(catalogue: Catalogue) -> list[str]:
    """Guide elements that no requirement with a scenario names."""
    mirrored = {e for r in catalogue.requirements.values() if r.id in catalogue.arms for e in r.guide}
    return [element for element in catalogue.elements if element not in mirrored]


def tags_without_row(catalogue: Catalogue) -> list[str]:
    """Requirement tags of scenarios that requirements.toml doesn't know."""
    return sorted(catalogue.arms.keys() - catalogue.requirements.keys())


def rows_without_scenario(catalogue: Catalogue) -> list[str]:
    """Requirements that no scenario is tagged with, other than those that say why they can't be tested."""
    rows = catalogue.requirements.values()
    return [row.id for row in rows if row.id not in catalogue.arms and not row.not_testable]


def out_of_order(rules: list[RuleOfTask]) -> list[str]:
    """Rules that begin before the rule above them has ended."""
    return [rule.name for above, rule in pairwise(rules) if rule.first <= above.last]


def steps_without_rule(catalogue: Catalogue, rules: dict[str, list[RuleOfTask]]) -> Iterator[str]:
    """Guide elements whose step is in no rule of their task's feature file."""
    for element in catalogue.elements:
        for task in catalogue.tasks:
            step = step_of(element, task.id)
            if step and not any(rule.first <= step <= rule.last for rule in rules[task.id]):
                yield element


def misplaced(catalogue: Catalogue, rules: dict[str, list[RuleOfTask]]) -> Iterator[str]:
    """Requirements that stand under a rule although they name no element of its steps."""
    for task, rules_of_task in rules.items():
        for rule in rules_of_task:
            for requirement in sorted(rule.requirements):
                steps = [step_of(element, task) for element in catalogue.requirements[requirement].guide]
                if not any(step and rule.first <= step <= rule.last for step in steps):
                    yield f"{requirement} under {rule.name!r}"


def test_the_guide_has_its_elements(catalogue: Catalogue) -> None:
    assert len(catalogue.elements) == ELEMENTS_OF_THE_GUIDE


def test_every_element_of_the_guide_has_a_scenario(catalogue: Catalogue) -> None:
    assert without_scenario(catalogue) == []


def test_every_tag_has_a_row(catalogue: Catalogue) -> None:
    assert tags_without_row(catalogue) == []


def test_every_row_has_a_scenario(catalogue: Catalogue) -> None:
    assert rows_without_scenario(catalogue) == []


def test_every_requirement_of_the_guide_has_row_and_scenario(catalogue: Catalogue) -> None:
    assert len(GUIDE_REQUIREMENTS) == 60
    assert [name for name in GUIDE_REQUIREMENTS if name not in catalogue.requirements] == []
    assert [name for name in GUIDE_REQUIREMENTS if name not in catalogue.arms] == []


def test_every_task_has_a_feature(catalogue: Catalogue, rules: dict[str, list[RuleOfTask]]) -> None:
    assert list(rules) == [task.id for task in catalogue.tasks]


@pytest.mark.parametrize("task", ["1", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2"])
def test_rules_stand_in_the_guides_order(rules: dict[str, list[RuleOfTask]], task: str) -> None:
    assert out_of_order(rules[task]) == []


def test_every_step_has_a_rule(catalogue: Catalogue, rules: dict[str, list[RuleOfTask]]) -> None:
    assert list(steps_without_rule(catalogue, rules)) == []


def test_a_requirement_stands_under_a_step_that_it_is_about(
    catalogue: Catalogue, rules: dict[str, list[RuleOfTask]]
) -> None:
    assert list(misplaced(catalogue, rules)) == []


class TestWhatIsMissingIsNamed:
    """The guards themselves: each of them finds a gap that is made for it."""

    def without(self, catalogue: Catalogue, *arms: str) -> Catalogue:
        """The catalogue as if these requirements had no scenario."""
        bare = replace(catalogue)
        bare.__dict__["arms"] = {name: found for name, found in catalogue.arms.items() if name not in arms}
        return bare

    def test_an_element_without_scenario(self, catalogue: Catalogue) -> None:
        about_it = [row.id for row in catalogue.requirements.values() if "4.2.2 resp(3)" in row.guide]
        assert without_scenario(self.without(catalogue, *about_it)) == ["4.2.2 resp(3)"]

    def test_a_row_without_scenario(self, catalogue: Catalogue) -> None:
        assert rows_without_scenario(self.without(catalogue, "OBO-4.2I-03")) == ["OBO-4.2I-03"]

    def test_a_row_that_can_not_be_tested_needs_none(self, catalogue: Catalogue) -> None:
        row = replace(catalogue.requirements["OBO-4.2I-03"], not_testable="no channel")
        rows = dict(catalogue.requirements) | {row.id: row}
        assert rows_without_scenario(self.without(replace(catalogue, requirements=rows), row.id)) == []

    def test_a_tag_without_row(self, catalogue: Catalogue) -> None:
        rows = {name: row for name, row in catalogue.requirements.items() if name != "OBO-1-01"}
        assert tags_without_row(replace(catalogue, requirements=rows)) == ["OBO-1-01"]

    def test_a_rule_out_of_order(self, rules: dict[str, list[RuleOfTask]]) -> None:
        first, *others = rules["3.2"]
        assert out_of_order([*others, first]) == [first.name]

    def test_a_step_without_rule(self, catalogue: Catalogue, rules: dict[str, list[RuleOfTask]]) -> None:
        assert list(steps_without_rule(catalogue, rules | {"2.2": rules["2.2"][:1]})) == [
            "2.2.4b",
            "2.2.4c",
            "2.2.4d",
            "2.2.5",
        ]

    def test_a_requirement_under_another_step(self, catalogue: Catalogue, rules: dict[str, list[RuleOfTask]]) -> None:
        moved = rules["1"][0]._replace(requirements=frozenset({"OBO-2.2-03"}))
        assert list(misplaced(catalogue, {"1": [moved]})) == [f"OBO-2.2-03 under {moved.name!r}"]

    @pytest.mark.parametrize(
        ("element", "task", "step"),
        [
            ("3.2.5d-s", "3.2", (5, "d")),
            ("4.1.2 req(1)", "4.1", (2, "")),
            ("4.2.1 resp(issued_token_type)", "4.2", (1, "")),
            ("1.2a", "1", (2, "a")),
            ("2.1.4b", "2.1", (4, "b")),
            ("2.1.4b", "2.2", None),
            ("2", "2.1", None),
        ],
    )
    def test_the_step_of_an_element(self, element: str, task: str, step: Step | None) -> None:
        assert step_of(element, task) == step
