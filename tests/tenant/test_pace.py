"""The ceiling of the request rate."""

from __future__ import annotations

from fixtures.tenant.pace import Pace


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_requests_are_spread_evenly() -> None:
    time = Time()
    pace = Pace(4, clock=time.clock, sleep=time.sleep)
    begun = []
    for _ in range(5):
        pace.wait()
        begun.append(time.now)
    assert begun == [100.0, 100.25, 100.5, 100.75, 101.0]


def test_a_pause_is_not_made_up_for_by_a_burst() -> None:
    time = Time()
    pace = Pace(4, clock=time.clock, sleep=time.sleep)
    pace.wait()
    time.now += 60
    pace.wait()
    pace.wait()
    assert time.now == 160.25
