"""The memory of a server: idle, after many exchanges, and whether it grows for ever."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks.flow import Served
from benchmarks.processes import memory_mib
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.servers import OIDC, OURS, Server, asked, servers, versions
from benchmarks.standalone import standalone

CONNECTIONS: Final = 32
MANY: Final = 100_000
STEPS: Final = 10
"""How many times as many are exchanged to see whether memory is bounded."""
LIFETIME_SECONDS: Final = 30
SHORT_LIVED: Final = f"{OURS}, tokens live {LIFETIME_SECONDS} s"


def measure(_rounds: int) -> Measured:
    """Once each, however many rounds: what is told is a size, not a speed."""
    chosen = servers()
    peers: dict[str, Callable[[], Values]] = {
        name: partial(_after_many, chosen[f"{name} ES256"]) for name in (OURS, OIDC)
    }
    samples, failures = in_turns(peers, 1)
    return Measured(samples, failures, versions(), ("tokens live an hour",))


def measure_growth(_rounds: int) -> Measured:
    """Tokens of ours that live so shortly that most have expired long before the end: are they forgotten?"""
    samples, failures = in_turns({SHORT_LIVED: _growth}, 1)
    return Measured(samples, failures)


def _after_many(server: Server) -> Values:
    with server() as served:
        idle = memory_mib(served.process.pid)
        return {"idle_mib": idle, "many_mib": _exchanged(served)}


def _growth() -> Values:
    with standalone(lifetime_seconds=LIFETIME_SECONDS) as server:
        idle = memory_mib(server.process.pid)
        sizes = [_exchanged(server) for _ in range(STEPS)]
        return {"idle_mib": idle, "many_mib": sizes[0], "more_mib": sizes[-1]}


def _exchanged(served: Served) -> float:
    asked(served, "exchange", CONNECTIONS, count=MANY)
    return memory_mib(served.process.pid)
