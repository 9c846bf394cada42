"""The catalogue: rows that are wrong are named; arms are those of the feature files; a message leads to the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.report.catalogue import BEYOND, Catalogue, CatalogueError, load
from fixtures.report.diagnosis import Refusal, annotate, condensed, undone
from tests.report.toy import GUIDE, REQUIREMENTS, ROOT

ROW = '[[requirement]]\nid = "OBO-1-09"\nlevel = "MUST"\nstatement = "S"\n'
STEP = '[steps.a]\nelement = "{}"\nplace = "P"\nsays = "S"\n'
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
        (ROW + 'diagnosis = "exchange"', "OBO-1-09: diagnosis must be a list of groups and cases"),
        (ROW + 'diagnosis = ["exchange"]', "OBO-1-09: diagnosis 'exchange' is none of the groups"),
        (ROW + "diagnosis = [{ status = 400 }]", "OBO-1-09: a case needs steps"),
        (ROW + 'diagnosis = [{ steps = ["x"] }]', "OBO-1-09: step 'x' is not in steps"),
        (ROW + 'diagnosis = [{ errors = "a", steps = ["x"] }]', "OBO-1-09: unknown condition 'errors'"),
        (ROW + 'diagnosis = [{ status = "400", steps = ["x"] }]', "OBO-1-09: condition status must be a number"),
        (ROW + 'diagnosis = [{ request = "x", steps = ["x"] }]', "OBO-1-09: request 'x' is none of log-in, exchange,"),
        (STEP.format("9.9") + ROW, "step a: guide element '9.9' is not in guide.toml"),
        ("[steps.a]\nelement = '1.2a'\n" + ROW, "step a: needs element, place and says"),
        ("[diagnosis.g]\ncase = [{ steps = ['x'] }]\n" + ROW, "diagnosis g: step 'x' is not in steps"),
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


REFUSED = Refusal("exchange", 400, "invalid_client", "the exchange was refused")
GRANT = "Task 1, Grant Types: *Token Exchange* seems not to be selected"
URL = "Task 4.2, Exchange: the URL seems to be another"


@pytest.mark.parametrize(
    ("message", "refusal", "first_line"),
    [
        ("actual: none", None, GRANT),
        ("actual: none", REFUSED, f"{GRANT} — the exchange was refused"),
        ("bad method", REFUSED, f"{URL} — the exchange was refused"),
        ("bad", REFUSED, f"{GRANT}; or {URL} — the exchange was refused"),
        ("bad", Refusal("log-in", 400, "invalid_client", "the log-in was refused"), "bad"),
        ("bad", Refusal("exchange", 500, None, "the exchange was refused"), "bad"),
        ("bad", None, "bad"),
    ],
)
def test_a_message_begins_with_the_steps_that_the_answer_points_to(
    tmp_path: Path, message: str, refusal: Refusal | None, first_line: str
) -> None:
    error = AssertionError(message)
    annotate(error, read(tmp_path), ["OBO-4.2X-01"], refusal)
    assert str(error).splitlines()[0] == first_line
    assert str(error).splitlines()[-1] == message


@pytest.mark.parametrize(
    ("requirement", "request_kind", "error", "elements"),
    [
        ("OBO-4.1T-01", "log-in", "invalid_client", ["2.1.4b", "2.2.4d"]),
        ("OBO-4.1T-01", "log-in", "invalid_grant", ["4.1.1"]),
        ("OBO-4.1T-01", "exchange", "invalid_client", []),
        ("OBO-4.1T-01", "log-in", "server_error", []),
        ("OBO-4.2X-01", "exchange", "invalid_client", ["3.1.1", "3.2.4c"]),
        ("OBO-4.2X-01", "exchange", "invalid_target", ["3.2.4e", "3.2.4g", "3.2.5b"]),
        ("OBO-4.2X-01", "exchange", "access_denied", ["3.2.4e", "3.2.4g", "3.2.5b", "3.2.5d-s", "3.2.5e-i"]),
        ("OBO-4.1I-01", "introspection", "invalid_client", ["2.1.4b", "2.2.4d"]),
        ("OBO-4.2I-01", "introspection", "invalid_client", ["3.1.1", "3.2.4c"]),
    ],
)
def test_an_answer_that_has_several_causes_names_all_in_the_guides_order(
    requirement: str, request_kind: str, error: str, elements: list[str]
) -> None:
    refusal = Refusal(request_kind, 400, error, "it was refused")
    assert [step.element.id for step in undone(load(ROOT), requirement, "refused", refusal)] == elements


def test_who_did_the_steps_is_told_before_what_was_answered(tmp_path: Path) -> None:
    error = AssertionError("bad method")
    annotate(error, read(tmp_path), ["OBO-4.2X-01"], REFUSED, ", although we did it")
    assert str(error) == f"{URL}, although we did it — the exchange was refused\nbad method"


@pytest.mark.parametrize(
    ("tags", "notes"),
    [
        (["OBO-1-01"], ["Look at Task 1, step 2a (Grant Types)"]),
        (["OBO-1-01", "OBO-4.2X-01"], []),
        (["OBO-4.2X-02"], []),
        (["OBO-9-99"], []),
    ],
)
def test_a_nonconformity_says_once_where_to_look(tmp_path: Path, tags: list[str], notes: list[str]) -> None:
    catalogue, error, other = read(tmp_path), AssertionError("wrong"), RuntimeError("no nonconformity")
    for _ in range(2):
        annotate(error, catalogue, tags)
        annotate(other, catalogue, tags)
    assert (str(error), getattr(error, "__notes__", [])) == ("wrong", notes)
    assert not hasattr(other, "__notes__")


def test_a_message_of_several_lines_is_condensed_to_one_and_the_place_to_look_at() -> None:
    text = "Task 1, a\nexpected b\nLook at Task 1\nTask 1, a\nexpected c\nLook at Task 2"
    assert condensed(text) == ("Task 1, a; expected b; expected c", "Look at Task 1")
