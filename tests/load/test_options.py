"""What a load is told: bounds that nobody can leave, and thresholds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from load import options
from load.__main__ import BROKEN, HELD, WRONG_OR_SLOW, judged
from load.summary import UNANSWERED, WRONG, Failure, Figures, Summary
from load.thresholds import Threshold

FIGURES = Figures(10, 5.0, {"50": 20.0, "90": 40.0, "95": 80.0, "99": 90.0})
FINE = Summary(FIGURES, {"exchange": FIGURES}, (), ())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--users", "0"],
        ["--users", str(options.MOST_USERS + 1)],
        ["--users", "many"],
        ["--duration", "0"],
        ["--duration", str(options.LONGEST_SECONDS + 1)],
        ["--think-seconds", "0"],
        ["--spawn-rate", "nan"],
        ["--fail-above-ms", "p42=1"],
        ["--fail-above-ms", "p95"],
        ["--remote-workers", "1"],
        ["--handover", __file__],
        ["--sudden"],
    ],
    ids=" ".join,
)
def test_what_can_not_be_used_ends_with_status_4(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options.read(arguments)
    assert ended.value.code == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_users_arrive_within_seconds_and_reports_go_to_a_folder_of_their_own() -> None:
    given = options.read(["--users", "200"])
    assert given.spawn_rate == 40
    assert given.html.parent == given.csv.parent == Path("obo-load")
    assert given.processes == 1


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("p95=80", None),
        ("p95=79", "p95 is 80 ms, above 79"),
        ("exchange:p50=19", "exchange: p50 is 20 ms, above 19"),
        ("exchange refused: user:p50=19", "exchange refused: user: no such requests were sent: exchange"),
    ],
)
def test_a_threshold_is_missed_above_its_limit_or_without_such_requests(text: str, missed: str | None) -> None:
    assert Threshold.parse(text).missed(FINE) == missed


@pytest.mark.parametrize(
    ("summary", "thresholds", "status"),
    [
        (FINE, [], HELD),
        (FINE, ["p95=80"], HELD),
        (FINE, ["p95=80", "p50=1"], WRONG_OR_SLOW),
        (replace(FINE, failures=(Failure("exchange", f"{WRONG}: sub", 1),)), [], WRONG_OR_SLOW),
        (replace(FINE, failures=(Failure("exchange", f"{UNANSWERED}: cut", 1),)), [], BROKEN),
        (replace(FINE, troubles=("a worker was lost",)), [], BROKEN),
        (replace(FINE, total=replace(FIGURES, requests=0)), [], BROKEN),
    ],
)
def test_the_exit_status_follows_from_what_came(summary: Summary, thresholds: list[str], status: int) -> None:
    given = replace(options.read([]), thresholds=tuple(map(Threshold.parse, thresholds)))
    assert judged(summary, given) == status


def test_a_summary_outlives_its_process(tmp_path: Path) -> None:
    told = replace(FINE, failures=(Failure("exchange", WRONG, 2),), notes=("short of CPU",))
    told.write(tmp_path / "summary")
    assert Summary.read(tmp_path / "summary") == told
