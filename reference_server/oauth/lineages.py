"""Which tokens and grants an exchanged token descends from."""

from __future__ import annotations

import itertools
import secrets
from zlib import crc32

from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable

_NONE = 0
_RANDOM_BYTES, _RANDOM_CHARACTERS = 15, 20

Ancestors = tuple[str, ...]
"""Ids of tokens and grants, the nearest first."""


class Lineages:
    """Names tokens so that their descent can be told from the name.

    All that is exchanged from one token has one lineage, and a token's id holds the number of its lineage. So what is
    remembered grows with the tokens that are exchanged, not with those that come of it.
    """

    def __init__(self, clock: Clock) -> None:
        self._numbers: ExpiringTable[Ancestors, int] = ExpiringTable(clock)
        self._ancestors: ExpiringTable[int, Ancestors] = ExpiringTable(clock)
        self._next = itertools.count(_NONE + 1)

    def token_id(self, ancestors: Ancestors, expires_at: float) -> str:
        """An unguessable 27-character name for a token of this descent, which is known until the token expires."""
        number = self._number(ancestors, expires_at) if ancestors else _NONE
        unguessable = secrets.token_urlsafe(_RANDOM_BYTES)
        return f"{unguessable}{number ^ _mask(unguessable):07x}"

    def of(self, token_id: str) -> Ancestors:
        """What the token of that name descends from."""
        unguessable, number = token_id[:_RANDOM_CHARACTERS], token_id[_RANDOM_CHARACTERS:]
        try:
            return self._ancestors.get(int(number, 16) ^ _mask(unguessable)) or ()
        except ValueError:
            return ()

    def __len__(self) -> int:
        return len(self._numbers)

    def _number(self, ancestors: Ancestors, expires_at: float) -> int:
        number = self._numbers.get(ancestors) or next(self._next)
        self._numbers.put(ancestors, number, expires_at)
        self._ancestors.put(number, ancestors, expires_at)
        return number


def _mask(name: str) -> int:
    """What the number of a lineage is mixed with, so that no two names end alike."""
    return crc32(name.encode()) & 0xFFFFFFF
