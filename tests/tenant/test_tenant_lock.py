"""Locks between processes: sharers go together, who is alone keeps all others off, and the dead hold nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fixtures.tenant.file_lock import open_locked
from fixtures.tenant.tenant_lock import TenantLock
from tests.end_to_end.conformance_run import ROOT

URL = "https://tenant.example"
HOLDER = """
import sys
from pathlib import Path
from fixtures.tenant.tenant_lock import TenantLock
with TenantLock(sys.argv[1], sys.argv[2], Path(sys.argv[3])).held(alone=sys.argv[4] == "alone") as held:
    print(held, flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(folder: Path, how: str, realm: str = "alpha") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock "alone" or "shared"."""
    command = [sys.executable, "-c", HOLDER, URL, realm, str(folder), how]
    with subprocess.Popen(  # noqa: S603 - the lock's own code
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def lock(tmp_path: Path) -> TenantLock:
    return TenantLock(URL, "alpha", tmp_path)


def had(lock: TenantLock, *, alone: bool) -> bool:
    with lock.held(alone=alone, limit_seconds=0) as held:
        return held


@pytest.mark.parametrize(
    ("other", "shared", "alone"),
    [("shared", True, False), ("alone", False, False)],
    ids=["beside sharer", "beside one alone"],
)
def test_another_process(lock: TenantLock, tmp_path: Path, other: str, shared: bool, alone: bool) -> None:
    with holder(tmp_path, other) as process:
        assert (had(lock, alone=False), had(lock, alone=True)) == (shared, alone)
        process.kill()
        process.wait()
        assert had(lock, alone=True)


def test_another_realm_is_another_lock(lock: TenantLock, tmp_path: Path) -> None:
    with holder(tmp_path, "alone", "bravo"):
        assert had(lock, alone=True)


def test_it_is_not_asked_for_twice(lock: TenantLock) -> None:
    with lock.held(alone=False), lock.held(alone=True, limit_seconds=0) as held:
        assert held


def test_files_go_with_the_last_process(lock: TenantLock, tmp_path: Path) -> None:
    with holder(tmp_path, "shared"):
        lock.clear_away()
        assert list(tmp_path.iterdir())
    lock.clear_away()
    assert not list(tmp_path.iterdir())


def test_without_a_folder_there_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not had(TenantLock(URL, "alpha", tmp_path / "file"), alone=True)


def test_a_lock_on_a_file_that_was_deleted_meanwhile_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    opened: list[int] = []
    really_open = os.open

    def opening(*arguments: int | Path) -> int:
        opened.append(really_open(*arguments))  # type: ignore[arg-type]
        if len(opened) == 1:
            path.unlink()
        return opened[-1]

    monkeypatch.setattr(os, "open", opening)
    descriptor = open_locked(path, os.O_RDWR | os.O_CREAT)
    assert descriptor is not None
    assert len(opened) == 2
    assert os.path.samestat(os.fstat(descriptor), path.stat())
    os.close(descriptor)
