"""What is kept up to a point in time and then forgotten."""

from __future__ import annotations

import heapq
from collections.abc import Hashable
from typing import Generic, TypeVar

from reference_server.clock import Clock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ExpiringTable(Generic[K, V]):
    """Values that matter up to a point in time and are forgotten in the second after it.

    Keys are noted by the second in which they are due. So forgetting looks at those that are due and at no others,
    whatever is asked of the table.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[K, tuple[V, int]] = {}
        self._due: dict[int, list[K]] = {}
        self._seconds: list[int] = []
        """The seconds in which something is due, as a heap."""

    def put(self, key: K, value: V, expires_at: float) -> None:
        """Keep a value until `expires_at`, epoch seconds; what was to be kept longer stays longer."""
        self.forget()
        second = int(expires_at)
        known = self._entries.get(key)
        if known is None or known[1] < second:
            self._note(key, second)
        else:
            second = known[1]
        self._entries[key] = (value, second)

    def get(self, key: K) -> V | None:
        """The value kept under a key, None where there is none or its time is over."""
        entry = self._entries.get(key)
        return None if entry is None or entry[1] < int(self._clock.now()) else entry[0]

    def forget(self) -> None:
        """Let go of what is due, as each `put` does."""
        if not self._seconds:
            return
        now = int(self._clock.now())
        while self._seconds and self._seconds[0] < now:
            for key in self._due.pop(heapq.heappop(self._seconds)):
                entry = self._entries.get(key)
                if entry is not None and entry[1] < now:
                    del self._entries[key]

    def __len__(self) -> int:
        return len(self._entries)

    def _note(self, key: K, second: int) -> None:
        if second not in self._due:
            self._due[second] = []
            heapq.heappush(self._seconds, second)
        self._due[second].append(key)
