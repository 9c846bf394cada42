"""One running server for the tests of its administrative APIs; each test makes objects of its own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from reference_server.server import ReferenceServer
from tests.reference_server.administrator import Administrator


@pytest.fixture(scope="session")
def administrated_server() -> Iterator[ReferenceServer]:
    """A running reference server."""
    with ReferenceServer() as server:
        yield server


@pytest.fixture(scope="session")
def administrator(administrated_server: ReferenceServer) -> Iterator[Administrator]:
    """The holder of the server's service account, in realm alpha."""
    with httpx.Client(base_url=administrated_server.url) as http:
        yield Administrator(administrated_server, http)


@pytest.fixture
def admin(administrator: Administrator) -> Iterator[Administrator]:
    """The administrator; clock and provider are put back after the test."""
    tenant = administrator.server.tenant
    shipped = tenant.realms["alpha"].provider.document
    yield administrator
    tenant.clock.offset = 0.0
    tenant.realms["alpha"].provider.document = shipped
