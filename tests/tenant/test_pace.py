"""The ceiling of the request rate."""

from __future__ import annotations

from fixtures.tenant.pace import Pace
from tests.tenant.still_time import Time


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


def test_without_a_ceiling_nobody_waits_until_the_brake_is_put_on() -> None:
    time = Time()
    pace = Pace(None, clock=time.clock, sleep=time.sleep)
    pace.wait()
    pace.wait()
    assert time.now == 100.0
    pace.hold(2)
    pace.hold(1)
    pace.wait()
    pace.wait()
    assert time.now == 102.0
