"""What Allure's results cost a scenario: the same scenarios with them, without attachments, and without results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks.environments import installed, scratch
from benchmarks.processes import run
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.runs import flows
from benchmarks.standalone import standalone

SCENARIOS: Final = 200
WITH, WITHOUT_ATTACHMENTS, WITHOUT = "with Allure", "with Allure, without attachments", "without Allure"
OPTIONS: Final = {
    WITH: (),
    WITHOUT_ATTACHMENTS: ("-p", "benchmarks.without_attachments"),
    WITHOUT: ("-p", "no:allure_pytest"),
}


def measure(rounds: int) -> Measured:
    """All three in turns, at one server that has a core of its own."""
    with standalone() as server:
        peers: dict[str, Callable[[], Values]] = {
            name: partial(_cost, name, options, server.hand_made) for name, options in OPTIONS.items()
        }
        samples, failures = in_turns(peers, rounds)
    return Measured(samples, failures, {"allure": installed("allure-pytest", "pytest", "pytest-bdd")})


def _cost(name: str, options: tuple[str, ...], variables: dict[str, str]) -> Values:
    folder = scratch(f"allure {name}")
    cost = run(flows(folder, SCENARIOS, *options, variables=variables))
    files = len(list(folder.glob("allure-results/*")))
    return {
        "cpu_ms": cost.cpu_ms / SCENARIOS,
        "wall_ms": cost.wall_ms / SCENARIOS,
        "files": files / SCENARIOS,
    }
