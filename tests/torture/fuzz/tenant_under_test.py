"""The administrative and the OAuth API of one realm, in the terms of the model."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from typing import Any

import httpx

from tests.reference_server.oauth import administration
from tests.reference_server.oauth.administration import EXCHANGE, PASSWORD, Json
from tests.reference_server.oauth.world import World
from tests.torture.fuzz.model import Client, Group, Privilege, User

_numbers = itertools.count(1)
_OVERRIDES = {
    "providerOverridesEnabled": True,
    "statelessTokensEnabled": True,
    "acceptAudienceParametersInTokenExchangeRequests": True,
}


class Api:
    """Does what an administrator does, and fails unless that succeeds; token requests are answered as they are."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests = 0
        world.enable(EXCHANGE)

    def new_user(self, name: str) -> User:
        """Task 4.1 step 1."""
        self.requests += 1
        return User(self.world.user(name).id, name)

    def new_group(self, name: str) -> Group:
        self.requests += 1
        self.world.group(name)
        return Group(name)

    def new_application(self, client_id: str, scopes: Iterable[str]) -> Client:
        """Task 2; one application stands in both realms under one client ID, with a secret of its own in each."""
        client = self._client("OAuth2Client", client_id, scopes, ["password"], {})
        self.requests += 1
        managed_id = self.world.create(
            "application", {"name": f"{client_id}-{next(_numbers)}", "ssoEntities": {"oidcId": client_id}}
        )
        return Client(client_id, client.secret, managed_id, frozenset(scopes))

    def new_agent(self, client_id: str) -> Client:
        """Tasks 3.1 and 3.2 step 4."""
        agent = self._client("AIAgent", client_id, [], [EXCHANGE], _OVERRIDES)
        return Client(client_id, agent.secret, agent.managed_id)

    def _client(
        self, kind: str, client_id: str, scopes: Iterable[str], grants: list[str], override: Json
    ) -> administration.Client:
        self.requests += 1
        return self.world.client(
            client_id,
            kind=kind,
            secret=f"secret-of-{client_id}-in-{self.world.realm}",
            core={"scopes": list(scopes)},
            advanced={"grantTypes": grants, "tokenEndpointAuthMethod": "client_secret_post"},
            override=override or {"providerOverridesEnabled": False},
        )

    def set_core(self, client: Client, kind: str, **settings: Any) -> None:
        """Change settings of a client or an agent."""
        self.requests += 2
        self.world.change_client(self.credentials(client), "core", kind=kind, **settings)

    def delete_client(self, client: Client, kind: str) -> None:
        self.requests += 1
        self.world.delete_client(self.credentials(client), kind=kind)

    def save(self, privilege: Privilege) -> None:
        """Task 3.2 step 5, as a whole."""
        self.requests += 1
        document = {
            "agent": self.world.reference("aiagent", privilege.agent.managed_id),
            "resource": self.world.reference("application", privilege.application.managed_id),
            "subjects": [self.user_reference(user) for user in privilege.subjects],
            "subjectGroups": [self.world.reference("group", group.name) for group in privilege.groups],
            "permissions": [{"type": "scopes", "values": sorted(privilege.permissions)}],
        }
        self.world.administer("PUT", self.world.managed("aiagentprivilege", privilege.id), document)

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def patch(self, kind: str, object_id: str, operation: str, field: str, value: Any) -> None:
        """One change of one property."""
        self.requests += 1
        change = {"operation": operation, "field": field, "value": value}
        self.world.administer("PATCH", self.world.managed(kind, object_id), [change])

    def delete(self, kind: str, object_id: str) -> None:
        self.requests += 1
        self.world.delete(kind, object_id)

    def read(self, kind: str, object_id: str, fields: str) -> Json:
        """Some properties of a managed object."""
        self.requests += 1
        return self.world.administer("GET", f"{self.world.managed(kind, object_id)}?_fields={fields}")

    def user_reference(self, user: User) -> Json:
        return self.world.reference("user", user.id)

    def credentials(self, client: Client) -> administration.Client:
        return administration.Client(client.id, client.secret)

    def log_in(self, user: User, by: Client, scopes: Iterable[str]) -> httpx.Response:
        """Task 4.1 step 2."""
        self.requests += 1
        known = administration.User(user.id, user.name, PASSWORD)
        return self.world.login(known, self.credentials(by), " ".join(sorted(scopes)) or None)

    def exchange(self, value: str, by: Client, application: Client, scopes: Iterable[str]) -> httpx.Response:
        """Task 4.2 step 1."""
        self.requests += 1
        return self.world.exchange(value, self.credentials(by), application.id, " ".join(sorted(scopes)) or None)

    def introspect(self, value: str, by: Client) -> httpx.Response:
        """Tasks 4.1 step 3 and 4.2 step 2."""
        self.requests += 1
        return self.world.post("/introspect", {"token": value, **self.credentials(by).credentials})

    def revoke(self, value: str, by: Client) -> httpx.Response:
        """RFC 7009."""
        self.requests += 1
        return self.world.post("/token/revoke", {"token": value, **self.credentials(by).credentials})
