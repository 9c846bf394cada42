"""Clients that are not ours go through the guide's task 4 at the reference server, and get what they expect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

from fixtures.cast import Cast
from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from reference_server.server import ReferenceServer
from tests.interop.conftest import Tell
from tests.interop.foreign_clients import Authlib, Curl, ForeignClient, GoogleAuth, Refused, RequestsOAuthlib

CLIENTS: dict[str, Callable[[Endpoints], ForeignClient]] = {
    "google-auth": GoogleAuth,
    "Authlib": Authlib,
    "requests-oauthlib": RequestsOAuthlib,
    "curl": Curl,
}


@pytest.fixture(scope="module")
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


@pytest.fixture(scope="module")
def endpoints(tenant: ReferenceServer) -> Endpoints:
    return Endpoints.of_tenant(tenant.url, "alpha")


@pytest.fixture(scope="module")
def cast(tenant: ReferenceServer, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """Who the guide's tasks 1 to 3 leave behind."""
    journals: Path = tmp_path_factory.mktemp("journals")
    with Http() as http:
        admin = Administration(http, tenant.url, "alpha", tenant.service_account)
        provisioning = Provisioning.begin(admin, journals)
        provisioning.enable_provider_grants(TOKEN_EXCHANGE)
        return guide_cast(provisioning)


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch) -> ForeignClient:
    """One of the clients; plain HTTP to this machine is fine."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return CLIENTS[request.param](endpoints)


def test_the_guides_flow(client: ForeignClient, cast: Cast, tell: Tell) -> None:
    application, agent, user = cast.application, cast.agent, cast.end_user
    users = client.password(user, application, "openid read-data")
    assert users["token_type"] == "Bearer"
    assert set(users["scope"] if isinstance(users["scope"], list) else users["scope"].split()) == {
        "openid",
        "read-data",
    }
    seen = client.introspect(users["access_token"], application)
    assert (seen["active"], seen["sub"], seen["client_id"]) == (True, user.id, application.client_id)

    agents = client.exchange(users["access_token"], agent, application.client_id, "read-data")
    assert agents["issued_token_type"] == ACCESS_TOKEN_TYPE
    for by in (agent, application):
        seen = client.introspect(agents["access_token"], by)
        assert (seen["active"], seen["sub"], seen["act"]) == (True, user.id, {"sub": agent.client_id})
        assert (seen["scope"], seen["client_id"]) == ("read-data", agent.client_id)
    tell(f"{type(client).__name__}: password grant, exchange and introspection as it expects them")


def test_a_refusal_is_understood(client: ForeignClient, cast: Cast) -> None:
    application, agent = cast.application, cast.agent
    token = client.password(cast.end_user, application, "openid read-data admin-action")["access_token"]
    with pytest.raises(Refused, match=r"^invalid_scope$"):
        client.exchange(token, agent, application.client_id, "admin-action")
    with pytest.raises(Refused, match=r"^invalid_target$"):
        client.exchange(token, agent, "no-such-app", "read-data")
    assert client.introspect("no-such-token", application) == {"active": False}


def test_another_jose_library_verifies_the_agents_token(endpoints: Endpoints, cast: Cast) -> None:
    client = Authlib(endpoints)
    users = client.password(cast.end_user, cast.application, "read-data")
    agents = client.exchange(users["access_token"], cast.agent, cast.application.client_id, "read-data")
    with Http() as http:
        published: Any = OAuth(http, endpoints).jwks().members
    verified = jwt.decode(agents["access_token"], KeySet.import_key_set(published), algorithms=["ES256"])
    assert verified.claims["act"] == {"sub": cast.agent.client_id}


def test_another_library_finds_no_fault_with_the_metadata() -> None:
    """It wants https, so the server goes by a public address; nothing is sent there."""
    with ReferenceServer(public_url="https://tenant.example") as server, Http() as http:
        found = http.send("GET", Endpoints.of_tenant(f"http://127.0.0.1:{server.port}", "alpha").metadata)
    metadata = AuthorizationServerMetadata(found.members)
    metadata.validate()
    assert metadata["issuer"].startswith("https://tenant.example:443/")
