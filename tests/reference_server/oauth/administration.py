"""The guide's tasks 1 to 3 on a reference server, through its admin API."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import httpx
import jwt

from reference_server.service_accounts import Credentials
from reference_server.tenant import Tenant

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
PASSWORD = "Pa55word-of-a-user"
SCOPES = ("openid", "read-data", "write-data", "admin-action")

Json = dict[str, Any]


class Server(Protocol):
    """A tenant that answers, and who may administer it."""

    @property
    def url(self) -> str: ...

    @property
    def tenant(self) -> Tenant: ...

    @property
    def service_account(self) -> Credentials: ...


@dataclass(frozen=True)
class User:
    """An end user."""

    id: str
    username: str
    password: str


@dataclass(frozen=True)
class Client:
    """An application, agent or other client; `managed_id` is its application object or its identity."""

    id: str
    secret: str
    managed_id: str = ""

    @property
    def credentials(self) -> Json:
        """client_secret_post."""
        return {"client_id": self.id, "client_secret": self.secret}


@cache
def signing_key(jwk: str) -> Any:
    """The key of a service account, kept because loading one checks its primes, which takes a tenth of a second."""
    return jwt.PyJWK.from_json(jwk, "RS256").key


class Administration:
    """Does through the admin API of one realm what the guide does in the console."""

    def __init__(self, server: Server, http: httpx.Client, suffix: str, realm: str = "alpha") -> None:
        self.server = server
        self.suffix = suffix
        self.http = http
        self.realm = realm
        self.oauth = f"/am/oauth2/realms/root/realms/{realm}"
        self.config = f"/am/json/realms/root/realms/{realm}/realm-config"
        self.admin = {"Authorization": f"Bearer {self._administrator()}"}

    def _administrator(self) -> str:
        account = self.server.service_account
        audience = f"{self.server.url}/am/oauth2/access_token"
        claims = {"iss": account.id, "sub": account.id, "aud": audience, "exp": int(time.time()) + 180}
        assertion = jwt.encode(claims | {"jti": str(uuid.uuid4())}, signing_key(json.dumps(account.jwk)), "RS256")
        form = {
            "client_id": "service-account",
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": assertion,
            "scope": "fr:am:* fr:idm:*",
        }
        return str(self.http.post("/am/oauth2/access_token", data=form).raise_for_status().json()["access_token"])

    def unique(self, name: str) -> str:
        """A name that no other test uses."""
        return name if name.endswith(self.suffix) else name + self.suffix

    def administer(self, method: str, path: str, document: Any = None) -> Json:
        """An administrative request that must succeed."""
        answer = self.http.request(method, path, json=document, headers=self.admin)
        assert answer.is_success, answer.text
        body: Json = answer.json()
        return body

    def managed(self, kind: str, object_id: str) -> str:
        """The path of a managed object."""
        return f"/openidm/managed/{self.realm}_{kind}/{object_id}"

    def reference(self, kind: str, object_id: str) -> Json:
        """A relationship to a managed object."""
        return {"_ref": f"managed/{self.realm}_{kind}/{object_id}"}

    def create(self, kind: str, document: Json, object_id: str | None = None) -> str:
        """Create a managed object and tell its id."""
        object_id = object_id or str(uuid.uuid4())
        self.administer("PUT", self.managed(kind, object_id), {"_id": object_id, **document})
        return object_id

    def patch(self, kind: str, object_id: str, field: str, value: Any) -> None:
        """Replace one property of a managed object."""
        change = {"operation": "replace", "field": f"/{field}", "value": value}
        self.administer("PATCH", self.managed(kind, object_id), [change])

    def delete(self, kind: str, object_id: str) -> None:
        """Delete a managed object."""
        self.administer("DELETE", self.managed(kind, object_id))

    def change_provider(self, group: str, **settings: Any) -> None:
        """Change settings of the OAuth2 provider service."""
        path = f"{self.config}/services/oauth-oidc"
        document = self.administer("GET", path)
        document[group] |= settings
        self.administer("PUT", path, {name: value for name, value in document.items() if name != "_rev"})

    def enable(self, *grants: str) -> None:
        """Add grant types to the provider (task 1)."""
        document = self.administer("GET", f"{self.config}/services/oauth-oidc")
        present = document["advancedOAuth2Config"]["grantTypes"]
        self.change_provider("advancedOAuth2Config", grantTypes=list(dict.fromkeys([*present, *grants])))

    def disable(self, grant: str) -> None:
        """Take a grant type from the provider."""
        document = self.administer("GET", f"{self.config}/services/oauth-oidc")
        present = document["advancedOAuth2Config"]["grantTypes"]
        self.change_provider("advancedOAuth2Config", grantTypes=[name for name in present if name != grant])

    def user(self, username: str, password: str = PASSWORD) -> User:
        """Create an end user (task 4.1 step 1)."""
        username = self.unique(username)
        properties = {"givenName": "Barbara", "sn": "Jensen", "mail": f"{username}@example.com"}
        user_id = self.create("user", {"userName": username, "password": password, **properties})
        return User(user_id, username, password)

    def group(self, name: str, *members: User) -> str:
        """Create a group."""
        name = self.unique(name)
        references = [self.reference("user", member.id) for member in members]
        return self.create("group", {"name": name, "members": references}, name)

    def client(
        self, client_id: str, *, kind: str = "OAuth2Client", secret: str | None = None, **groups: Json
    ) -> Client:
        """Register a client or agent; each keyword argument is a group of settings."""
        client_id = self.unique(client_id)
        secret = secret or f"secret-of-{client_id}"
        document: Json = {f"{name}OAuth2ClientConfig": dict(settings) for name, settings in groups.items()}
        document.setdefault("coreOAuth2ClientConfig", {})["userpassword"] = secret
        if kind == "AIAgent":
            document["aiAgentIdentityAttributes"] = {"name": client_id, "oauth2ClientId": client_id}
        stored = self.administer("PUT", f"{self.config}/agents/{kind}/{client_id}", document)
        identity = stored.get("aiAgentIdentityUid", {})
        return Client(client_id, secret, identity.get("value", ""))

    def change_client(self, client: Client, group: str, *, kind: str = "OAuth2Client", **settings: Any) -> None:
        """Change settings of a client or agent."""
        path = f"{self.config}/agents/{kind}/{client.id}"
        document = self.administer("GET", path)
        document[f"{group}OAuth2ClientConfig"] |= settings
        self.administer("PUT", path, {name: value for name, value in document.items() if name != "_rev"})

    def delete_client(self, client: Client, *, kind: str = "OAuth2Client") -> None:
        """Delete a client or agent."""
        self.administer("DELETE", f"{self.config}/agents/{kind}/{client.id}")

    def application(self, client_id: str, *, scopes: Sequence[str] = SCOPES, **core: Any) -> Client:
        """Create a custom OIDC web application and configure it (task 2)."""
        client = self.client(
            client_id,
            core={"scopes": list(scopes), **core},
            advanced={
                "grantTypes": ["authorization_code", "refresh_token", "password"],
                "tokenEndpointAuthMethod": "client_secret_post",
            },
        )
        managed_id = self.create("application", {"name": client.id, "ssoEntities": {"oidcId": client.id}})
        return Client(client.id, client.secret, managed_id)

    def agent(
        self,
        client_id: str,
        *,
        secret: str | None = None,
        grants: Sequence[str] = (EXCHANGE,),
        override: Mapping[str, Any] | None = None,
        **core: Any,
    ) -> Client:
        """Create an AI agent and configure its Access tab (tasks 3.1 and 3.2 step 4)."""
        overrides = {
            "providerOverridesEnabled": True,
            "statelessTokensEnabled": True,
            "acceptAudienceParametersInTokenExchangeRequests": True,
        }
        advanced = {"grantTypes": list(grants), "tokenEndpointAuthMethod": "client_secret_post"}
        groups: dict[str, Json] = {"core": core, "advanced": advanced, "override": overrides | dict(override or {})}
        return self.client(client_id, kind="AIAgent", secret=secret, **groups)

    def privilege(
        self,
        agent: Client,
        application: Client,
        *,
        subjects: Sequence[User] = (),
        groups: Sequence[str] = (),
        scopes: Sequence[str] = (),
    ) -> str:
        """Add an application to an agent (task 3.2 step 5)."""
        document = {
            "agent": self.reference("aiagent", agent.managed_id),
            "resource": self.reference("application", application.managed_id),
            "subjects": [self.reference("user", user.id) for user in subjects],
            "subjectGroups": [self.reference("group", name) for name in groups],
            "permissions": [{"type": "scopes", "values": list(scopes)}],
        }
        return self.create("aiagentprivilege", document)
