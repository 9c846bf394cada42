"""A run leaves a tenant as it found it: after success, after failures, after Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.run import Run
from fixtures.settings import Settings
from fixtures.tenant.polling import until
from reference_server.errors import ApiError
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import reap, run, start
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


def test_control_c_says_what_the_tenant_did_not_let_go(
    tenant: ReferenceServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(_type_name: str, _object_id: str) -> None:
        raise ApiError(403, "the tenant does not delete")

    monkeypatch.setattr(tenant.tenant.managed, "delete", refusing)
    process = start(service_account_variables(tenant), tmp_path / "allure")
    assert until(lambda: _users(tenant) > 2, bool, limit_seconds=60, every_seconds=0.02)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2, output
    assert "not removed, `python3 run reap` does it: " in output
    monkeypatch.undo()
    again = run(service_account_variables(tenant), tmp_path / "again", "-v", "-k", "test_nothing")
    assert "left there by earlier runs: " in again.output
    assert reap(service_account_variables(tenant))[0] == 0
    assert _users(tenant) == 0


def test_what_a_dead_worker_left_is_removed_at_the_end(tenant: ReferenceServer) -> None:
    before = listing(tenant)
    settings = Settings.read(service_account_variables(tenant), None)
    controller = Run(settings)
    worker = Run(settings, handed_over=controller.to_plain())
    scenario = worker.workshop()
    user = scenario.create_user("own-user")
    scenario.journal.close()  # as the system does when it ends a process
    assert controller.admin.read("user", user.id or "")
    assert worker.close() == []
    assert controller.close() == []
    assert listing(tenant) == before


def _users(tenant: ReferenceServer) -> int:
    return len(tenant.tenant.managed.all("alpha_user"))


def _results(folder: Path) -> int:
    return len(list(folder.glob("*-result.json")))
