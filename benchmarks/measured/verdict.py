"""Time to verdict: the guide's flow once and many times, in runners that report what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

from benchmarks.environments import installed, scratch
from benchmarks.flow import Deployment
from benchmarks.peers import behave, httpx_script, newman, tavern, versions_of
from benchmarks.processes import Command, run
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.runs import OWN_TOKENS, flows
from benchmarks.standalone import standalone

MANY = 100
OURS, SHARED, EMBEDDED = "ours, with Allure", "ours, tokens shared", "ours, its server included"
PEERS: tuple[ModuleType, ...] = (httpx_script, behave, tavern, newman)


def measure(rounds: int) -> Measured:
    """Everyone on the same server, which has a core of its own; `EMBEDDED` brings its own on the runner's core."""
    with standalone() as server:
        peers: dict[str, Callable[[], Values]] = {
            OURS: partial(_once_and_many, OURS, partial(_ours, OWN_TOKENS, server.hand_made)),
            SHARED: partial(_once_and_many, SHARED, partial(_ours, "", server.hand_made)),
            EMBEDDED: partial(_once, partial(_ours, "", {})),
        }
        for peer in PEERS:
            peers[peer.NAME] = partial(_once_and_many, peer.NAME, partial(_theirs, peer, server.deployment))
        samples, failures = in_turns(peers, rounds)
    own = installed("pytest", "pytest-bdd", "allure-pytest", "httpx")
    return Measured(samples, failures, {"ours": own} | versions_of(*PEERS))


def _once_and_many(name: str, command: Callable[[int, Path], Command]) -> Values:
    one = run(command(1, scratch(f"{name}-1")))
    many = run(command(MANY, scratch(f"{name}-{MANY}")))
    return {
        "one_ms": one.wall_ms,
        "many_ms": many.wall_ms,
        "slope_ms": (many.wall_ms - one.wall_ms) / (MANY - 1),
        "slope_cpu_ms": (many.cpu_ms - one.cpu_ms) / (MANY - 1),
        "peak_mib": many.peak_mib,
    }


def _once(command: Callable[[int, Path], Command]) -> Values:
    one = run(command(1, scratch("embedded")))
    return {"one_ms": one.wall_ms, "one_cpu_ms": one.cpu_ms, "peak_mib": one.peak_mib}


def _ours(tag: str, variables: dict[str, str], count: int, folder: Path) -> Command:
    return flows(folder, count, tag=tag, variables=variables)


def _theirs(peer: ModuleType, deployment: Deployment, count: int, folder: Path) -> Command:
    command: Command = peer.command(deployment, count, folder)
    return command
