"""The catalogue: rows that are wrong are named; arms are those of the feature files; a message leads to the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.report.catalogue import BEYOND, Catalogue, CatalogueError, load
from fixtures.report.diagnosis import annotate, diagnosis
from tests.report.toy import GUIDE, REQUIREMENTS

ROW = '[[requirement]]\nid = "OBO-1-09"\nlevel = "MUST"\nstatement = "S"\n'
ELEMENT = '[[element]]\nid = "1.9"\ntask = "1"\ntitle = "T"\n'
FEATURE = """
@task_4_2
Feature: F
  @OBO-4.2X-01
  Rule: R
    Scenario: One
      Given an agent
    @OBO-4.2X-02
    Scenario Outline: Two
      Given an agent
      Examples:
        | a | b |
        | 1 | 2 |
      @OBO-1-01
      Examples:
        | a | b |
        | 3 | 4 |
"""


def read(folder: Path, requirements: str = REQUIREMENTS, guide: str = GUIDE, feature: str = FEATURE) -> Catalogue:
    (folder / "features").mkdir()
    (folder / "features" / "requirements.toml").write_text(requirements)
    (folder / "features" / "guide.toml").write_text(guide)
    (folder / "features" / "a.feature").write_text(feature)
    return load(folder)


@pytest.mark.parametrize(
    ("requirements", "said"),
    [
        (ROW + ROW, "OBO-1-09: the id is there twice"),
        (ROW.replace("MUST", "MAY"), "OBO-1-09: level 'MAY' is none of MUST, SHOULD, INFO"),
        (ROW.replace('level = "MUST"\n', ""), "OBO-1-09: level None is none of"),
        (ROW + 'strict = "MAY"', "OBO-1-09: strict 'MAY' is none of"),
        (ROW + 'sauces = ["x"]', "OBO-1-09: unknown key 'sauces'"),
        (ROW + 'guide = ["9.9"]', "OBO-1-09: guide element '9.9' is not in guide.toml"),
        (ROW + "diagnosis = { invalid_grant = 1 }", "OBO-1-09: diagnosis must map error codes, or *, to texts"),
        (ROW + 'production = "YES"', "OBO-1-09: production 'YES' is none of RO, RO!, MUT, REF"),
        (ROW + 'sources = "RFC"', "OBO-1-09: sources must be a list of texts"),
        (ROW.replace('"S"', '""'), "OBO-1-09: statement must be a text"),
        (ROW.replace("OBO-1-09", "X-1"), "X-1: the id must start with OBO-"),
        ("[[requirement", "features/requirements.toml: "),
    ],
)
def test_a_row_that_is_wrong_is_named(tmp_path: Path, requirements: str, said: str) -> None:
    with pytest.raises(CatalogueError) as error:
        read(tmp_path, requirements=requirements)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (ELEMENT + ELEMENT, "guide.toml, element 1.9: the id is there twice"),
        (ELEMENT.replace('"1"', '"7"'), "guide.toml, element 1.9: task '7' is none of the guide's tasks"),
        (ELEMENT.replace('title = "T"', ""), "guide.toml, element 1.9: needs an id and a title"),
    ],
)
def test_a_guide_element_that_is_wrong_is_named(tmp_path: Path, element: str, said: str) -> None:
    with pytest.raises(CatalogueError) as error:
        read(tmp_path, guide=GUIDE + element)
    assert said in str(error.value)


def test_elements_say_where_they_stand_in_the_guide(tmp_path: Path) -> None:
    elements = read(tmp_path).elements
    assert elements["1.2a"].where == "Task 1, step 2a"
    assert elements["4.2.1 req(1)"].where == "Task 4.2, step 1, request (1)"


def test_arms_are_counted_over_all_feature_files_with_inherited_tags(tmp_path: Path) -> None:
    arms = read(tmp_path).arms
    assert arms["OBO-4.2X-01"] == {
        "features/a.feature: One",
        "features/a.feature: Two [1-2]",
        "features/a.feature: Two [3-4]",
    }
    assert arms["OBO-4.2X-02"] == {"features/a.feature: Two [1-2]", "features/a.feature: Two [3-4]"}
    assert arms["OBO-1-01"] == {"features/a.feature: Two [3-4]"}


@pytest.mark.parametrize(
    ("requirement", "task"),
    [("OBO-1-01", "Task 1 Prepare"), ("OBO-4.2X-01", "Task 4.2 Get a token"), ("OBO-SCP-01", BEYOND)],
)
def test_requirements_are_grouped_by_the_guides_tasks(tmp_path: Path, requirement: str, task: str) -> None:
    assert read(tmp_path).heading(requirement) == task


@pytest.mark.parametrize(
    ("requirement", "code", "said"),
    [
        ("OBO-4.2X-01", "unsupported_grant_type", "Look at Task 1, step 2a: the grant is off"),
        ("OBO-4.2X-01", "invalid_grant", "Look at Task 4.2"),
        ("OBO-1-01", None, "Look at Task 1, step 2a (Grant Types)"),
        ("OBO-4.2X-02", None, None),
        ("OBO-9-99", None, None),
    ],
)
def test_diagnosis_names_the_step_of_the_guide(tmp_path: Path, requirement: str, code: str, said: str) -> None:
    assert diagnosis(read(tmp_path), requirement, code) == said


def test_a_nonconformity_gets_its_diagnosis_once(tmp_path: Path) -> None:
    catalogue, error = read(tmp_path), AssertionError("wrong")
    annotate(error, catalogue, ["OBO-1-01"])
    annotate(error, catalogue, ["OBO-1-01"])
    annotate(RuntimeError("no nonconformity"), catalogue, ["OBO-1-01"])
    assert error.__notes__ == ["Look at Task 1, step 2a (Grant Types)"]
