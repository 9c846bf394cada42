"""How soon a server gives its first token, and what memory it has then."""

from __future__ import annotations

from functools import partial

from benchmarks.processes import memory_mib
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.servers import OPAQUE, Server, servers, versions


def measure(rounds: int) -> Measured:
    """Each round starts each server once."""
    chosen = {name: partial(_started, server) for name, server in servers().items() if name != OPAQUE}
    samples, failures = in_turns(chosen, rounds)
    return Measured(samples, failures, versions())


def _started(server: Server) -> Values:
    with server() as served:
        return {"first_token_ms": served.first_token_ms, "idle_mib": memory_mib(served.process.pid)}
