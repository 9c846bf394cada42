"""`python3 run bench [--rounds 5] [--only NAME] [--write]`: exit status 0 whatever the numbers, 4 for bad usage."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from benchmarks.environments import HOME
from benchmarks.measured import GROUPS
from benchmarks.page import page
from benchmarks.processes import LOAD_CORE, ROOT, machine, pin
from benchmarks.results import Measured, Results
from benchmarks.rounds import Unmeasured, say

RESULTS = HOME / "results.json"
PAGE = ROOT / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, keep the numbers, and print or write the page of all that are there."""
    options = _options(arguments)
    pin(os.getpid(), LOAD_CORE)
    for name in [] if options.page else options.only or [name for name, group in GROUPS.items() if group.by_default]:
        began = time.perf_counter()
        say(f"{name}: {GROUPS[name].title}")
        _keep(name, _measured(name, options.rounds))
        say(f"{name}: {time.perf_counter() - began:.0f} s")
    text = page(Results.read(RESULTS))
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


def _measured(name: str, rounds: int) -> Measured:
    try:
        return GROUPS[name].measure(rounds)
    except (Unmeasured, OSError) as fault:
        say(f"  {fault}")
        return Measured({}, {name: str(fault)[-400:]})


def _keep(name: str, measured: Measured) -> None:
    """Write it beside what was measured before, meanwhile perhaps by somebody else."""
    results = Results.read(RESULTS)
    results.groups[name] = measured
    results.about = machine()
    results.write(RESULTS)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default: %(default)s)")
    parser.add_argument(
        "--only", action="append", choices=list(GROUPS), metavar="NAME", help=f"one of {', '.join(GROUPS)}; repeatable"
    )
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md instead of printing it")
    parser.add_argument("--page", action="store_true", help="measure nothing, show the numbers that are there")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
