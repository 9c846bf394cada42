"""A tenant is as it was after a thousand cycles, after runs that were killed, and after two runs at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle as endlessly
from itertools import islice

import pytest

from tests.torture.conftest import Count, Length
from tests.torture.endurance.cycles import cycle
from tests.torture.endurance.killing import PLANS, kill, reap
from tests.torture.endurance.side_by_side import run_beside
from tests.torture.process import Process

SEED = 8693  # of the moments: the same ones in each run


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    """One tenant that outlives all of it."""
    with Process() as server:
        yield server


def test_each_cycle_of_create_and_destroy_leaves_the_tenant_as_it_was(
    server: Process, length: Length, count: Count
) -> None:
    cycled = cycle(server, length.of(1000))
    count("cycles of create and destroy", cycled.cycles)
    count("things made and removed", cycled.objects)


def test_what_killed_runs_left_is_reaped(server: Process, length: Length, count: Count) -> None:
    moments, left = random.Random(SEED), 0  # noqa: S311 - no secrets
    for plan in islice(endlessly(PLANS), length.of(50, at_least=len(PLANS))):
        killed = kill(server, plan, moments)
        count("runs that ended before they could be killed" if killed.ended_by_itself else "runs killed", 1)
        count("kills that left the tenant changed", killed.changed)
        count("kills that left the provider changed", killed.provider_changed)
        count("things that kills left to undo", killed.entries)
        left += killed.entries
    assert left, "every run had tidied up before it was killed, so that reaping was not tried"
    assert "nothing to remove" in reap(server)


@pytest.mark.parametrize("exclusive", [False, True], ids=["plain", "exclusive"])
def test_two_runs_at_once_are_green_and_leave_nothing(
    server: Process, length: Length, count: Count, exclusive: bool
) -> None:
    whole = ["-k", "task_1"] if length.short else []
    count("runs beside another", run_beside(server, whole, ["-k", "task_1 or task_4_2"], exclusive=exclusive))
