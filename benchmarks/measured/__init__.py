"""What is measured: a group for each `--only NAME`, in the order in which the page tells of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from benchmarks.measured import rates, verdict
from benchmarks.results import Measured


@dataclass(frozen=True)
class Group:
    """Measurements that are taken together."""

    title: str
    measure: Callable[[int], Measured]
    """Takes so many rounds."""


GROUPS: Final = {
    "verdict": Group("time to verdict", verdict.measure),
    "exchange": Group("token exchange", partial(rates.measure, "exchange")),
    "introspection": Group("introspection", partial(rates.measure, "introspection")),
    "password": Group("password grant", partial(rates.measure, "password")),
}
