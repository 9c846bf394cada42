"""Which faults are tried: each toxic at each kind of request, in turn to the end, once, and several times in a row."""

from __future__ import annotations

import random
from functools import cache
from typing import Final

from tests.torture.faults import toxics
from tests.torture.faults.kinds import (
    ACCOUNT,
    CHANGE,
    DELETION,
    KINDS,
    LOG_IN,
    ONCE_IN_A_RUN,
    OTHERS,
    READING,
    WRITES,
)
from tests.torture.faults.proxy import ALWAYS, Fault

_ROWS: Final = (
    (toxics.latency,),
    (toxics.reset_before,),
    (toxics.reset_after,),
    (toxics.truncated,),
    (toxics.hang,),
    (toxics.expired_certificate, toxics.certificate_of_another),
    (toxics.bomb, toxics.bomb_in_a_bomb),
    (toxics.endless, toxics.endless_drops),
    (toxics.huge_headers,),
    (toxics.no_http,),
    (toxics.page,),
    (toxics.garbage,),
    (toxics.other_json, toxics.deep_json),
    (toxics.nothing,),
    (toxics.redirect,),
)
"""Those that are much alike take turns at the kinds."""
_TIMES: Final = (ALWAYS, 1, 3)
_SPARED: Final = (0, 0, 2)
_WORST: Final = (
    Fault(toxics.garbage, READING),  # taken for an empty provider, it would be saved without its grant types
    Fault(toxics.page, DELETION),  # taken for done, nobody would clear up
    Fault(toxics.redirect, ACCOUNT),
    Fault(toxics.redirect, LOG_IN),
    Fault(toxics.reset_after, CHANGE),
)
"""What would do most harm."""
SEED: Final = 8693  # of the order


@cache
def long() -> tuple[Fault, ...]:
    """At most 200, in an order of no meaning: some of them are a sample of all."""
    everything = []
    for row, alike in enumerate(_ROWS):
        for column, kind in enumerate((*OTHERS, WRITES[row % len(WRITES)])):
            times, spared = _TIMES[(row + column) % 3], _SPARED[(row + column // 3) % 3]
            everything.append(Fault(alike[column % len(alike)], kind, times, _spared(kind, spared)))
    random.Random(SEED).shuffle(everything)  # noqa: S311 - no secrets
    return tuple(everything)


@cache
def short() -> tuple[Fault, ...]:
    """Some of them, with each toxic and each kind, and the worst."""
    chosen = list(_WORST)
    for toxic in [toxic for toxic in toxics.TOXICS if toxic not in {fault.toxic for fault in chosen}]:
        of_toxic = [fault for fault in long() if fault.toxic is toxic]
        at_new_kind = [fault for fault in of_toxic if fault.kind not in {other.kind for other in chosen}]
        chosen.append((at_new_kind or of_toxic)[0])
    for kind in [kind for kind in KINDS if kind not in {fault.kind for fault in chosen}]:
        chosen.append(next(f for f in long() if f.kind == kind))
    return tuple(chosen)


def _spared(kind: str, spared: int) -> int:
    """How many to spare: none of a kind that a run has but one of."""
    return 0 if kind in ONCE_IN_A_RUN else spared
