"""How long a torture lasts, and the figures that it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

Count = Callable[[str, int], None]
"""What the fixture `count` gives."""
_SHARE_WHEN_SHORT = 100
_FIGURE = "torture: "  # begins the name of a property of a test's report: those reach us from workers too


@dataclass(frozen=True)
class Length:
    """How much is enough."""

    short: bool

    def of(self, long: int, *, at_least: int = 1) -> int:
        """The count for this run: all of `long`, or a hundredth of it but `at_least` that many."""
        return max(at_least, long // _SHARE_WHEN_SHORT) if self.short else long


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--short`."""
    parser.addoption("--short", action="store_true", help="a sample of each torture, in minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Where the figures of all tests come together."""
    config.pluginmanager.register(_Figures())


@pytest.fixture(scope="session")
def length(pytestconfig: pytest.Config) -> Length:
    """How much is enough in this run."""
    return Length(bool(pytestconfig.getoption("--short")))


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """`count("requests generated", 5)`: figures under one name are added up and printed at the end of the run."""
    return lambda name, number: record_property(_FIGURE + name, number)


class _Figures:
    def __init__(self) -> None:
        self._totals: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":  # the last of a test, with all of its properties
            for name, number in report.user_properties:
                if name.startswith(_FIGURE) and isinstance(number, int):
                    self._totals[name.removeprefix(_FIGURE)] += number

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name, total in self._totals.items():
            terminalreporter.write_line(f"{name}: {total:,}")
