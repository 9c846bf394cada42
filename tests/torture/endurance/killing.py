"""Runs that are killed without warning, and what `run reap` makes of what they left."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fixtures.tenant.journal import PROVIDER_GRANT_OFF, PROVIDER_SETTING
from fixtures.tenant.polling import until
from tests.end_to_end import conformance_run
from tests.end_to_end.conformance_run import start
from tests.end_to_end.listing import difference, listing
from tests.torture.journals import open_entries
from tests.torture.process import Process

LIMIT_SECONDS: Final = 120.0
SPAN_SECONDS: Final = 4.0
"""How long after its first entry a run of a few scenarios may live; most end sooner when nobody kills them."""
EXCLUSIVE: Final = {"OBO_EXCLUSIVE_TENANT": "1"}


@dataclass(frozen=True)
class Plan:
    """A run to kill: what it runs, and when it dies."""

    name: str
    arguments: Sequence[str]
    variables: Mapping[str, str]
    while_switched: bool = False
    """Kill it while it has changed the provider, else at any moment after its first entry."""


PLANS: Final = (
    Plan("making the world, the guide's exchange", ("-k", "task_4_2"), {}),
    Plan("objects of scenarios' own", ("-k", "task_3 or lifecycle"), {}),
    Plan("two realms, two workers", ("-k", "task_2 or realm", "-n", "2"), {"OBO_SECOND_REALM": "bravo"}),
    Plan("provider switched, any moment", ("-k", "task_1"), EXCLUSIVE),
    Plan("provider switched, just then", ("-k", "task_1"), EXCLUSIVE, while_switched=True),
)


@dataclass(frozen=True)
class Killed:
    """What a kill left, and what was left after reaping."""

    ended_by_itself: bool
    entries: int
    """Things to undo by the journals."""
    changed: bool
    """Whether the tenant was another than before."""
    provider_changed: bool


def kill(server: Process, plan: Plan, random_source: random.Random) -> Killed:
    """Start a run, kill it and its workers, reap; fails unless the tenant is what it was before."""
    before = listing(server)
    process = start(
        {**server.variables, **plan.variables}, server.folder / "allure", *plan.arguments, start_new_session=True
    )
    delay = random_source.uniform(0, 0.02 if plan.while_switched else SPAN_SECONDS)
    until(
        lambda: process.poll() is not None or _has_begun(server.url, plan.while_switched),
        bool,
        limit_seconds=LIMIT_SECONDS,
        every_seconds=0.005,
    )
    deadline = time.monotonic() + delay
    until(lambda: process.poll() is not None, bool, limit_seconds=deadline - time.monotonic(), every_seconds=0.01)
    ended = process.poll() is not None
    if not ended:
        os.killpg(process.pid, signal.SIGKILL)
    output, _ = process.communicate()
    assert not ended or process.returncode == 0, output
    return _reaped(server, plan, ended, before)


def _reaped(server: Process, plan: Plan, ended: bool, before: Any) -> Killed:
    entries = sum(1 for _ in open_entries(server.url))
    found = listing(server)
    provider_changed = any(found[realm]["provider"] != before[realm]["provider"] for realm in before)
    output = reap(server)
    after = listing(server)
    assert after == before, f"{plan.name}: not as before\n{output}\n{difference(before, after)}"
    assert not list(open_entries(server.url)), output
    return Killed(ended, entries, found != before, provider_changed)


def reap(server: Process) -> str:
    """`run reap --yes`; returns what it printed."""
    status, output = conformance_run.reap(server.variables)
    assert status == 0, output
    return output


def _has_begun(url: str, switched: bool) -> bool:
    kinds = {entry["kind"] for entry in open_entries(url)}
    return bool(kinds & {PROVIDER_GRANT_OFF, PROVIDER_SETTING}) if switched else bool(kinds)
