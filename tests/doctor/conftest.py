"""A tenant for the doctor's tests, and the guide's set-up on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.tenant.http import Http
from fixtures.tenant.service_account import ServiceAccountToken
from reference_server.server import ReferenceServer
from tests.doctor.hand_made import HandMade, guide_done


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    """A tenant, as a new one is; each test leaves it so."""
    with ReferenceServer() as server:
        yield server


@pytest.fixture(scope="module")
def log_in(server: ReferenceServer) -> dict[str, Any]:
    """One token of the administrator for all tests."""
    with Http() as http:
        token = ServiceAccountToken(http, server.url, server.service_account)
        token.current()
        return token.to_plain()


@pytest.fixture
def set_up(server: ReferenceServer, log_in: dict[str, Any], tmp_path: Path) -> Iterator[HandMade]:
    """The guide's tasks 1 to 3 and 4.1 step 1, done; undone after the test, whatever it broke."""
    with guide_done(server, tmp_path, log_in) as done:
        yield done
