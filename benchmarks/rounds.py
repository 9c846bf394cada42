"""Peers take turns: what disturbs the machine for a while disturbs all of them alike."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping

Values = Mapping[str, float]
"""Figures of one measurement by name."""
Samples = dict[str, dict[str, list[float]]]
"""The values of all rounds, by peer and by name."""


class Unmeasured(Exception):
    """A peer can't be measured, and why."""


def in_turns(peers: Mapping[str, Callable[[], Values]], rounds: int) -> tuple[Samples, dict[str, str]]:
    """Measure each peer once a round; a peer that fails is left out of the rounds that follow, and named with why.

    The order is turned by one each round, so that nobody always comes after the same neighbour.
    """
    samples: Samples = {}
    failures: dict[str, str] = {}
    names = list(peers)
    for number in range(rounds):
        turn = number % max(1, len(names))
        for name in names[turn:] + names[:turn]:
            if name in failures:
                continue
            began = time.perf_counter()
            try:
                values = peers[name]()
            except Exception as fault:  # whatever is wrong with a peer, the others are measured
                failures[name] = told(fault)
                say(f"  {name}: {failures[name]}")
                continue
            for key, value in values.items():
                samples.setdefault(name, {}).setdefault(key, []).append(value)
            say(f"  round {number + 1}/{rounds} {name}: {_shown(values)} ({time.perf_counter() - began:.1f} s)")
    return samples, failures


def say(line: str) -> None:
    """Progress, for who waits."""
    print(line, file=sys.stderr, flush=True)


def told(fault: Exception) -> str:
    """Why, in few words."""
    text = str(fault).strip() or type(fault).__name__
    return text[-400:]


def _shown(values: Values) -> str:
    return ", ".join(f"{name} {value:,.1f}" for name, value in list(values.items())[:4])
