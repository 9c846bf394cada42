"""Which tokens and grants an exchanged token descends from."""

from __future__ import annotations

import base64
import itertools
import secrets

from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable

_NONE = 0
_RANDOM_BYTES = 16
_NUMBER_BYTES = 4

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
        unguessable = secrets.token_bytes(_RANDOM_BYTES)
        return base64.urlsafe_b64encode(unguessable + self._mask(number, unguessable)).rstrip(b"=").decode()

    def of(self, token_id: str) -> Ancestors:
        """What the token of that name descends from."""
        try:
            name = base64.urlsafe_b64decode(token_id + "=")
        except ValueError:
            return ()
        number = int.from_bytes(self._mask(int.from_bytes(name[_RANDOM_BYTES:]), name))
        return self._ancestors.get(number) or ()

    def __len__(self) -> int:
        return len(self._numbers)

    def _number(self, ancestors: Ancestors, expires_at: float) -> int:
        number = self._numbers.get(ancestors) or next(self._next)
        self._numbers.put(ancestors, number, expires_at)
        self._ancestors.put(number, ancestors, expires_at)
        return number

    def _mask(self, number: int, name: bytes) -> bytes:
        """The number mixed with random bytes, or out of them again: no two names end alike."""
        return (number ^ int.from_bytes(name[:_NUMBER_BYTES])).to_bytes(_NUMBER_BYTES)
