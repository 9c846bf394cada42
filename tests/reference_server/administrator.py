"""A tenant administrator with a service account: logs in and calls the administrative APIs."""

from __future__ import annotations

import itertools
import time
import uuid
from typing import Any

import httpx
import jwt

from reference_server.server import ReferenceServer

Json = dict[str, Any]
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_PATH = "/am/oauth2/access_token"
_numbers = itertools.count(1)


def fresh_name(stem: str) -> str:
    """A name that no other test uses."""
    return f"{stem}-{next(_numbers)}"


def fresh_uuid() -> str:
    """An object ID of the client's choice."""
    return str(uuid.uuid4())


class Administrator:
    """Calls with the bearer token of the server's service account; `realm-config` paths are relative to the realm."""

    def __init__(self, server: ReferenceServer, http: httpx.Client, realm: str = "alpha") -> None:
        self.server = server
        self.http = http
        self.realm = realm
        self.token = self.login("fr:am:* fr:idm:*").json()["access_token"]

    def assertion(self, **changes: Any) -> str:
        """A login assertion as the documentation describes it; None leaves a claim out."""
        account = self.server.service_account
        claims: Json = {
            "iss": account.id,
            "sub": account.id,
            "aud": self.server.url + TOKEN_PATH,
            "exp": int(time.time()) + 180,
            "jti": fresh_uuid(),
        }
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(claims, jwt.PyJWK(account.jwk, "RS256").key, "RS256")

    def login(self, scope: str, assertion: str | None = None, **changes: str) -> httpx.Response:
        """The token request of a service account."""
        form = {"client_id": "service-account", "grant_type": JWT_BEARER, "scope": scope}
        return self.http.post(TOKEN_PATH, data=form | {"assertion": assertion or self.assertion()} | changes)

    def send(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """Any request; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if json is None else {"json": json}
        return self.http.request(method, path, headers={"authorization": f"Bearer {self.token}"} | named, **body)

    def config(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """A request to the realm's configuration, such as `agents/OAuth2Client/x`."""
        return self.send(method, f"/am/json/realms/root/realms/{self.realm}/realm-config/{path}", json, **headers)

    def managed(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """A request for managed objects, such as `user/<id>`, without the realm's prefix."""
        return self.send(method, f"/openidm/managed/{self.realm}_{path}", json, **headers)

    def query(self, type_and_field: str, expression: str, **params: str | int) -> Json:
        """The answer to a query of managed objects."""
        found = self.http.get(
            f"/openidm/managed/{self.realm}_{type_and_field}",
            params={"_queryFilter": expression, **params},
            headers={"authorization": f"Bearer {self.token}"},
        )
        assert found.status_code == 200, found.text
        content: Json = found.json()
        return content

    def user(self, **properties: Any) -> str:
        """A new user; its ID."""
        name = fresh_name("user")
        document = {"userName": name, "givenName": "A", "sn": "User", "mail": f"{name}@example.com"} | properties
        created = self.managed("POST", "user?_action=create", document)
        assert created.status_code == 201, created.text
        return str(created.json()["_id"])

    def group(self, *members: str) -> str:
        """A new group with these users; its ID is its name."""
        name = fresh_name("group")
        document = {"_id": name, "name": name, "members": [self.ref("user", member) for member in members]}
        assert self.managed("PUT", f"group/{name}", document).status_code == 201
        return name

    def application(self, client_id: str) -> str:
        """A new application that belongs to an OAuth2 client; its ID."""
        document = {"name": fresh_name("application"), "ssoEntities": {"oidcId": client_id}}
        return str(self.managed("POST", "application?_action=create", document).json()["_id"])

    def agent(self, client_id: str | None = None) -> Json:
        """A new AI agent with the tenant's defaults, as the answer shows it."""
        client_id = client_id or fresh_name("agent")
        created = self.config("PUT", f"agents/AIAgent/{client_id}", agent_document("An agent"))
        assert created.status_code == 201, created.text
        content: Json = created.json()
        return content

    def privilege(self, identity: str, **properties: Any) -> str:
        """A new privilege of an AI agent; its ID."""
        privilege = fresh_uuid()
        document = {"agent": self.ref("aiagent", identity)} | properties
        created = self.managed("PUT", f"aiagentprivilege/{privilege}", document, if_none_match="*")
        assert created.status_code == 201, created.text
        return privilege

    def ref(self, kind: str, object_id: str) -> Json:
        """A reference to a managed object."""
        return {"_ref": f"managed/{self.realm}_{kind}/{object_id}"}


def agent_document(name: str, **groups: Any) -> Json:
    """The body that makes an AI agent."""
    return {"aiAgentIdentityAttributes": {"inherited": False, "value": {"name": name}}, **groups}


def unwrapped(group: Json) -> Json:
    """A group of a single read without the inherited wrapper."""
    return {name: value.get("value") if isinstance(value, dict) else value for name, value in group.items()}
