"""What we want to reach: each goal as a figure of the samples and a limit.

benchmarks/dominates.toml says what is in the way of one that is missed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from benchmarks.measured import allure, memory, scaling, sharing, slow, suite, verdict
from benchmarks.results import Results
from benchmarks.rounds import Samples
from benchmarks.servers import OIDC, OPAQUE, OURS
from benchmarks.statistics import median

DOMINATES: Final = Path(__file__).with_name("dominates.toml")


class Figure(Protocol):
    """A number made of the samples; raises `KeyError` where what it needs was not measured."""

    def __call__(self, samples: Samples) -> float: ...


@dataclass(frozen=True)
class Value:
    """The median of one value of a peer."""

    peer: str
    name: str

    def __call__(self, samples: Samples) -> float:
        return median(samples[self.peer][self.name])


@dataclass(frozen=True)
class Quotient:
    """One in terms of another."""

    above: Figure
    below: Figure

    def __call__(self, samples: Samples) -> float:
        return self.above(samples) / self.below(samples)


@dataclass(frozen=True)
class Difference:
    """What one is more than another."""

    more: Figure
    less: Figure

    def __call__(self, samples: Samples) -> float:
        return self.more(samples) - self.less(samples)


@dataclass(frozen=True)
class Largest:
    """The worst of several."""

    figures: tuple[Figure, ...]

    def __call__(self, samples: Samples) -> float:
        return max(figure(samples) for figure in self.figures)


@dataclass(frozen=True)
class Goal:
    """One goal. `name` is its key in dominates.toml, `group` where its samples come from."""

    name: str
    group: str
    text: str
    figure: Figure
    limit: float
    at_least: bool = False
    unit: str = "x"

    @property
    def wanted(self) -> str:
        """The limit in words."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"

    def measured(self, results: Results) -> float | None:
        """The figure; None where it was not measured."""
        group = results.groups.get(self.group)
        try:
            return None if group is None else self.figure(group.samples)
        except KeyError:
            return None

    def met(self, value: float) -> bool:
        """Whether a figure reaches the goal."""
        return value >= self.limit if self.at_least else value <= self.limit


def ratio(name: str, peer: str, other: str) -> Quotient:
    """The same value of two peers."""
    return Quotient(Value(peer, name), Value(other, name))


def _runner(name: str, other: str, peer: str = verdict.OURS) -> Quotient:
    return ratio(name, peer, other)


def _server(name: str, algorithm: str) -> Quotient:
    return ratio(name, f"{OURS} {algorithm}", f"{OIDC} {algorithm}")


def _opaque(name: str) -> Quotient:
    return ratio(name, f"{OURS} ES256", OPAQUE)


def _whole_suite(name: str, way: str, other: str) -> Quotient:
    return ratio(name, f"whole suite, {way}", f"whole suite, {other}")


def _growth(*names: str) -> Largest:
    fewest, most = f"{scaling.SIZES[0]:,}", f"{scaling.SIZES[-1]:,}"
    return Largest(tuple(ratio(name, most, fewest) for name in names))


_ALLURE = Difference(Value(allure.WITHOUT_ATTACHMENTS, "cpu_ms"), Value(allure.WITHOUT, "cpu_ms"))
_BOUNDED = Quotient(Value(memory.SHORT_LIVED, "more_mib"), Value(memory.SHORT_LIVED, "many_mib"))
_SHARED = ratio("requests", sharing.SHARED, sharing.NOT_SHARED)

GOALS: Final = (
    Goal("slope-httpx", "verdict", "one more scenario / httpx script", _runner("slope_ms", "httpx script"), 3),
    Goal("slope-newman", "verdict", "one more scenario / newman", _runner("slope_ms", "newman"), 0.2),
    Goal("slope-tavern", "verdict", "one more scenario / tavern", _runner("slope_ms", "tavern"), 0.5),
    Goal(
        "cold", "verdict", "one flow, cold, server and all / newman", _runner("one_ms", "newman", verdict.EMBEDDED), 1
    ),
    Goal("peak", "verdict", "peak memory / newman", _runner("peak_mib", "newman"), 0.5),
    Goal("allure", "allure", "Allure without attachments, CPU a scenario", _ALLURE, 2.5, unit="ms"),
    Goal("suite", "suite", "whole suite on its own server", Value(suite.DEFAULT, "wall_s"), 12, unit="s"),
    Goal("slow", "slow", "whole suite, far away / serial", _whole_suite("wall_s", slow.DEFAULT, slow.SERIAL), 0.25),
    Goal("sharing", "sharing", "requests sent / without sharing", _SHARED, 0.6),
    Goal("es256", "exchange", "ES256 exchanges a second / oidc-provider", _server("per_s_32", "ES256"), 2, True),
    Goal("rs256", "exchange", "RS256 exchanges a second / oidc-provider", _server("per_s_32", "RS256"), 1.75, True),
    Goal("es256-p99", "exchange", "p99 of an ES256 exchange / oidc-provider", _server("p99_ms_32", "ES256"), 0.5),
    Goal("rs256-p99", "exchange", "p99 of an RS256 exchange / oidc-provider", _server("p99_ms_32", "RS256"), 0.5),
    Goal("introspection", "introspection", f"introspections a second / {OPAQUE}", _opaque("per_s_32"), 3, True),
    Goal("introspection-p99", "introspection", f"p99 of an introspection / {OPAQUE}", _opaque("p99_ms_32"), 0.5),
    Goal("introspection-jwt", "introspection", "the same / oidc-provider, JWT", _server("per_s_32", "ES256"), 3, True),
    Goal("start", "start", "start to first token / oidc-provider", _server("first_token_ms", "ES256"), 0.6),
    Goal("bounded", "growth", "memory after 1,000,000 exchanges / after 100,000", _BOUNDED, 2),
    Goal("full-exchange", "scaling", "an exchange among 10,000 / among 10", _growth("exchange_ms"), 2),
    Goal("full-introspection", "scaling", "an introspection among 10,000 / among 10", _growth("introspection_ms"), 2),
    Goal("full-queries", "scaling", "slowest `eq` query among 10,000 / among 10", _growth(*scaling.QUERIES), 2),
)


def dominating() -> dict[str, str]:
    """What dominates where a goal is missed, by the goal's name."""
    return {name: str(text) for name, text in tomllib.loads(DOMINATES.read_text(encoding="utf-8")).items()}
