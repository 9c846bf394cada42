"""What has expired is forgotten a while later, a little with each new entry."""

from __future__ import annotations

import pytest

from reference_server.clock import Clock
from reference_server.expiring_table import LINGER_SECONDS, ExpiringTable

NOW = 1_800_000_000


class Stopped(Clock):
    """A clock that only tests move."""

    def now(self) -> float:
        return NOW + self.offset


@pytest.fixture
def clock() -> Stopped:
    return Stopped()


@pytest.fixture
def table(clock: Stopped) -> ExpiringTable[int]:
    return ExpiringTable(clock)


def test_an_entry_is_kept_as_long_as_it_matters_and_a_while_longer(clock: Stopped, table: ExpiringTable[int]) -> None:
    table.put("old", 1, NOW + 10.5)
    clock.advance(10.5 + LINGER_SECONDS)
    table.put("new", 2, NOW + 5000)
    assert table.get("old") == 1
    clock.advance(1)
    table.put("newer", 3, NOW + 5000)
    assert [table.get(key) for key in ("old", "new", "newer")] == [None, 2, 3]


def test_each_new_entry_makes_room_for_itself_but_clears_no_more_than_two(
    clock: Stopped, table: ExpiringTable[int]
) -> None:
    for number in range(1000):
        table.put(f"old-{number}", number, NOW + number % 7)
    clock.advance(7 + LINGER_SECONDS + 1)
    sizes = []
    for number in range(1001):
        table.put(f"new-{number}", number, NOW + 5000)
        sizes.append(len(table))
    assert sizes[:3] == [999, 998, 997]
    assert (sizes[499], sizes[998:]) == (500, [999, 1000, 1001])


def test_an_entry_put_anew_lasts_as_long_as_it_says_then(clock: Stopped, table: ExpiringTable[int]) -> None:
    table.put("key", 1, NOW + 10)
    table.put("key", 2, NOW + 5000)
    clock.advance(1000)
    table.put("other", 3, NOW + 5000)
    assert (table.get("key"), len(table)) == (2, 2)


def test_what_has_expired_long_ago_is_not_even_taken_in(clock: Stopped, table: ExpiringTable[int]) -> None:
    clock.advance(5000)
    table.put("stale", 1, NOW)
    assert (table.get("stale"), len(table)) == (None, 0)


def test_an_entry_put_over_and_over_takes_no_more_room(table: ExpiringTable[int], clock: Stopped) -> None:
    for number in range(1000):
        table.put("key", number, NOW + 10)
    assert sum(map(len, table._due.values())) == 1
    table.put("key", 0, NOW + 20)
    table.put("key", 1, NOW + 10)
    clock.advance(21 + LINGER_SECONDS)
    for number in range(3):
        table.put(f"other-{number}", number, NOW + 5000)
    assert (table.get("key"), sum(map(len, table._due.values()))) == (None, 3)
