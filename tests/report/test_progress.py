"""What a person sees while a run goes on, and how they choose what runs."""

from __future__ import annotations

import pytest

from tests.report.toy import Toy

FEATURE = """
@task_4_2
Feature: Task 4.2 Get a token

  @OBO-4.2X-01
  Scenario: It works
    Given an agent
    When it asks for "token"
    Then a token is issued

  @OBO-4.2X-01 @OBO-4.2X-02
  Scenario Outline: It is "<what>"
    Given an agent
    When it asks for "<what>"
    Then a token is issued
    And it is short
    Examples:
      | what  |
      | none  |
      | unset |
"""
OTHER = """
Feature: Other things

  @OBO-1-01
  Scenario: The grant is on
    Given the grant is on
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    toy = Toy(tmp_path_factory.mktemp("progress"))
    toy.write("features/a.feature", FEATURE)
    toy.write("features/b.feature", OTHER)
    return toy


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_a_line_for_each_feature_and_each_failure(toy: Toy, workers: list[str]) -> None:
    lines = toy.run(*workers).stdout.splitlines()
    assert '  FAILED: It is "none"' in lines
    assert any(line.startswith("Task 4.2 Get a token ") and line.endswith("1 failed or broken") for line in lines)
    assert any(line.startswith("Other things ") and " 1 scenarios " in line for line in lines)


def test_verbose_is_gherkin(toy: Toy) -> None:
    told = toy.run("-v").stdout
    assert (
        "Feature: Task 4.2 Get a token\n"
        "  Scenario: It works (ok)\n"
        "    Given an agent\n"
        '    When it asks for "token"\n'
        "    Then a token is issued\n"
        '  Scenario: It is "none" (FAILED)\n'
        "    Given an agent\n"
        '    When it asks for "none"\n'
        "    Then a token is issued\n"
        '  Scenario: It is "unset" (not verified)\n'
    ) in told


def test_a_requirement_is_run_by_its_id(toy: Toy) -> None:
    run = toy.run("--requirement", "OBO-1-01", "-q")
    assert run.returncode == 0
    assert "1 passed, 3 deselected" in run.stdout


def test_an_id_that_does_not_exist_brings_the_nearest(toy: Toy) -> None:
    run = toy.run("--requirement", "OBO-4.2X-1")
    assert run.returncode == 4
    assert "--requirement: there is no OBO-4.2X-1; did you mean OBO-4.2X-01" in run.stderr


def test_the_list_says_what_judges_a_requirement_and_runs_nothing(toy: Toy) -> None:
    run = toy.run("--list")
    assert run.returncode == 0
    assert "OBO-1-01 (MUST) The grant is on.\n    features/b.feature: The grant is on\n" in run.stdout
    assert 'OBO-4.2X-02 (SHOULD) It is short.\n    features/a.feature: It is "<what>" [none]\n' in run.stdout
    assert "requirements" not in run.stdout
