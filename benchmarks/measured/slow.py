"""A tenant that is far away: every request takes 150 ms. One process, eight, and what `python3 run` chooses itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks.environments import scratch
from benchmarks.ours import Standalone, flows, front_door, front_door_flows, standalone, suite
from benchmarks.processes import ROOT, Command, run
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.tenant import COUNT_PATH

SCENARIOS: Final = 40
ROUNDS_AT_MOST: Final = 3
SERIAL, EIGHT, DEFAULT = "one process", "-n 8", "python3 run"
WITHOUT_SHARING: Final = "one process, nothing shared"
SHARING_OFF: Final[dict[str, str]] = {}
"""Variables with which a run shares no tokens between scenarios; none: there is no such switch, and no comparison."""


def measure(rounds: int) -> Measured:
    """The flows in turns; the whole suite once, since it takes minutes."""
    with standalone("--mood", "slow", module="benchmarks.tenant") as server:
        samples, failures = in_turns(_flows(server), min(rounds, ROUNDS_AT_MOST))
        whole, failed = in_turns(_whole(server), 1)
    notes = (f"{SCENARIOS} flows: at most {ROUNDS_AT_MOST} rounds; the whole suite: one",)
    return Measured(samples | whole, failures | failed, notes=notes)


def _flows(server: Standalone) -> dict[str, Callable[[], Values]]:
    folder = scratch("slow flows")
    hand_made = server.hand_made
    commands = {
        SERIAL: flows(folder, SCENARIOS, variables=hand_made),
        EIGHT: flows(folder, SCENARIOS, "-n", "8", variables=hand_made),
        DEFAULT: front_door_flows(folder, SCENARIOS, variables=hand_made),
    }
    return {f"{SCENARIOS} flows, {name}": partial(_timed, server, command) for name, command in commands.items()}


def _whole(server: Standalone) -> dict[str, Callable[[], Values]]:
    results = f"--alluredir={scratch('slow suite') / 'allure-results'}"
    rights = server.administrator | {"OBO_EXCLUSIVE_TENANT": "1", "OBO_SECOND_REALM": "bravo"}
    commands = {
        SERIAL: suite(ROOT, results, variables=rights),
        EIGHT: suite(ROOT, results, "-n", "8", variables=rights),
        DEFAULT: front_door("-q", results, variables=rights),
    }
    if SHARING_OFF:
        commands[WITHOUT_SHARING] = suite(ROOT, results, variables=rights | SHARING_OFF)
    return {f"whole suite, {name}": partial(_timed, server, command) for name, command in commands.items()}


def _timed(server: Standalone, command: Command) -> Values:
    before = _requests(server)
    cost = run(command, core=None)
    return {
        "wall_s": cost.wall_ms / 1000,
        "cpu_s": cost.cpu_ms / 1000,
        "requests": _requests(server) - before,
    }


def _requests(server: Standalone) -> int:
    _, count = server.deployment.post(COUNT_PATH, {})
    return int(count)
