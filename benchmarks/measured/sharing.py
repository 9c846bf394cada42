"""How many requests the whole suite sends, and how many fewer because scenarios share what can't change a verdict."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.environments import scratch
from benchmarks.ours import UNSHARED, Standalone, standalone, suite
from benchmarks.processes import ROOT, run
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns

SHARED, NOT_SHARED = "with sharing", "without sharing"


def measure(_rounds: int) -> Measured:
    """Once each, at a server that counts: a number of requests is the same each time, or nearly."""
    with standalone("--count", module="benchmarks.tenant") as server:
        peers: dict[str, Callable[[], Values]] = {SHARED: partial(_sent, server, ())}
        if UNSHARED:
            peers[NOT_SHARED] = partial(_sent, server, UNSHARED)
        samples, failures = in_turns(peers, 1)
    return Measured(samples, failures | ({} if UNSHARED else {NOT_SHARED: "there is no option for it"}))


def _sent(server: Standalone, options: tuple[str, ...]) -> Values:
    results = scratch("sharing") / "allure-results"
    before = server.requests()
    run(suite(ROOT, f"--alluredir={results}", *options, variables=server.administrator))
    return {"requests": server.requests() - before}
