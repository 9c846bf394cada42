"""What is measured: a group for each `--only NAME`, in the order in which the page tells of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from benchmarks.measured import allure, memory, rates, scaling, sharing, slow, start, suite, verdict
from benchmarks.results import Measured


@dataclass(frozen=True)
class Group:
    """Measurements that are taken together."""

    title: str
    measure: Callable[[int], Measured]
    """Takes so many rounds."""
    by_default: bool = True
    """Whether it is measured unless `--only` says otherwise."""


GROUPS: Final = {
    "verdict": Group("Time to verdict", verdict.measure),
    "allure": Group("What Allure's results cost", allure.measure),
    "suite": Group("The whole suite", suite.measure),
    "sharing": Group("Requests sent", sharing.measure),
    "slow": Group("A slow tenant", slow.measure),
    "exchange": Group("Token exchange", partial(rates.measure, "exchange")),
    "introspection": Group("Introspection", partial(rates.measure, "introspection")),
    "password": Group("Password grant", partial(rates.measure, "password")),
    "start": Group("Start to first token", start.measure),
    "memory": Group("Memory", memory.measure),
    "growth": Group("Memory after a million exchanges", memory.measure_growth, by_default=False),
    "scaling": Group("Ten to ten thousand of everything", scaling.measure),
}
