"""The short form of `python3 run endurance`: the same cycles, kills and neighbours, a few of each."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.endurance.cycles import cycle
from tests.endurance.killing import PLANS, Plan, kill, reap
from tests.endurance.side_by_side import run_beside
from tests.endurance.standalone import Standalone, standalone


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    with standalone(tmp_path_factory.mktemp("endurance")) as server:
        yield server


def test_cycles_leave_the_tenant_as_it_was(server: Standalone) -> None:
    assert cycle(server, 20).cycles == 20


@pytest.mark.parametrize("plan", [PLANS[0], PLANS[3], PLANS[4]], ids=lambda plan: plan.name)
def test_what_a_killed_run_left_is_reaped(server: Standalone, plan: Plan) -> None:
    kill(server, plan, random.Random(plan.name))  # noqa: S311 - a moment, no secret
    assert "nothing to remove" in reap(server)


def test_two_runs_at_once_are_green_and_leave_nothing(server: Standalone) -> None:
    run_beside(server, ["-k", "task_1"], ["-k", "task_1"], exclusive=True)
