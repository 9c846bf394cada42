"""What `python3 run load` is told. Every load is bounded, in users and in time."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fixtures.command_line import Arguments
from load.thresholds import Threshold

MOST_USERS: Final = 1000
LONGEST_SECONDS: Final = 3600
MOST_WORKERS: Final = 32
ARRIVAL_SECONDS: Final = 5
"""In which all users arrive, where nothing else is said."""
LEAST_THINK_SECONDS, MOST_THINK_SECONDS = 0.1, 60.0
MASTERS_PORT: Final = 5557  # Locust's own default
REPORTS: Final = Path("obo-load")


@dataclass(frozen=True)
class Options:
    """How many, how long, where the reports go, and what counts as too slow."""

    users: int
    duration: int
    """Seconds, the time in which users arrive included."""
    spawn_rate: float
    """Users who arrive in a second."""
    think_seconds: float
    workers: int
    remote_workers: int
    port: int | None
    handover: Path | None
    thresholds: tuple[Threshold, ...]
    html: Path
    csv: Path

    @property
    def processes(self) -> int:
        """How many processes share the users."""
        return self.workers + self.remote_workers or 1


def read(arguments: Sequence[str] | None) -> Options:
    """The options of a command line; ends the process with status 4 where they can't be used."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.remote_workers and not given.handover:
        parser.error("--remote-workers: needs --handover FILE, which these workers read")
    if given.handover and given.handover.exists():
        parser.error(f"--handover: {given.handover} exists; name another file")
    if given.spawn_rate is None:
        given.spawn_rate = max(1.0, given.users / ARRIVAL_SECONDS)
    given.thresholds = tuple(given.thresholds)
    return Options(**vars(given))


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="run load", description=__doc__)
    whole, number = _between(int), _between(float)
    parser.add_argument("--users", type=whole(1, MOST_USERS), default=50, help=f"up to {MOST_USERS} (%(default)s)")
    parser.add_argument(
        "--duration",
        type=whole(1, LONGEST_SECONDS),
        default=60,
        metavar="SECONDS",
        help=f"up to {LONGEST_SECONDS} (%(default)s)",
    )
    parser.add_argument("--spawn-rate", type=number(0.1, MOST_USERS), metavar="USERS", help="who arrive in a second")
    parser.add_argument(
        "--think-seconds",
        type=number(LEAST_THINK_SECONDS, MOST_THINK_SECONDS),
        default=2.0,
        metavar="SECONDS",
        help="what a user waits between two tasks on average (%(default)s)",
    )
    parser.add_argument(
        "--fail-above-ms",
        type=Threshold.parse,
        nargs="+",
        default=[],
        dest="thresholds",
        metavar="p95=MS",
        help="percentiles that must not be above so many milliseconds; of one kind of request: 'exchange:p95=MS'",
    )
    parser.add_argument("--html", type=Path, default=REPORTS / "report.html", metavar="FILE")
    parser.add_argument("--csv", type=Path, default=REPORTS / "load", metavar="PREFIX")
    parser.add_argument("--workers", type=whole(0, MOST_WORKERS), default=0, help="Locust workers on this machine")
    parser.add_argument(
        "--remote-workers", type=whole(0, MOST_WORKERS), default=0, metavar="N", help="workers elsewhere to wait for"
    )
    parser.add_argument("--port", type=whole(1, 65535), help=f"Locust's master, on loopback ({MASTERS_PORT})")
    parser.add_argument("--handover", type=Path, metavar="FILE", help="where to write what remote workers need")
    return parser


def _between(kind: Callable[[str], Any]) -> Callable[[float, float], Callable[[str], Any]]:
    """An argument type: a number from one limit to another."""

    def within(low: float, high: float) -> Callable[[str], Any]:
        def parse(text: str) -> Any:
            value = kind(text)
            if not low <= value <= high:
                raise argparse.ArgumentTypeError(f"{text} is not from {low} to {high}")
            return value

        parse.__name__ = getattr(kind, "__name__", "number")  # argparse names it where the text is no number
        return parse

    return within
