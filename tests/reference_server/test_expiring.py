"""Values that are kept up to a point in time."""

from __future__ import annotations

import pytest

from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable

NOW = 1_800_000_000


class Stopped(Clock):
    """A clock that only tests move."""

    def now(self) -> float:
        return NOW + self.offset


@pytest.fixture
def clock() -> Stopped:
    return Stopped()


@pytest.fixture
def table(clock: Stopped) -> ExpiringTable[str, int]:
    return ExpiringTable(clock)


def test_what_is_due_is_forgotten_and_nothing_else(clock: Stopped, table: ExpiringTable[str, int]) -> None:
    for number in range(100):
        table.put(str(number), number, NOW + number)
    assert (len(table), table.get("0")) == (100, 0)
    clock.advance(50)
    assert [table.get(key) for key in ("0", "49", "50", "99")] == [None, None, 50, 99]
    table.put("new", 100, NOW + 100)
    assert len(table) == 51
    clock.advance(3600)
    table.forget()
    assert (table.get("99"), len(table)) == (None, 0)


def test_what_is_put_again_is_kept_for_as_long_as_the_longest(clock: Stopped, table: ExpiringTable[str, int]) -> None:
    table.put("longer", 1, NOW + 10)
    table.put("longer", 2, NOW + 20)
    table.put("shorter", 1, NOW + 20)
    table.put("shorter", 2, NOW + 10)
    clock.advance(20)
    assert (table.get("longer"), table.get("shorter")) == (2, 2)
    clock.advance(1)
    assert (table.get("longer"), table.get("shorter")) == (None, None)
    table.forget()
    assert len(table) == 0


def test_what_is_over_already_is_not_kept(table: ExpiringTable[str, int]) -> None:
    table.put("late", 1, NOW - 10)
    assert table.get("late") is None
