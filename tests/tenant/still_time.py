"""Time for tests: nobody sleeps."""

from __future__ import annotations

from fixtures.tenant.retries import Retries


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)

    def retries(self, **limits: float) -> Retries:
        """Retries by this clock, whose pauses are as long as they may be."""
        return Retries(clock=self.clock, sleep=self.sleep, chance=lambda: 1.0, **limits)  # type: ignore[arg-type]
