"""Locust's statistics as a summary."""

from __future__ import annotations

from collections.abc import Iterator

from locust.env import Environment
from locust.runners import MasterRunner
from locust.stats import StatsEntry

from load.summary import PERCENTILES, Failure, Figures, Summary

SHORT_OF_CPU = "Locust was short of CPU: times are longer than the tenant's; use more workers or machines"


def summary_of(environment: Environment) -> Summary:
    """What came of the load that this process led."""
    stats = environment.stats
    return Summary(
        _figures(stats.total),
        {name: _figures(entry) for (name, _), entry in stats.entries.items()},
        tuple(Failure(error.name, str(error.error), error.occurrences) for error in stats.errors.values()),
        tuple(_troubles(environment)),
        tuple(_notes(environment)),
    )


def _figures(entry: StatsEntry) -> Figures:
    percentiles = {str(each): float(entry.get_response_time_percentile(each / 100)) for each in PERCENTILES}
    return Figures(entry.num_requests, entry.total_rps, percentiles)


def _troubles(environment: Environment) -> Iterator[str]:
    runner = environment.runner
    if runner is None:
        return
    for fault in runner.exceptions.values():
        yield f"{fault['count']} x a simulated user broke down: {fault['msg']}"
    if isinstance(runner, MasterRunner) and runner.clients.missing:
        yield f"{len(runner.clients.missing)} workers were lost"


def _notes(environment: Environment) -> Iterator[str]:
    runner = environment.runner
    if runner and (runner.cpu_warning_emitted or runner.worker_cpu_warning_emitted):
        yield SHORT_OF_CPU
