"""Authlib on Flask: password grant, token exchange as a grant of its own, introspection; served by waitress.

PORT and ALG (ES256, RS256) come from the environment.
"""

from __future__ import annotations

import os
import secrets
import time
from typing import Any

import waitress
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, InvalidGrantError, grants
from authlib.oauth2.rfc6749.grants.base import BaseGrant, TokenEndpointMixin
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from flask import Flask
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

PORT, ALGORITHM = int(os.environ["PORT"]), os.environ["ALG"]
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
ISSUER = f"http://127.0.0.1:{PORT}"
KEY = RSAKey.generate_key(2048) if ALGORITHM == "RS256" else ECKey.generate_key("P-256")
USER = {"sub": "2199ef22-7927-4ecf-8345-ee58df8f6328"}
LIFETIME = 3600


class Client(ClientMixin):
    """A client that sends its secret in the body."""

    def __init__(self, client_id: str, secret: str, grant: str, scopes: set[str]) -> None:
        self.client_id, self.secret, self.grant, self.scopes = client_id, secret, grant, scopes

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(name for name in (scope or "").split() if name in self.scopes)

    def check_client_secret(self, secret: str) -> bool:
        return secrets.compare_digest(self.secret, secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_post"

    def check_grant_type(self, grant: str) -> bool:
        return grant == self.grant


CLIENTS = {
    "application": Client("application", "application-secret", "password", {"openid", "read-data"}),
    "agent": Client("agent", "agent-secret", EXCHANGE, {"read-data"}),
}
app = Flask("authlib-peer")
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=lambda token, request: None)


def issued(
    grant_type: str,
    client: Client,
    user: Any = None,
    scope: str | None = None,
    expires_in: int | None = None,
    include_refresh_token: bool = False,
) -> dict[str, Any]:
    """A token response with a JWT."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": client.client_id,
        "client_id": client.client_id,
        "scope": scope,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": secrets.token_urlsafe(12),
        **(user or {}),
    }
    token = jwt.encode({"alg": ALGORITHM, "typ": "at+jwt"}, claims, KEY)
    return {"token_type": "Bearer", "access_token": token, "expires_in": LIFETIME, "scope": scope}


server.register_token_generator("default", issued)


def verified(token: str) -> dict[str, Any]:
    """The claims of a token of this server."""
    claims: dict[str, Any] = jwt.decode(token, KEY, algorithms=[ALGORITHM]).claims
    if claims["exp"] < time.time() or claims["iss"] != ISSUER:
        raise ValueError
    return claims


class PasswordGrant(grants.ResourceOwnerPasswordCredentialsGrant):
    """RFC 6749 section 4.3."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post"]  # noqa: RUF012 - the library's way

    def authenticate_user(self, username: str, password: str) -> dict[str, str] | None:
        return USER if (username, password) == ("barbara.jensen", "Passw0rd!") else None


class Exchange(BaseGrant, TokenEndpointMixin):
    """RFC 8693."""

    GRANT_TYPE = EXCHANGE
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post"]  # noqa: RUF012 - the library's way

    def validate_token_request(self) -> None:
        self.request.client = self.authenticate_token_endpoint_client()
        try:
            self.subject = verified(self.request.form.get("subject_token", ""))
        except (JoseError, ValueError) as fault:
            raise InvalidGrantError from fault

    def create_token_response(self) -> Any:
        form, client = self.request.form, self.request.client
        act = {"sub": client.client_id}
        user = {"sub": self.subject["sub"], "aud": form.get("audience"), "act": act}
        token = issued(EXCHANGE, client, user, client.get_allowed_scope(form.get("scope")))
        return 200, {**token, "issued_token_type": ACCESS_TOKEN}, self.TOKEN_RESPONSE_HEADER


class Known(dict[str, Any]):
    """A token as introspection wants it."""

    def is_expired(self) -> bool:
        return bool(self["exp"] < time.time())

    def is_revoked(self) -> bool:
        return False


class Introspection(IntrospectionEndpoint):
    """RFC 7662."""

    CLIENT_AUTH_METHODS = ["client_secret_post"]  # noqa: RUF012 - the library's way

    def check_permission(self, token: Known, client: Client, request: Any) -> bool:
        return True

    def query_token(self, value: str, _hint: str | None) -> Known | None:
        try:
            return Known(verified(value))
        except (JoseError, ValueError):
            return None

    def introspect_token(self, token: Known) -> dict[str, Any]:
        return {"active": True, **token}


server.register_grant(PasswordGrant)
server.register_grant(Exchange)
server.register_endpoint(Introspection)


@app.post("/token")
def token() -> Any:
    return server.create_token_response()


@app.post("/introspect")
def introspect() -> Any:
    return server.create_endpoint_response("introspection")


waitress.serve(app, host="127.0.0.1", port=PORT, threads=8, _quiet=True)
