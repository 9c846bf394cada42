"""The tenant's time, which tests can move."""

from __future__ import annotations

import time


class Clock:
    """Epoch seconds of the tenant: the system's time plus an offset."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Move the tenant's time forward, as if that many seconds had passed."""
        self.offset += seconds
