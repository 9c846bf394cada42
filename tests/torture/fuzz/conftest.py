"""The seed of what is made up."""

from __future__ import annotations

import os
import random

import pytest

from tests.torture.conftest import Length

_VARIABLE = "OBO_TORTURE_SEED"
_SEED = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def fuzz_seed(pytestconfig: pytest.Config, length: Length) -> int:
    """0 in a short run, so that it does the same each time; else a new one, or that of OBO_TORTURE_SEED."""
    chosen = os.environ.get(_VARIABLE)
    number = int(chosen) if chosen else 0 if length.short else random.randrange(2**32)  # noqa: S311 - no secret
    pytestconfig.stash[_SEED] = number
    return number


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Which run to repeat."""
    if _SEED in config.stash:
        terminalreporter.write_line(f"{_VARIABLE}={config.stash[_SEED]}")
