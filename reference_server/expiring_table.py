"""What matters up to a point in time: tokens, sessions, one-time names."""

from __future__ import annotations

import heapq
from typing import Generic, TypeVar

from reference_server.clock import Clock

V = TypeVar("V")

LINGER_SECONDS = 600
"""How long what has expired can still be told from what never was."""
_FORGOTTEN_AT_ONCE = 2


class ExpiringTable(Generic[V]):
    """Values by key, which are forgotten a while after they expire.

    Each new value makes room for itself by forgetting up to two old ones. So a table never holds much more than what is
    alive, and no request has to wait for a great clearance.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[V, float]] = {}
        self._due: dict[int, list[str]] = {}  # second in which they are to be forgotten -> keys
        self._seconds: list[int] = []  # a heap of these seconds

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: str, value: V, expires_at: float) -> None:
        """Keep a value at least until `expires_at`, epoch seconds."""
        second, known = self._forgotten_in(expires_at), self._entries.get(key)
        self._entries[key] = (value, expires_at)
        if known is None or self._forgotten_in(known[1]) != second:
            self._plan(key, second)
        self._forget_some()

    def get(self, key: str) -> V | None:
        """The value kept under a key; it may have expired."""
        entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def _forgotten_in(self, expires_at: float) -> int:
        return int(expires_at) + 1 + LINGER_SECONDS

    def _plan(self, key: str, second: int) -> None:
        if second not in self._due:
            self._due[second] = []
            heapq.heappush(self._seconds, second)
        self._due[second].append(key)

    def _forget_some(self) -> None:
        now = self._clock.now()
        for _ in range(_FORGOTTEN_AT_ONCE):
            if not self._seconds or self._seconds[0] > now:
                return
            keys = self._due[self._seconds[0]]
            self._forget(keys.pop(), now)
            if not keys:
                del self._due[heapq.heappop(self._seconds)]

    def _forget(self, key: str, now: float) -> None:
        entry = self._entries.get(key)
        if entry is not None and self._forgotten_in(entry[1]) <= now:  # else it was put anew, for longer
            del self._entries[key]
