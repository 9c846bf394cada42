"""The whole suite on its own server, as `python3 run` does it."""

from __future__ import annotations

from benchmarks.environments import installed, scratch
from benchmarks.processes import run
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.runs import front_door

DEFAULT = "python3 run"


def measure(rounds: int) -> Measured:
    """On all cores that there are."""
    samples, failures = in_turns({DEFAULT: _whole}, rounds)
    return Measured(samples, failures, {"ours": installed("pytest", "pytest-bdd", "pytest-xdist", "httpx")})


def _whole() -> Values:
    folder = scratch("suite")
    cost = run(front_door("-q", f"--alluredir={folder / 'allure-results'}"), core=None)
    return {"wall_s": cost.wall_ms / 1000, "cpu_s": cost.cpu_ms / 1000, "peak_mib": cost.peak_mib}
