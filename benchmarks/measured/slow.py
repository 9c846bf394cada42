"""A tenant that is far away: every request takes 150 ms. One process, eight, and what `python3 run` chooses itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks.environments import scratch
from benchmarks.processes import ROOT, Command, run
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.runs import flows, front_door, front_door_flows, suite
from benchmarks.standalone import Standalone, standalone

SCENARIOS: Final = 40
ROUNDS_AT_MOST: Final = 2
SERIAL, EIGHT, DEFAULT = "one process", "-n 8", "python3 run"


def measure(rounds: int) -> Measured:
    """The flows in turns; the whole suite once, since in one process it takes ten minutes."""
    with standalone("--count", "--mood", "slow", module="benchmarks.tenant") as server:
        samples, failures = in_turns(_flows(server), min(rounds, ROUNDS_AT_MOST))
        whole, failed = in_turns(_whole(server), 1)
    notes = (f"{SCENARIOS} flows at most {ROUNDS_AT_MOST}, the whole suite one",)
    return Measured(samples | whole, failures | failed, notes=notes)


def _flows(server: Standalone) -> dict[str, Callable[[], Values]]:
    folder, variables = scratch("slow flows"), server.hand_made
    commands = {
        SERIAL: flows(folder, SCENARIOS, parts=SCENARIOS, variables=variables),
        EIGHT: flows(folder, SCENARIOS, "-n", "8", parts=SCENARIOS, variables=variables),
        DEFAULT: front_door_flows(folder, SCENARIOS, parts=SCENARIOS, variables=variables),
    }
    return {f"{SCENARIOS} flows, {name}": partial(_timed, server, command) for name, command in commands.items()}


def _whole(server: Standalone) -> dict[str, Callable[[], Values]]:
    results = f"--alluredir={scratch('slow suite') / 'allure-results'}"
    commands = {
        SERIAL: suite(ROOT, results, variables=server.administrator),
        DEFAULT: front_door("-q", results, variables=server.administrator),
    }
    return {f"whole suite, {name}": partial(_timed, server, command) for name, command in commands.items()}


def _timed(server: Standalone, command: Command) -> Values:
    before = server.requests()
    cost = run(command, core=None)
    return {
        "wall_s": cost.wall_ms / 1000,
        "cpu_s": cost.cpu_ms / 1000,
        "requests": server.requests() - before,
    }
