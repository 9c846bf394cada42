"""A run leaves a tenant as it found it: after success, after failures, after Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.tenant.polling import until
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import run, start
from tests.end_to_end.listing import listing, service_account_variables


@pytest.fixture
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


def test_a_run_leaves_every_setting_and_object_as_it_was(tenant: ReferenceServer, tmp_path: Path) -> None:
    before = listing(tenant)
    finished = run(service_account_variables(tenant), tmp_path)
    assert finished.status == 0, finished.output
    assert listing(tenant) == before


def test_two_workers_make_one_world_and_take_it_down(tenant: ReferenceServer, tmp_path: Path) -> None:
    before = listing(tenant)
    finished = run(service_account_variables(tenant), tmp_path, "-n", "2")
    assert finished.status == 0, finished.output
    assert listing(tenant) == before


def test_an_exclusive_run_puts_the_provider_back(tenant: ReferenceServer, tmp_path: Path) -> None:
    before = listing(tenant)
    variables = service_account_variables(tenant) | {"OBO_EXCLUSIVE_TENANT": "1"}
    finished = run(variables, tmp_path, "-k", "task_1")
    assert finished.status == 0, finished.output
    assert listing(tenant) == before


@pytest.mark.parametrize("moment", ["while the world is made", "in the middle of the scenarios"])
@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_control_c_leaves_nothing_behind(
    tenant: ReferenceServer, tmp_path: Path, moment: str, workers: list[str]
) -> None:
    before = listing(tenant)
    process = start(service_account_variables(tenant), tmp_path, *workers)
    reached = (lambda: _users(tenant) > 2) if moment == "while the world is made" else (lambda: _results(tmp_path) > 20)
    assert until(reached, bool, limit_seconds=60, every_seconds=0.02)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2, output
    assert listing(tenant) == before, output


def _users(tenant: ReferenceServer) -> int:
    return len(tenant.tenant.managed.all("alpha_user"))


def _results(folder: Path) -> int:
    return len(list(folder.glob("*-result.json")))
