"""The files that a run leaves, held against their formats: results, SARIF, JUnit XML, badge, summary."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema
from pydantic import BaseModel
from sarif_pydantic import Sarif

from tests.report.toy import Toy

ROOT = Path(__file__).parents[2]
FEATURE = """
@task_4_2
Feature: Task 4.2 Get a token

  @OBO-4.2X-01
  Scenario: It is refused
    Given an agent
    When it asks for "none"
    Then a token is issued

  @OBO-4.2X-02
  Scenario: It is long
    Given an agent
    When it asks for "long"
    Then it is short

  @OBO-1-01
  Scenario Outline: Trouble
    Given the grant is on
    And an agent
    When it asks for "<what>"
    Examples:
      | what        |
      | unreachable |
      | unset       |
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with a failure, a warning, a fault and something that can't be verified."""
    toy = Toy(tmp_path_factory.mktemp("formats"))
    toy.write("features/a.feature", FEATURE)
    assert toy.run("-q", "--junitxml=junit.xml").returncode == 1
    return toy.folder


def test_the_results_are_as_their_schema_says(left: Path) -> None:
    schema = json.loads((ROOT / "docs" / "obo-results.schema.json").read_text(encoding="utf-8"))
    results = json.loads((left / "obo-results.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(results)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(results | {"verdicts": {"the guide": "fine"}})


def unknown_members(item: Any) -> set[str]:
    """Names, below a part of a SARIF log, that SARIF doesn't know."""
    if isinstance(item, list):
        return {name for each in item for name in unknown_members(each)}
    if not isinstance(item, BaseModel):
        return set()
    below = {name for value in vars(item).values() for name in unknown_members(value)}
    return below | set(item.model_extra or ())


def test_the_sarif_log_names_rule_level_and_place(left: Path) -> None:
    log = Sarif.model_validate_json((left / "obo-results.sarif").read_text(encoding="utf-8"))
    run = log.runs[0]
    found = {result.rule_id: result for result in run.results or []}
    assert {id: result.level and result.level.value for id, result in found.items()} == {
        "OBO-1-01": "note",
        "OBO-4.2X-01": "error",
        "OBO-4.2X-02": "warning",
    }
    assert {rule.id for rule in run.tool.driver.rules or []} == {"OBO-1-01", "OBO-4.2X-01", "OBO-4.2X-02"}
    document = json.loads((left / "obo-results.sarif").read_text())
    place = document["runs"][0]["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "features/a.feature"
    assert place["region"]["startLine"] == 5
    assert unknown_members(log) <= {"columnKind", "automationDetails", "exitCode"}


def test_junit_names_requirement_file_and_line(left: Path) -> None:
    schema = xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))
    schema.validate(str(left / "junit.xml"))
    cases = ElementTree.parse(left / "junit.xml").getroot().iter("testcase")  # noqa: S314 - our own file
    told = {(case.get("file"), case.get("line"), *(p.get("value") for p in case.iter("property"))) for case in cases}
    assert ("features/a.feature", "4", "OBO-4.2X-01") in told


def test_the_badge_says_the_verdict(left: Path) -> None:
    badge = json.loads((left / "obo-badge.json").read_text())
    assert badge == {"schemaVersion": 1, "label": "OBO", "message": "does not conform", "color": "red"}


def test_the_summary_is_one_page_with_the_next_thing_to_do(left: Path) -> None:
    page = (left / "obo-summary.md").read_text(encoding="utf-8")
    assert page.startswith("# On-behalf-of conformance\n")
    assert "\n## 1 failed scenario, 1 cause\n\n1. **Task 1, Grant Types: " in page
    assert "   - read first: It is refused (features/a.feature:5)\n" in page
    assert "| Task 4.2 Get a token | 1 | 1 | - | - | - | - | 2 |" in page
    failed = re.search(r"\*\*OBO-4\.2X-01\*\*.*\n  (.*)\n  (.*)", page)
    assert failed
    words = "Task 1, Grant Types: \\*Token Exchange\\* seems not to be selected"
    assert failed.groups() == (f"{words}; expected a token; actual: none  ", "Look at Task 1, step 2a (Grant Types)")
    assert "not verified (set OBO\\_SECOND\\_AGENT\\_CLIENT\\_ID): OBO-1-01" not in page  # broken weighs more
