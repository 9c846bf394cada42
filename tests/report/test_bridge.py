"""A run as Allure and the terminal show it: steps, statuses, labels, evidence, the table of requirements."""

from __future__ import annotations

import json
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.report.toy import Toy

FEATURE = """
@task_4_2
Feature: Task 4.2 Get a token
  An agent gets a token.

  Rule: Step 1 - ask

    @OBO-4.2X-01
    Scenario: It works
      Given an agent
      When it asks for "token"
      Then a token is issued
      And the answer reads
        \"\"\"
        {"a": 1}
        \"\"\"

    @OBO-4.2X-01 @OBO-4.2X-02
    Scenario: It is refused
      Given an agent
      When it asks for "none"
      Then a token is issued
      And it is short

    @OBO-4.2X-02
    Scenario: It is long
      Given an agent
      When it asks for "long"
      Then it is short

    @OBO-1-01
    Scenario Outline: Trouble
      Given an agent
      When it asks for "<what>"
      Then a token is issued
      Examples:
        | what        |
        | unreachable |
        | unset       |
        | not offered |
"""
EXCHANGE = """
from pytest_bdd import when
from fixtures.report.bridge import evidence_of
from fixtures.report.watch import SecretWatch
from fixtures.tenant.errors import Unreachable
from fixtures.tenant.exchange import Answer, Request
import jwt, pytest, threading

@pytest.fixture(autouse=True)
def surroundings(request):
    evidence, seen = evidence_of(request.config), request.node.name == "test_seen"
    if seen:
        evidence.failed(Request("PUT", "https://tenant.example/x"), Unreachable("down"))
    yield
    if seen:
        evidence.failed(Request("DELETE", "https://tenant.example/x"), Unreachable("down"))

@when("tokens are exchanged")
def exchanged(request):
    token = jwt.encode({"sub": "u", "username": "bjensen"}, "k" * 32, algorithm="HS256")
    sent = Request("POST", "https://tenant.example/am/oauth2/realms/root/realms/alpha/access_token?_queryFilter=true",
                   {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic Zm9vOmJhcmJhcmJhcg=="},
                   (("grant_type", "password"), ("username", "bjensen"), ("password", "hunter2hunter2")))
    headers = {"content-type": "application/json", "x-noise": "1"}
    answer = Answer(sent, 200, headers, '{"access_token": "%s"}' % token, 12.3)
    evidence = evidence_of(request.config)
    for observer in (SecretWatch(), evidence):
        observer.sending(sent)
        observer.received(answer)
    lost = Request("GET", "https://tenant.example/x")
    other = threading.Thread(target=evidence.failed, args=(lost, Unreachable("down")))
    other.start()
    other.join()
"""
EXCHANGE_FEATURE = """
Feature: Exchanges
  Scenario: Seen
    When tokens are exchanged
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    toy = Toy(tmp_path_factory.mktemp("bridge"))
    toy.write("features/task_4_2.feature", FEATURE)
    toy.write("features/exchange.feature", EXCHANGE_FEATURE)
    toy.write("exchange_steps.py", EXCHANGE)
    toy.write("conftest.py", (toy.folder / "conftest.py").read_text().replace("]", ', "exchange_steps"]'))
    return toy


@pytest.fixture(scope="module")
def run(toy: Toy) -> CompletedProcess[str]:
    return toy.run()


@pytest.fixture(scope="module")
def results(toy: Toy, run: CompletedProcess[str]) -> dict[str, Any]:
    assert run.returncode == 1, run.stdout + run.stderr
    return toy.results()


def labels(result: dict[str, Any], name: str) -> set[str]:
    return {label["value"] for label in result["labels"] if label["name"] == name}


def statuses(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["name"], step["status"]) for step in result["steps"]]


def test_a_scenario_reads_as_in_the_feature_file(toy: Toy, results: dict[str, Any]) -> None:
    result = results["It works"]
    assert statuses(result) == [
        ("Given an agent", "passed"),
        ('When it asks for "token"', "passed"),
        ("Then a token is issued", "passed"),
        ("And the answer reads", "passed"),
    ]
    assert result["steps"][1]["parameters"] == [{"name": "what", "value": "token"}]
    assert toy.attachment(result["steps"][3], "doc string").strip() == '{"a": 1}'


def test_labels_follow_the_guide(results: dict[str, Any]) -> None:
    result = results["It works"]
    assert labels(result, "epic") == {"A guide"}
    assert labels(result, "feature") == {"Task 4.2 Get a token"}
    assert labels(result, "story") == {"Step 1 - ask"}
    assert labels(result, "severity") == {"critical"}
    assert "OBO-4.2X-01" in labels(result, "tag")
    assert "**OBO-4.2X-01** (MUST): A token is issued.  \n_Task 4.2, step 1, request (1)_" in result["description"]


def test_a_nonconformity_is_failed_in_its_step_and_names_where_to_look(results: dict[str, Any]) -> None:
    result = results["It is refused"]
    assert result["status"] == "failed"
    assert result["statusDetails"]["message"].splitlines() == [
        "Task 1, Grant Types: *Token Exchange* seems not to be selected",
        "expected a token; actual: none",
        "Look at Task 1, step 2a (Grant Types)",
    ]
    assert statuses(result)[2:] == [("Then a token is issued", "failed"), ("And it is short", "skipped")]


@pytest.mark.parametrize(
    ("row", "status", "message"),
    [
        ("unreachable", "broken", "Unreachable: no answer: check OBO_TENANT_URL"),
        ("unset", "skipped", "not verified: set OBO_SECOND_AGENT_CLIENT_ID"),
        ("not offered", "skipped", "not applicable: no such feature"),
    ],
)
def test_trouble_is_no_nonconformity(results: dict[str, Any], row: str, status: str, message: str) -> None:
    result = results[f"Trouble [{row}]"]
    assert (result["status"], result["statusDetails"]["message"]) == (status, message)
    assert [step["status"] for step in result["steps"]] == ["passed", status, "skipped"]
    assert result["parameters"] == [{"name": "what", "value": row}]


def test_a_shortfall_that_is_tolerated_is_flagged(toy: Toy, results: dict[str, Any]) -> None:
    result = results["It is long"]
    assert result["status"] == "passed"
    assert "warning" in labels(result, "tag")
    assert toy.attachment(result, "remarks") == "SHOULD OBO-4.2X-02: it is long"


def test_exchanges_nest_in_the_step_that_caused_them(toy: Toy, results: dict[str, Any]) -> None:
    _, step, _ = results["Seen"]["steps"]
    exchange, lost = step["steps"]
    assert exchange["name"] == "POST /am/…/access_token -> 200, 12 ms"
    page = toy.attachment(exchange, "exchange 2")
    assert page.splitlines()[:8] == [
        "POST /am/…/access_token -> 200, 12 ms",
        "",
        "POST https://tenant.example/am/oauth2/realms/root/realms/alpha/access_token?_queryFilter=true",
        "authorization: ***",
        "content-type: application/x-www-form-urlencoded",
        "",
        "grant_type = password",
        "username = ***",
    ]
    decoded, _ = json.JSONDecoder().raw_decode(page.partition("access_token, decoded:\n")[2])
    assert decoded["claims"] == {"sub": "u", "username": "***"}
    assert toy.attachment(lost, "exchange 3").startswith("GET /x -> no answer")
    assert (lost["name"], lost["status"]) == ("GET /x -> no answer", "broken")


def test_exchanges_of_fixtures_stand_before_the_steps_and_behind(results: dict[str, Any]) -> None:
    before, _, behind = results["Seen"]["steps"]
    assert (before["name"], [step["name"] for step in before["steps"]]) == ("Set-up", ["PUT /x -> no answer"])
    assert (behind["name"], [step["name"] for step in behind["steps"]]) == ("Tear-down", ["DELETE /x -> no answer"])


def test_few_files_and_the_circumstances_of_the_run(toy: Toy, results: dict[str, Any]) -> None:
    names = sorted(path.name for path in (toy.folder / "allure-results").iterdir())
    assert not [name for name in names if "container" in name]
    assert len(names) == len(results) + 6 + 2, names
    environment = (toy.folder / "allure-results" / "environment.properties").read_text().splitlines()
    began = json.loads((toy.folder / "obo-results.json").read_text())["started"]
    assert environment == ["SuiteVersion=1.2.3", "Profile=guide", "FailOn=must", f"Began={began}"]


def test_the_terminal_ends_with_requirements_by_task(run: CompletedProcess[str]) -> None:
    lines = run.stdout.splitlines()
    assert "task                  passed  failed  waived  broken  not verified  n/a   of" in lines
    assert "Task 1 Prepare             -       -       -       1             -    -    1" in lines
    assert "Task 4.2 Get a token       -       1       -       -             1    -    2" in lines
    words = "Task 1, Grant Types: *Token Exchange* seems not to be selected"
    assert (
        f"failed OBO-4.2X-01 (MUST): {words}; expected a token; actual: none. Look at Task 1, step 2a (Grant Types)"
        in lines
    )
    assert "broken OBO-1-01 (MUST): no answer: check OBO_TENANT_URL" in lines
    stands_behind = f"not verified ({words}; expected a token; actual: none; OBO-4.2X-01 did not hold"
    assert any(line.startswith(stands_behind) for line in lines)
    assert f"E   {words}" in lines
    assert "the guide: does not conform" in lines
    assert "report: allure-results" in lines


def test_workers_tell_the_same_story(toy: Toy, results: dict[str, Any], run: CompletedProcess[str]) -> None:
    spread = toy.run("-n", "2")
    assert spread.returncode == 1
    again = toy.results()
    assert {name: statuses(result) for name, result in again.items()} == {n: statuses(r) for n, r in results.items()}
    assert {name: r["historyId"] for name, r in again.items()} == {n: r["historyId"] for n, r in results.items()}
    assert _requirements(spread.stdout) == _requirements(run.stdout)


def test_a_selection_explains_what_it_leaves_out(toy: Toy, results: dict[str, Any]) -> None:
    assert results
    partial = toy.run("-k", "works", "--alluredir=other")
    assert partial.returncode == 0, partial.stdout
    assert "not verified (only 1 of 2 arms selected): OBO-4.2X-01" in partial.stdout
    assert "the guide: could not be judged" in partial.stdout
    assert len(list((toy.folder / "other").glob("*-result.json"))) == 1


def _requirements(output: str) -> str:
    return output.partition(" requirements ")[2].partition("short test summary")[0].partition("\n")[2]
