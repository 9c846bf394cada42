"""Whatever goes wrong on the way to a tenant, a run keeps its promises.

It ends in time and within its memory, says what is broken, blames nobody for it, sends no secret elsewhere and shows
none, and leaves the tenant as it was, or a journal by which `run reap` does so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.torture.conftest import Count
from tests.torture.faults import plans
from tests.torture.faults.proxy import Fault
from tests.torture.faults.toxics import WITH_TLS
from tests.torture.faults.trial import Tenant, judge, run, tenant

LONGEST_SECONDS = 25 * 60.0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each fault that is tried."""
    faults = plans.short() if metafunc.config.getoption("--short") else plans.long()
    metafunc.parametrize("fault", faults, ids=str)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """A tenant behind a proxy without TLS, which is quicker."""
    with tenant(tmp_path_factory.mktemp("plain"), tls=False) as found:
        yield found


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """A tenant behind a proxy with TLS."""
    with tenant(tmp_path_factory.mktemp("secured"), tls=True) as found:
        yield found


@pytest.fixture(scope="module")
def time_is_up() -> Callable[[], bool]:
    """Whether all that was tried so far took as long as it may."""
    end = time.monotonic() + LONGEST_SECONDS
    return lambda: time.monotonic() > end


def test_a_run_keeps_its_promises(
    fault: Fault,
    plain: Tenant,
    secured: Tenant,
    time_is_up: Callable[[], bool],
    tmp_path: Path,
    count: Count,
) -> None:
    if time_is_up():
        pytest.skip("no time left")
    reached = secured if fault.toxic in WITH_TLS else plain
    before = reached.listing()
    ended = run(fault, reached, tmp_path)
    print(f"exit status {ended.status} after {ended.seconds:.1f} s with {ended.mebibytes:.0f} MiB")
    count("runs under faults", 1)
    count("faults injected", ended.injected)
    count("requests sent anew", ended.sent_anew)
    judge(fault, reached, ended, before)
