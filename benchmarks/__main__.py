"""`python3 run bench [--rounds 5] [--only NAME] [--write]`: 0 whatever the numbers, 4 usage, 10 a broken set-up."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence

from benchmarks.environments import HOME
from benchmarks.machine import machine
from benchmarks.measured import GROUPS
from benchmarks.page import page
from benchmarks.processes import ROOT
from benchmarks.results import Measured, Results
from benchmarks.rounds import say, told
from fixtures.command_line import Arguments

RESULTS = HOME / "results.json"
INTERRUPTED, BROKEN = 2, 10
PAGE = ROOT / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, keep the numbers, and print or write the page of all that are there."""
    options = _options(arguments)
    chosen = options.only or [name for name, group in GROUPS.items() if group.by_default]
    done = [_measure(name, options.rounds) for name in chosen if not options.page]
    text = page(Results.read(RESULTS))
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0 if all(done) else BROKEN


def _measure(name: str, rounds: int) -> bool:
    """Measure a group; False where that was impossible, for all of its peers alike."""
    began = time.perf_counter()
    say(f"{name}: {GROUPS[name].title}")
    try:
        _keep(name, GROUPS[name].measure(rounds))
    except Exception as fault:  # the other groups are measured
        say(f"{name} could not be measured: {told(fault)}")
        return False
    say(f"{name}: {time.perf_counter() - began:.0f} s")
    return True


def _keep(name: str, measured: Measured) -> None:
    """Write it beside what was measured before, meanwhile perhaps by somebody else."""
    results = Results.read(RESULTS)
    results.groups[name] = measured
    results.about = machine()
    results.write(RESULTS)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Arguments(prog="run bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default: %(default)s)")
    parser.add_argument(
        "--only", action="append", choices=list(GROUPS), metavar="NAME", help=f"one of {', '.join(GROUPS)}; repeatable"
    )
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md instead of printing it")
    parser.add_argument("--page", action="store_true", help="measure nothing, show the numbers that are there")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    return options


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # servers and runs are ended on the way out
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
