"""Plugin of a trial: writes what became of each requirement to the file named by `--outcomes`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.report.ledger import Ledger


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--outcomes", type=Path, help="where to write the outcomes of the run, as JSON")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(config: pytest.Config) -> None:
    from fixtures.report.bookkeeping import ledger_of  # pytest wants to load the suite's plugins first

    if path := config.getoption("outcomes"):
        path.write_text(json.dumps(outcomes(ledger_of(config))), encoding="utf-8")


def outcomes(book: Ledger) -> dict[str, dict[str, object]]:
    """Outcome word, reason and what was recorded for information, by requirement that took part."""
    recorded: dict[str, set[str]] = {}
    for entry in book.entries.values():
        for remark in entry.remarks:
            recorded.setdefault(str(remark.requirement), set()).add(remark.text)
    return {
        requirement: {
            "word": outcome.word,
            "reason": outcome.reason,
            "recorded": sorted(recorded.get(requirement, ())),
        }
        for requirement, outcome in book.outcomes().items()
        if outcome.reason != "not selected"
    }
