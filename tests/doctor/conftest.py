"""A tenant for the doctor's tests, and the guide's set-up on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.settings import Settings
from fixtures.standing_cast import guide_cast
from fixtures.tenant.actors import Client
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.service_account import ServiceAccountToken
from reference_server.server import ReferenceServer
from tests.doctor.hand_made import HandMade


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
    provider = server.tenant.realms["alpha"].provider
    before = provider.document
    with Http() as http:
        admin = Administration(http, server.url, "alpha", server.service_account)
        assert admin.credentials
        admin.credentials.adopt(log_in)
        with Provisioning.begin(admin, tmp_path) as provisioning:
            provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
            cast = guide_cast(provisioning)
            settings = Settings(
                tenant_url=server.url,
                application=Client(**_credentials(cast.application)),
                agent=Client(**_credentials(cast.agent)),
                end_user=cast.end_user,
                propagation_seconds=0,
            )
            yield HandMade(server, provisioning, cast, settings)
            provider.document = before


def _credentials(client: Client) -> dict[str, Any]:
    return {"client_id": client.client_id, "client_secret": client.client_secret, "scopes": client.scopes}
