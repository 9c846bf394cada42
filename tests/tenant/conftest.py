"""A reference server for the tests of the tenant library, and clients that talk to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.service_account import ServiceAccountToken
from reference_server.server import ReferenceServer
from tests.tenant.observers import Recorder
from tests.tenant.still_time import Time


@pytest.fixture(scope="session")
def server() -> Iterator[ReferenceServer]:
    """A tenant, as a new one is; each test leaves it so."""
    with ReferenceServer() as server:
        yield server


@pytest.fixture
def http() -> Iterator[Http]:
    """An HTTP client."""
    with Http(timeout_seconds=5, retries=Time().retries()) as http:
        yield http


@pytest.fixture
def sent(http: Http) -> Recorder:
    """What `http` sent and received during the test."""
    recorder = Recorder()
    http.observers.append(recorder)
    return recorder


@pytest.fixture(scope="session")
def log_in(server: ReferenceServer) -> dict[str, Any]:
    """One token of the service account for all tests."""
    with Http() as http:
        token = ServiceAccountToken(http, server.url, server.service_account)
        token.current()
        return token.to_plain()


@pytest.fixture
def admin(http: Http, server: ReferenceServer, log_in: dict[str, Any]) -> Administration:
    """The administration of realm alpha, logged in."""
    admin = Administration(http, server.url, "alpha", server.service_account)
    assert admin.credentials
    admin.credentials.adopt(log_in)
    return admin


@pytest.fixture
def oauth(http: Http, server: ReferenceServer) -> OAuth:
    """The OAuth endpoints of realm alpha."""
    return OAuth(http, Endpoints.of_tenant(server.url, "alpha"))


@pytest.fixture
def provisioning(admin: Administration, tmp_path: Path) -> Iterator[Provisioning]:
    """Provisioning that is undone after the test, whose journal lies in `tmp_path`."""
    with Provisioning.begin(admin, tmp_path) as provisioning:
        yield provisioning


@pytest.fixture
def inventory(admin: Administration) -> Callable[[], dict[str, Any]]:
    """Everything on the tenant that a run may touch, revisions aside."""

    def listed() -> dict[str, Any]:
        kinds = ("user", "group", "application", "aiagent", "aiagentprivilege")
        provider = {name: value for name, value in admin.provider().items() if name != "_rev"}
        objects = {kind: sorted(found["_id"] for found in admin.query(kind, fields=["_id"])) for kind in kinds}
        clients = sorted(found["_id"] for found in [*admin.clients(), *admin.agents()])
        return {"provider": provider, "clients": clients, **objects}

    return listed
