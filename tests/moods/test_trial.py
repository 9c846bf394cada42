"""A run in some moods is green where nothing is wrong, and its line counts what was verified."""

from __future__ import annotations

import pytest

from tests.kill_matrix.trial import Observed
from tests.moods.__main__ import USAGE, main
from tests.moods.trial import Verdict, run

SAMPLE = ("OBO-4.1T-01", "OBO-4.1T-05", "OBO-4.2X-01", "OBO-4.2I-02", "OBO-4.2I-03", "OBO-AUD-01", "OBO-SCP-01")


def test_the_suite_comes_to_the_same_verdict() -> None:
    verdict = run(("invalid-client-401", "aud-array", "age-form", "usr-form", "scope-narrowed"), SAMPLE)
    assert verdict.green, "\n".join(verdict.lines())
    assert {verdict.outcomes[name].word for name in SAMPLE} == {"verified"}


def test_the_suite_waits_for_a_lagging_tenant() -> None:
    verdict = run(("lagging",), SAMPLE)
    assert verdict.green, "\n".join(verdict.lines())


@pytest.mark.parametrize("word", ["failed", "broken"])
def test_one_failure_makes_a_run_red(word: str) -> None:
    seen = {"OBO-4.2I-03": Observed(word, "expected x\nand more"), "OBO-4.2I-02": Observed("verified")}
    verdict = Verdict(("aud-array", "slow"), 1, seen)
    assert not verdict.green
    assert list(verdict.lines()) == [
        f"RED    aud-array+slow: 1 verified, 1 {word}",
        f"       {word} OBO-4.2I-03: expected x",
    ]


def test_a_run_that_came_to_no_end_is_red() -> None:
    verdict = Verdict(("slow",), 0, {}, "INTERNALERROR")
    assert not verdict.green
    assert list(verdict.lines()) == ["RED    slow: INTERNALERROR"]


def test_an_unknown_mood_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["aud-array+sloow"]) == USAGE
    assert "the nearest: slow" in capsys.readouterr().err
