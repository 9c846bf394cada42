"""What a simulated user does, one thing after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

from load.caller import Caller
from load.refusals import Errand, possible

FLOWS_FOR_A_REFUSAL: Final = 3


def errands(caller: Caller, number: int) -> Iterator[Errand]:
    """Something that must be refused, then several times what is permitted, and on with what else must be refused.

    Users begin with different ones, by their number, so that from the start all are tried.
    """
    refusals = list(possible(caller.population, caller.delegations, caller.offer).values())
    for refusal in islice(cycle(refusals), number % len(refusals), None):
        yield refusal
        yield from [Caller.act] * FLOWS_FOR_A_REFUSAL
