"""`python3 run endurance`: 0 the tenant is always what it was before, 1 it isn't."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle as endlessly
from itertools import islice
from pathlib import Path

from tests.endurance.cycles import cycle
from tests.endurance.killing import PLANS, kill, reap
from tests.endurance.side_by_side import run_beside
from tests.endurance.standalone import Standalone, standalone


def main(arguments: Sequence[str] | None = None) -> int:
    """All of it, on one server, with figures."""
    parser = argparse.ArgumentParser(prog="run endurance", description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000, help="of create and destroy (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=50, help="runs to kill (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=8693, help="of the moments (default: %(default)s)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="obo-endurance-") as folder, standalone(Path(folder)) as server:
        try:
            print(f"create and destroy: {cycle(server, options.cycles)}; each left the tenant as it was", flush=True)
            _kills(server, options.kills, random.Random(options.seed))  # noqa: S311 - moments, no secrets
            _beside(server)
        except AssertionError as failure:
            print(failure, file=sys.stderr)
            return 1
    return 0


def _kills(server: Standalone, count: int, random_source: random.Random) -> None:
    began, changed, provider, entries, ended = time.monotonic(), 0, 0, 0, 0
    kinds: Counter[str] = Counter()
    for plan in islice(endlessly(PLANS), count):
        killed = kill(server, plan, random_source)
        print(f"  {killed}", flush=True)
        ended += killed.ended_by_itself
        changed += killed.changed
        provider += killed.provider_changed
        entries += killed.entries
        kinds.update(line.partition(":")[0] for line in killed.reaped.splitlines())
    assert "nothing to remove" in reap(server)
    print(
        f"killed: {count - ended} of {count} runs ({ended} ended first); {changed} had changed the tenant, {provider} "
        f"its provider; {entries} open entries ({', '.join(f'{n} {kind}' for kind, n in kinds.most_common())}); "
        f"after each reap the tenant was as before; {time.monotonic() - began:.0f} s",
        flush=True,
    )


def _beside(server: Standalone) -> None:
    for exclusive in (False, True):
        began = time.monotonic()
        beside = run_beside(server, [], ["-k", "task_1 or task_4_2"], exclusive=exclusive)
        print(
            f"two at once{', both exclusive' if exclusive else ''}: the whole suite and {beside.short_runs} short runs "
            f"beside it, all green; the tenant was as before; {time.monotonic() - began:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
