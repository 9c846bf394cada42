"""Feature files are collected directly, and whatever pytest-bdd would lose silently is an error with file and line."""

from __future__ import annotations

import pytest

from tests.report.toy import Toy

GOOD = """
@task_4_2
Feature: Task 4.2 Get a token
  Rule: Step 1 - ask
    @OBO-4.2X-01
    Scenario: A token
      Given an agent
      When it asks for "token"
      Then a token is issued
    @OBO-4.2X-02
    Scenario Outline: Sizes
      Given an agent
      When it asks for "<size>"
      Then it is short
      Examples:
        | size   |
        | tiny   |
        | a b    |
"""
BROKEN = {
    "equal_names": "Feature: F\n  Scenario: S\n    Given an agent\n  Rule: R\n    Scenario: S\n      Given an agent\n",
    "equal_ids": "Feature: F\n  Scenario: S s\n    Given an agent\n  Scenario: S s!\n    Given an agent\n",
    "no_examples": "Feature: F\n  Scenario Outline: S\n    Given an agent\n",
    "empty_examples": "Feature: F\n  Scenario Outline: S\n    Given an agent\n    Examples:\n      | a |\n",
    "no_column": 'Feature: F\n  Scenario Outline: S\n    When it asks for "<b>"\n'
    "    Examples:\n      | a |\n      | 1 |\n",
    "forgotten": 'Feature: F\n  Scenario: S\n    When it asks for "<b>"\n',
    "equal_rows": "Feature: F\n  Scenario Outline: S\n    Given an agent\n    Examples:\n"
    "      | a |\n      | 1 |\n      | 1 |\n",
    "undefined": "Feature: F\n  Scenario: S\n    Given an agent\n    Then nobody knows\n",
    "ambiguous": "Feature: F\n  Scenario: S\n    Given an apple a day\n",
    "asynchronous": "Feature: F\n  Scenario: S\n    Given an async step\n",
    "not_gherkin": "Feature: F\n  Scenario: S\n    Given an agent\n  nonsense\n",
    "empty": "\n",
    "unknown_tag": "@slwo\nFeature: F\n  Scenario: S\n    Given an agent\n",
    "no_row": "Feature: F\n  @OBO-4.2X-10\n  Scenario: S\n    Given an agent\n",
}
SAID = {
    "equal_names": "5: scenario name 'S' is taken by the scenario of line 2; only the last of them would run",
    "equal_ids": "4: scenario name 'S s!' gives the same test id as the scenario of line 2, 'S s'",
    "no_examples": "2: scenario outline without Examples",
    "empty_examples": "4: empty Examples table",
    "no_column": "4: placeholders without a column in Examples: <b>",
    "forgotten": "2: placeholders without Examples: <b>",
    "equal_rows": "7: example row '1' is the same as in line 6",
    "undefined": '4: no step definition for: Then "nobody knows"',
    "ambiguous": '3: ambiguous step: Given "an apple a day" matches an_apple (more_steps.py:3) and fruit (',
    "asynchronous": '3: async step would never be awaited: Given "an async step"',
    "not_gherkin": "4: ",
    "empty": "1: no feature in this file",
    "unknown_tag": "1: unknown tag @slwo; did you mean @slow?",
    "no_row": "2: @OBO-4.2X-10 has no row in requirements.toml; did you mean @OBO-4.2X-0",
}
MORE_STEPS = """
from pytest_bdd import given, parsers, then

@given("an apple a day")
def an_apple(): ...

@given(parsers.parse("an {fruit} a day"))
def fruit(fruit): ...

@given("an async step")
async def later(): ...
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    toy = Toy(tmp_path_factory.mktemp("good"))
    toy.write("features/task_4_2.feature", GOOD)
    return toy


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one run says about a folder full of broken feature files."""
    toy = Toy(tmp_path_factory.mktemp("broken"))
    toy.write("more_steps.py", MORE_STEPS)
    toy.write("conftest.py", (toy.folder / "conftest.py").read_text().replace("]", ', "more_steps"]'))
    for name, text in BROKEN.items():
        (toy.folder / "features" / f"{name}.feature").write_text(text)
    result = toy.run("--collect-only", "-q")
    assert result.returncode == 2
    return result.stdout


@pytest.mark.parametrize("name", BROKEN)
def test_a_feature_file_that_would_be_misread_is_a_collection_error(complaints: str, name: str) -> None:
    assert f"features/{name}.feature:{SAID[name]}" in complaints


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["features/task_4_2.feature"], ["test_a_token", "test_sizes[tiny]", "test_sizes[a b]"]),
        (["features/task_4_2.feature::test_sizes[a b]"], ["test_sizes[a b]"]),
        (["-k", "token"], ["test_a_token"]),
        (["-m", "OBO-4.2X-02"], ["test_sizes[tiny]", "test_sizes[a b]"]),
    ],
)
def test_scenarios_are_selected_as_tests_are(good: Toy, arguments: list[str], ids: list[str]) -> None:
    result = good.run("--collect-only", "-q", *arguments)
    found = [line.removeprefix("features/task_4_2.feature::") for line in result.stdout.splitlines() if "::" in line]
    assert found == ids


def test_last_failed_runs_only_what_failed(good: Toy) -> None:
    good.write(
        "features/fails.feature",
        'Feature: F\n  Scenario: Fails\n    Given an agent\n    When it asks for "none"\n    Then a token is issued\n',
    )
    try:
        first = good.run("-q", "-o", "addopts=--import-mode=importlib", "-p", "no:allure_pytest")
        again = good.run("-q", "-o", "addopts=--import-mode=importlib", "-p", "no:allure_pytest", "--lf")
    finally:
        (good.folder / "features" / "fails.feature").unlink()
    assert "1 failed, 3 passed" in first.stdout
    assert "1 failed" in again.stdout
    assert "passed" not in again.stdout.splitlines()[-1]


def test_a_failure_is_located_in_the_feature_file(good: Toy) -> None:
    result = good.run("features/task_4_2.feature", "-q", "--junitxml=j.xml", "-o", "junit_family=xunit1")
    assert "3 passed" in result.stdout
    assert 'file="features/task_4_2.feature" line="4"' in (good.folder / "j.xml").read_text()


def test_an_unused_step_definition_is_an_error_when_asked_for(good: Toy) -> None:
    result = good.run("--strict-steps", "--collect-only", "-q")
    assert result.returncode == 4
    assert "step definition 'the grant is off' is never used: off (toy_steps.py:" in result.stderr
