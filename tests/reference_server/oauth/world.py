"""A reference server with the actors of the guide, and short ways to make token requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import jwt

from tests.reference_server.oauth.administration import EXCHANGE, Administration, Client, Json, Server, User

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"


class World(Administration):
    """One realm of a running server, its administration and its OAuth endpoints."""

    def post(self, path: str, form: Mapping[str, Any]) -> httpx.Response:
        """A form post below the issuer; a None value leaves a parameter out."""
        return self.http.post(self.oauth + path, data={k: v for k, v in form.items() if v is not None})

    def login(self, user: User, by: Client, scope: str | None = "openid read-data", **changes: Any) -> httpx.Response:
        """Task 4.1 step 2."""
        form = {"grant_type": "password", "username": user.username, "password": user.password}
        return self.post("/access_token", {**form, **by.credentials, "scope": scope, **changes})

    def exchange(
        self, subject_token: str | None, by: Client, audience: Any, scope: Any, **changes: Any
    ) -> httpx.Response:
        """Task 4.2 step 1."""
        form = {"grant_type": EXCHANGE, "subject_token": subject_token, "subject_token_type": ACCESS_TOKEN}
        audience = audience.id if isinstance(audience, Client) else audience
        return self.post("/access_token", {**form, **by.credentials, "audience": audience, "scope": scope, **changes})

    def introspect(self, token: str | None, by: Client, **changes: Any) -> Json:
        """Tasks 4.1 step 3 and 4.2 step 2."""
        answer = self.post("/introspect", {"token": token, **by.credentials, **changes})
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body

    def is_active(self, token: str, by: Client) -> bool:
        """Whether introspection says that a token is active; an inactive answer must hold nothing else."""
        body = self.introspect(token, by)
        assert body["active"] is True or body == {"active": False}
        return bool(body["active"])

    def revoke(self, token: str, by: Client) -> None:
        """RFC 7009."""
        answer = self.post("/token/revoke", {"token": token, **by.credentials})
        assert (answer.status_code, answer.json()) == (200, {})

    def verified(self, token: str) -> Json:
        """The claims of a JWT, verified with the key of the realm's key set that its header names."""
        keys = jwt.PyJWKSet.from_dict(self.http.get(self.oauth + "/connect/jwk_uri").json())
        header = jwt.get_unverified_header(token)
        options: Any = {f"verify_{claim}": False for claim in ("aud", "iat", "nbf", "exp")}
        claims: Json = jwt.decode(token, keys[header["kid"]].key, algorithms=["ES256", "RS256"], options=options)
        return claims


class Guide(World):
    """The world after tasks 1 to 3 of the guide: one user, application, agent and privilege."""

    def __init__(self, server: Server, http: httpx.Client, suffix: str) -> None:
        super().__init__(server, http, suffix)
        self.enable(EXCHANGE)
        self.barbara = self.user("barbara.jensen")
        self.app = self.application("digital-assistant-web-app")
        self.assistant = self.agent("digital-assistant-ai-agent")
        self.read_only = self.privilege(self.assistant, self.app, subjects=[self.barbara], scopes=["read-data"])

    def user_token(self, scope: str = "openid read-data") -> str:
        """Barbara's access token at the application."""
        return token_of(self.login(self.barbara, self.app, scope))

    def agent_token(self, user_token: str | None = None) -> str:
        """The agent's access token for Barbara."""
        return token_of(self.exchange(user_token or self.user_token(), self.assistant, self.app, "read-data"))

    def realm_named(self, realm: str) -> World:
        """The same server, another realm."""
        return World(self.server, self.http, self.suffix, realm)


def token_of(answer: httpx.Response) -> str:
    """The access token of an answer that must be a success."""
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and error code of an answer that must be a clean refusal."""
    body = answer.json()
    assert set(body) == {"error", "error_description"}, body
    assert isinstance(body["error_description"], str)
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert "no-store" in answer.headers["cache-control"]
    return answer.status_code, body["error"]
