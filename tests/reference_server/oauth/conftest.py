"""One server for all tests, and for each test actors of its own on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import httpx
import pytest

from reference_server.server import ReferenceServer
from tests.reference_server.oauth.world import Guide

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[ReferenceServer]:
    """A running reference server."""
    with ReferenceServer() as server:
        yield server


@pytest.fixture(scope="session")
def http(server: ReferenceServer) -> Iterator[httpx.Client]:
    """A client of it that keeps its connection."""
    with httpx.Client(base_url=server.url) as http:
        yield http


@pytest.fixture
def guide(server: ReferenceServer, http: httpx.Client) -> Iterator[Guide]:
    """The guide's tasks 1 to 3, done for one test; clock and provider are put back afterwards."""
    shipped = server.tenant.realms["alpha"].provider.document
    yield Guide(server, http, f"-{next(_numbers)}")
    server.tenant.clock.offset = 0.0
    server.tenant.realms["alpha"].provider.document = shipped
