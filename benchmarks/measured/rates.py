"""Requests that a server answers per second on one core, how long each takes, and what it costs the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks.processes import ROOT, SERVER_CORE, Command, run
from benchmarks.results import Measured
from benchmarks.rounds import Unmeasured, Values, in_turns
from benchmarks.servers import AUTHLIB, OPAQUE, Server, asked, servers, versions

CONNECTIONS: Final = (1, 8, 32)
SECONDS: Final = {1: 0.4, 8: 0.4, 32: 1.0}
WARM_UP_SECONDS: Final = 0.3
OPENSSL_KEYS: Final = {"ES256": "ecdsap256", "RS256": "rsa2048"}


def measure(request: str, rounds: int) -> Measured:
    """Each round starts each server anew, one at a time, on a core of its own; the load has the other."""
    chosen = {name: server for name, server in servers().items() if _asks(name, request)}
    peers: dict[str, Callable[[], Values]] = {n: partial(_rates, server, request) for n, server in chosen.items()}
    if request == "exchange":
        peers |= {f"openssl speed, {name}": partial(_signatures, key) for name, key in OPENSSL_KEYS.items()}
    samples, failures = in_turns(peers, rounds)
    return Measured(samples, failures, versions())


def _asks(name: str, request: str) -> bool:
    """Reference tokens matter where tokens are introspected; Authlib is told of by its exchanges."""
    if name == OPAQUE:
        return request == "introspection"
    return request == "exchange" or not name.startswith(AUTHLIB)


def _rates(server: Server, request: str) -> Values:
    values: dict[str, float] = {}
    with server() as served:
        asked(served, request, max(CONNECTIONS), seconds=WARM_UP_SECONDS)
        for connections in reversed(CONNECTIONS):
            outcome, cpu_us = asked(served, request, connections, seconds=SECONDS[connections])
            values |= {
                f"per_s_{connections}": outcome.per_second,
                f"p50_ms_{connections}": outcome.p50_ms,
                f"p99_ms_{connections}": outcome.p99_ms,
                f"cpu_us_{connections}": cpu_us,
            }
    return values


def _signatures(key: str) -> Values:
    """Signatures a second that OpenSSL makes on the server's core: what no server on it can exceed."""
    command = Command(["openssl", "speed", "-mr", "-seconds", "1", key], ROOT)
    found = re.search(r"^\+F[24]:\d+:\d+:([\d.]+):", run(command, core=SERVER_CORE).output, re.MULTILINE)
    if found is None:
        raise Unmeasured("openssl speed told nothing of signatures")
    return {f"per_s_{max(CONNECTIONS)}": float(found[1])}
