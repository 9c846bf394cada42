"""obo-results.json: written and read without loss; what can't be read says so in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.results.document import ResultsError, RunResults
from tests.results.runs import requirement, results


def test_what_is_written_is_read_again() -> None:
    run = results(requirement(), requirement("OBO-1-01", "failed"), noted=("a",), faults=("b",), retries={"503": 2})
    assert RunResults.from_text(run.to_text()) == run


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no JSON, perhaps cut off"),
        (results().to_text()[:200], "is no JSON, perhaps cut off"),
        ("[]", "holds no results of this suite"),
        ('{"format": "obo-results/0"}', "has the format 'obo-results/0', and 'obo-results/1' is needed"),
        ('{"format": "obo-results/1"}', "is damaged"),
        (json.dumps(json.loads(results().to_text()) | {"requirements": [1]}), "is damaged"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(text: str, said: str) -> None:
    with pytest.raises(ResultsError, match=r"^old\.json: .* anew") as caught:
        RunResults.from_text(text, "old.json")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"No such file or directory; a run writes it: python3 run"):
        RunResults.read(tmp_path / "obo-results.json")
