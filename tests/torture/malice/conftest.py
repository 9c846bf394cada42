"""One server for all malice, and an honest client beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.reference_server.oauth.world import Guide
from tests.torture.process import Process

AT_ONCE_SECONDS = 5.0  # in milliseconds it is; other work of the machine may come between
MORE_MEMORY = 96 << 20


@pytest.fixture(scope="session")
def process() -> Iterator[Process]:
    """A server in a process of its own, which in the end is as it was and has written nothing."""
    with Process() as process:
        before = process.memory()
        yield process
        assert process.memory() - before < MORE_MEMORY, "memory is not given back"
        assert process.logged() == ""


@pytest.fixture(scope="session")
def http(process: Process) -> Iterator[httpx.Client]:
    """An honest client that keeps its connections."""
    with process.client() as http:
        yield http


@pytest.fixture(scope="session")
def guide(process: Process, http: httpx.Client) -> Guide:
    """The guide's actors."""
    return Guide(process, http, "-honest")


@pytest.fixture(scope="session")
def honest(guide: Guide) -> Callable[[], None]:
    """An honest request, which must be served at once."""
    token = guide.agent_token()

    def asked() -> None:
        began = time.monotonic()
        assert guide.is_active(token, guide.assistant)
        assert time.monotonic() - began < AT_ONCE_SECONDS

    return asked


@pytest.fixture(autouse=True)
def served_at_once(honest: Callable[[], None]) -> Iterator[None]:
    """After each malice the next honest request is served."""
    yield
    honest()
