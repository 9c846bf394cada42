"""Waiting by asking again, on a clock that a test moves."""

from __future__ import annotations

import itertools

import pytest

from fixtures.tenant.polling import until


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_first_satisfying_evidence_is_returned_at_once(clock: Clock) -> None:
    assert until(lambda: "x", lambda _: True, limit_seconds=60, clock=clock, sleep=clock.sleep) == "x"
    assert clock.slept == []


def test_limit_of_zero_means_one_attempt(clock: Clock) -> None:
    attempts = itertools.count(1)
    last = until(lambda: next(attempts), lambda _: False, limit_seconds=0, clock=clock, sleep=clock.sleep)
    assert (last, clock.slept) == (1, [])


def test_asks_until_satisfied(clock: Clock) -> None:
    attempts = itertools.count(1)
    last = until(lambda: next(attempts), lambda n: n == 3, limit_seconds=60, clock=clock, sleep=clock.sleep)
    assert (last, clock.slept) == (3, [2.0, 2.0])


def test_last_attempt_is_made_at_the_limit(clock: Clock) -> None:
    attempts = itertools.count(1)
    last = until(lambda: next(attempts), lambda _: False, limit_seconds=5, clock=clock, sleep=clock.sleep)
    assert (last, clock.slept) == (4, [2.0, 2.0, 1.0])
