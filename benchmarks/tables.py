"""Which figures of a group the page shows, and whom they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.measured import allure, memory, scaling, sharing, slow, suite, verdict
from benchmarks.servers import OURS


@dataclass(frozen=True)
class Column:
    """Medians of one or several values in a cell; the last is told as a ratio, too."""

    heading: str
    names: tuple[str, ...]
    digits: int = 0


@dataclass(frozen=True)
class Table:
    """A row for each peer. `bases` name the peer that others are compared with, by a part of their names.

    The first part that fits decides.
    """

    columns: tuple[Column, ...]
    bases: Mapping[str, str]
    told: str = ""

    def base(self, peer: str) -> str | None:
        """Whom this one is compared with."""
        return next((base for part, base in self.bases.items() if part in peer), None)


_BY_ALGORITHM = {"ES256": f"{OURS} ES256", "RS256": f"{OURS} RS256", "": f"{OURS} ES256"}
_RATES: Final = Table(
    (
        Column("a second, at 1 / 8 / 32 connections", ("per_s_1", "per_s_8", "per_s_32")),
        Column("p50 ms", ("p50_ms_1", "p50_ms_8", "p50_ms_32"), 2),
        Column("p99 ms", ("p99_ms_1", "p99_ms_8", "p99_ms_32"), 2),
        Column("server's CPU, µs each, at 32", ("cpu_us_32",)),
    ),
    _BY_ALGORITHM,
)

TABLES: Final = {
    "verdict": Table(
        (
            Column("one flow, cold, ms", ("one_ms",)),
            Column(f"{verdict.MANY} flows, ms", ("many_ms",)),
            Column("a further flow, ms", ("slope_ms",), 2),
            Column("of that CPU, ms", ("slope_cpu_ms",), 2),
            Column("peak memory, MiB", ("peak_mib",)),
        ),
        {"": verdict.OURS},
        "Four requests a flow, with assertions on scope, subject and actor. Everyone asks the same server, which has "
        "the other core. Ours writes Allure's results, the others nothing.",
    ),
    "allure": Table(
        (
            Column("CPU a scenario, ms", ("cpu_ms",), 2),
            Column("wall a scenario, ms", ("wall_ms",), 2),
            Column("files a scenario", ("files",), 1),
        ),
        {"": allure.WITHOUT},
        f"{allure.SCENARIOS} of the same flows; start-up is in the figures and the same in all three.",
    ),
    "suite": Table(
        (Column("wall, s", ("wall_s",), 1), Column("CPU, s", ("cpu_s",), 1), Column("peak memory, MiB", ("peak_mib",))),
        {"": suite.DEFAULT},
        "All requirements, on all cores.",
    ),
    "sharing": Table(
        (Column("requests", ("requests",)),), {"": sharing.NOT_SHARED}, "The whole suite, in one process."
    ),
    "slow": Table(
        (Column("wall, s", ("wall_s",), 1), Column("CPU, s", ("cpu_s",), 1), Column("requests", ("requests",))),
        {f"{slow.SCENARIOS} flows": f"{slow.SCENARIOS} flows, {slow.SERIAL}", "": f"whole suite, {slow.SERIAL}"},
        "150 ms a request.",
    ),
    "exchange": _RATES,
    "introspection": _RATES,
    "password": _RATES,
    "start": Table(
        (Column("start to first token, ms", ("first_token_ms",)), Column("memory then, MiB", ("idle_mib",))),
        _BY_ALGORITHM,
        "From the start of the process. Ours gives its first token to the service account: nobody else is there yet.",
    ),
    "memory": Table(
        (Column("idle, MiB", ("idle_mib",)), Column(f"after {memory.MANY:,} exchanges", ("many_mib",))), {"": OURS}
    ),
    "growth": Table(
        (
            Column("idle, MiB", ("idle_mib",)),
            Column(f"after {memory.MANY:,} exchanges", ("many_mib",)),
            Column(f"after {memory.STEPS * memory.MANY:,}", ("more_mib",)),
        ),
        {},
    ),
    "scaling": Table(
        tuple(Column(f"{name.removesuffix('_ms')}, ms", (name,), 2) for name in scaling.LATENCIES),
        {"": f"{scaling.SIZES[0]:,}"},
        "Users, agents, privileges and tokens, so many of each; the median latency on one connection.",
    ),
}
