"""The gate: what became of a run, its exit status, and what is said of it, everywhere the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.report.toy import Toy

FEATURE = """
@task_4_2
Feature: Task 4.2 Get a token

  @OBO-4.2X-01
  Scenario: It works
    Given an agent
    When it asks for "{what}"
    Then a token is issued

  @OBO-1-01
  Scenario: The grant is on
    Given the grant is on
    And an agent
    When it asks for "{besides}"

  @OBO-4.2X-02
  Scenario: It is short
    Given an agent
    When it asks for "short"
    Then it is short
"""
WAIVER = """
[[waiver]]
requirement = "{requirement}"
target = "*"
reason = "known to the vendor"
ticket = "OPS-7"
owner = "barbara.jensen"
until = {until}
"""
IN_FORCE = WAIVER.format(requirement="OBO-4.2X-01", until="2999-12-31")
EXPIRED = WAIVER.format(requirement="OBO-4.2X-01", until="2020-01-01")
UNKNOWN = WAIVER.format(requirement="OBO-4.2X-99", until="2999-12-31")
CASES = {
    "pass": ("token", "token", "", 0, "conforms"),
    "fail": ("none", "token", "", 1, "does not conform"),
    "waived": ("none", "token", IN_FORCE, 0, "conforms as far as verified (1 of 2 MUST, 1 waived)"),
    "expired waiver": ("none", "token", EXPIRED, 1, "does not conform"),
    "healed waiver": ("token", "token", IN_FORCE, 1, "conforms"),
    "unknown waiver": ("token", "token", UNKNOWN, 1, "conforms"),
    "transport error": ("unreachable", "token", "", 10, "conforms as far as verified (1 of 2 MUST)"),
    "transport error, waived": ("unreachable", "token", IN_FORCE, 10, "conforms as far as verified (1 of 2 MUST)"),
    "failed and unreachable": ("none", "unreachable", "", 1, "does not conform"),
    "waived and unreachable": ("none", "unreachable", IN_FORCE, 10, "could not be judged"),
    "nothing verified": ("unset", "unset", "", 0, "could not be judged"),
    "not offered": ("not offered", "token", "", 0, "conforms"),
}


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path)


@pytest.mark.parametrize("case", CASES)
def test_status_and_verdict(toy: Toy, case: str) -> None:
    what, besides, waivers, status, verdict = CASES[case]
    toy.write("features/a.feature", FEATURE.format(what=what, besides=besides))
    toy.write("waivers.toml", waivers)

    run = toy.run("-q", "--junitxml=junit.xml")

    assert run.returncode == status, run.stdout + run.stderr
    results = json.loads((toy.folder / "obo-results.json").read_text())
    assert results["exit_status"] == status
    assert results["verdicts"]["the guide"] == verdict
    assert f"the guide: {verdict}" in run.stdout.splitlines()
    assert f"- **the guide: {verdict}**" in (toy.folder / "obo-summary.md").read_text().splitlines()


def test_an_interrupted_run_says_what_was_not_run(toy: Toy) -> None:
    toy.write("features/a.feature", FEATURE.format(what="token", besides="token"))
    toy.write(
        "toy_steps.py", (toy.folder / "toy_steps.py").read_text().replace("granted(True)", "raise KeyboardInterrupt")
    )

    run = toy.run("-q")

    assert run.returncode == 2, run.stdout
    results = json.loads((toy.folder / "obo-results.json").read_text())
    assert results["interrupted"]
    outcomes = {found["id"]: (found["outcome"], found["reason"]) for found in results["requirements"]}
    assert outcomes["OBO-4.2X-01"] == ("verified", "")
    assert outcomes["OBO-4.2X-02"] == ("not verified", "did not run to its end: features/a.feature: It is short")
    assert results["verdicts"]["the guide"] == "conforms as far as verified (1 of 2 MUST)"
    assert json.loads((toy.folder / "obo-badge.json").read_text())["message"] == "could not be judged"


def test_a_waived_failure_is_shown_as_waived_everywhere(toy: Toy) -> None:
    toy.write("features/a.feature", FEATURE.format(what="none", besides="token"))
    toy.write("waivers.toml", IN_FORCE)

    run = toy.run("-q", "--junitxml=junit.xml")

    said = "waived by barbara.jensen until 2999-12-31: known to the vendor (OPS-7)"
    assert f"waived OBO-4.2X-01 (MUST): {said}; Task 1, Grant Types: *Token Exchange* seems" in run.stdout
    assert said in toy.results()["It works"]["statusDetails"]["message"]
    assert toy.results()["It works"]["status"] == "skipped"
    assert said in (toy.folder / "junit.xml").read_text()
    sarif = json.loads((toy.folder / "obo-results.sarif").read_text())
    assert said in sarif["runs"][0]["results"][0]["suppressions"][0]["justification"]


@pytest.mark.parametrize("waivers", ["[[waiver]]\n", IN_FORCE.replace("2999-12-31", '"soon"')])
def test_waivers_that_cannot_be_read_are_a_usage_error(toy: Toy, waivers: str) -> None:
    toy.write("features/a.feature", FEATURE.format(what="token", besides="token"))
    toy.write("waivers.toml", waivers)
    run = toy.run()
    assert run.returncode == 4
    assert "waivers.toml, waiver 1:" in run.stderr


def test_workers_waive_as_well(toy: Toy) -> None:
    toy.write("features/a.feature", FEATURE.format(what="none", besides="token"))
    toy.write("waivers.toml", IN_FORCE)
    assert toy.run("-q", "-n", "2").returncode == 0
