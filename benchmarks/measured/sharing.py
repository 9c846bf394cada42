"""How many requests the whole suite sends, and how many fewer because scenarios share what can't change a verdict."""

from __future__ import annotations

from functools import partial

from benchmarks.environments import scratch
from benchmarks.processes import ROOT, run
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.runs import UNSHARED, suite
from benchmarks.standalone import Standalone, standalone

SHARED, NOT_SHARED = "with sharing", "without sharing"


def measure(_rounds: int) -> Measured:
    """Once each, at a server that counts: a number of requests is the same each time, or nearly."""
    with standalone("--count", module="benchmarks.tenant") as server:
        samples, failures = in_turns({SHARED: partial(_sent, server), NOT_SHARED: partial(_sent, server, UNSHARED)}, 1)
    return Measured(samples, failures)


def _sent(server: Standalone, *options: str) -> Values:
    results = scratch("sharing") / "allure-results"
    before = server.requests()
    run(suite(ROOT, f"--alluredir={results}", *options, variables=server.administrator))
    return {"requests": server.requests() - before}
