"""`python3 run mutation [--workers N] [PART …]`: 0 the tests notice enough, 1 they don't, 4 usage, 10 no result."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation import workspace
from tests.mutation.judgement import Judgement, accepted, judge
from tests.mutation.mutants import Mutant, read
from tests.mutation.parts import PARTS

USAGE, BROKEN = 4, 10
SURVIVORS = Path(__file__).with_name("survivors.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Mutate the parts one after the other, and judge what the tests noticed."""
    options = _options(arguments)
    if unknown := sorted({*options.parts} - PARTS.keys()):
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return USAGE
    reasons = accepted(SURVIVORS)
    failed = False
    for name in options.parts or PARTS:
        place = workspace.fill(PARTS[name])
        if status := workspace.run(place, options.workers):
            print(f"{name}: mutmut ended with status {status}; the lines above say why", file=sys.stderr)
            return BROKEN
        mutants = read(place)
        judgement = judge(mutants, reasons)
        _print(name, judgement, mutants)
        failed |= not judgement.is_enough
    return int(failed)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run mutation", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="tests that run at the same time")
    return parser.parse_args(arguments)


def _print(name: str, judgement: Judgement, mutants: Sequence[Mutant]) -> None:
    for mutant in judgement.unexplained:
        print(f"survived, no reason given: {mutant.change}")
    for change in judgement.stale:
        print(f"killed, though listed as a survivor: {change}")
    behaviour = [mutant for mutant in mutants if not mutant.is_wording]
    killed = sum(mutant.killed for mutant in behaviour)
    print(f"{name}: mutants killed {judgement.killed}/{judgement.total} ({judgement.share:.1%})")
    print(f"{name}: without those of mere wording {killed}/{len(behaviour)} ({killed / max(1, len(behaviour)):.1%})")


if __name__ == "__main__":
    sys.exit(main())
