"""The figures of the benchmarks: medians, turns, and the page that is made of them. Nothing is measured here."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from benchmarks import goals
from benchmarks.__main__ import main
from benchmarks.goals import GOALS, Goal, ratio
from benchmarks.load import Wish, as_sent
from benchmarks.measured import GROUPS, Group
from benchmarks.page import page
from benchmarks.results import Measured, Results
from benchmarks.rounds import Unmeasured, in_turns
from benchmarks.statistics import median, percentile
from benchmarks.tables import TABLES

RUNNERS = {
    "ours, with Allure": {"one_ms": [500.0, 700.0, 510.0], "slope_ms": [9.0, 12.0, 9.5], "peak_mib": [60.0]},
    "httpx script": {"one_ms": [150.0], "slope_ms": [3.0, 3.1, 2.9], "peak_mib": [27.0]},
    "newman": {"one_ms": [900.0], "slope_ms": [40.0], "peak_mib": [160.0]},
}


def results(samples: dict[str, dict[str, list[float]]]) -> Results:
    """A run in which nothing but the time to verdict was measured, and tavern couldn't be."""
    group = Measured(samples, {"tavern": "could not be\ninstalled | at all"}, {"newman": "newman 6.2.2"})
    return Results({"verdict": group}, "2 cores")


@pytest.mark.parametrize(("values", "middle"), [([3.0], 3.0), ([9.0, 1.0, 2.0], 2.0), ([4.0, 1.0], 2.5)])
def test_the_median_is_the_middle_value(values: list[float], middle: float) -> None:
    assert median(values) == middle


def test_no_values_have_no_median() -> None:
    with pytest.raises(ValueError, match="no values"):
        median([])
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, value: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_peers_take_turns_and_one_that_fails_is_left_out() -> None:
    asked: list[str] = []

    def fine() -> dict[str, float]:
        asked.append("fine")
        return {"ms": float(len(asked))}

    def broken() -> dict[str, float]:
        asked.append("broken")
        raise Unmeasured("it is not there")

    samples, failures = in_turns({"fine": fine, "broken": broken}, 3)
    assert asked == ["fine", "broken", "fine", "fine"]
    assert samples == {"fine": {"ms": [1.0, 3.0, 4.0]}}
    assert failures == {"broken": "it is not there"}


def test_the_order_turns_with_each_round() -> None:
    asked: list[str] = []

    def measured(name: str) -> dict[str, float]:
        asked.append(name)
        return {}

    in_turns({name: partial(measured, name) for name in "abc"}, 3)
    assert "".join(asked) == "abcbcacab"


def test_a_goal_is_a_ratio_of_medians() -> None:
    goal = Goal("slope", "verdict", "a scenario", ratio("slope_ms", "ours, with Allure", "newman"), 0.2)
    measured = goal.measured(results(RUNNERS))
    assert measured == 9.5 / 40
    assert not goal.met(measured)
    assert goal.wanted == "≤ 0.2 x"


def test_a_goal_of_what_was_not_measured_has_no_figure() -> None:
    assert [goal.name for goal in GOALS if goal.measured(Results()) is not None] == []


def test_the_page_tells_each_goal_and_what_dominates_where_it_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.page.dominating", lambda: {"slope-httpx": "writing files", "peak": "nothing"})
    text = page(results(RUNNERS))
    assert "| one more scenario / httpx script | ≤ 3 x | 3.17 x | **no** |" in text
    assert "- one more scenario / httpx script: writing files" in text
    assert "| peak memory / newman | ≤ 0.5 x | 0.38 x | yes |" in text
    assert ": nothing" not in text
    assert "| one more scenario / tavern | ≤ 0.5 x | not measured |  |\n" in text
    assert f"1 of {len(GOALS)} are met" in text


def test_the_page_tells_medians_ratios_and_whom_it_lacks() -> None:
    text = page(results(RUNNERS))
    assert "| newman | 900 (1.76 x) | - | 40.00 (4.21 x) | - | 160 (2.67 x) |" in text
    assert "Not measured: tavern (could not be installed / at all)." in text
    assert "With newman: newman 6.2.2." in text
    assert "Rounds: 1 to 3." in text


@pytest.mark.parametrize(
    ("group", "peer", "base"),
    [
        ("slow", "40 flows, -n 8", "40 flows, one process"),
        ("slow", "whole suite, python3 run", "whole suite, one process"),
        ("exchange", "oidc-provider RS256", "ours RS256"),
        ("introspection", "oidc-provider, opaque tokens", "ours ES256"),
    ],
)
def test_each_is_compared_with_its_like(group: str, peer: str, base: str) -> None:
    assert TABLES[group].base(peer) == base


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = results(RUNNERS)
    written.write(tmp_path / "results.json")
    assert Results.read(tmp_path / "results.json") == written
    assert Results.read(tmp_path / "none.json") == Results()


def test_each_group_has_a_table_and_each_reason_a_goal() -> None:
    assert TABLES.keys() == GROUPS.keys()
    assert goals.dominating().keys() <= {goal.name for goal in GOALS}
    assert {goal.group for goal in GOALS} <= GROUPS.keys()
    assert len({goal.name for goal in GOALS}) == len(GOALS)


def test_load_sends_forms_and_queries() -> None:
    form = Wish("http://127.0.0.1:8080/token", [{"grant_type": "password", "scope": "a b"}])
    assert as_sent(form)[0].startswith(b"POST /token HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n")
    assert as_sent(form)[0].endswith(b"Content-Length: 29\r\n\r\ngrant_type=password&scope=a+b")
    query = Wish("http://127.0.0.1:8080/users?q=1", headers={"Authorization": "Bearer t"})
    assert as_sent(query) == [b"GET /users?q=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAuthorization: Bearer t\r\n\r\n"]


@pytest.mark.parametrize("arguments", [["--only", "nothing"], ["--rounds", "0"]])
def test_a_wrong_argument_is_a_usage_error(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 4


def test_numbers_that_are_there_are_shown_without_measuring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path / "results.json")
    results(RUNNERS).write(tmp_path / "results.json")
    assert main(["--page"]) == 0
    assert "| newman | 900 (1.76 x) |" in capsys.readouterr().out


def test_a_group_that_can_not_be_measured_keeps_its_last_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_rounds: int) -> Measured:
        raise ConnectionError("the server did not start")

    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path / "results.json")
    monkeypatch.setitem(GROUPS, "verdict", Group("Time to verdict", broken))
    results(RUNNERS).write(tmp_path / "results.json")
    assert main(["--only", "verdict"]) == 10
    told = capsys.readouterr()
    assert "verdict could not be measured: the server did not start" in told.err
    assert "| newman | 900 (1.76 x) |" in told.out
