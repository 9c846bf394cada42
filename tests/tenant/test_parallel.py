"""Calls that are made at the same time."""

from __future__ import annotations

import threading

import pytest

from fixtures.tenant.parallel import at_once


def test_all_are_on_their_way_before_any_returns() -> None:
    meeting = threading.Barrier(3, timeout=5)
    assert sorted(at_once([meeting.wait] * 3)) == [0, 1, 2]


def test_results_come_in_the_order_of_the_calls() -> None:
    first_may_return = threading.Event()

    def first() -> str:
        first_may_return.wait(5)
        return "first"

    def second() -> str:
        first_may_return.set()
        return "second"

    assert at_once([first, second]) == ["first", "second"]


def test_a_failure_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        at_once([lambda: 1, lambda: 1 // 0])
