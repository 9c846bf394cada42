"""Client authentication by the registered method alone (RFC 6749 section 2.3)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote_plus

from reference_server.oauth.clients import Client, Clients
from reference_server.oauth.errors import OAuthError, invalid_client, invalid_request
from reference_server.oauth.form import Form
from reference_server.oauth.http import OAuthRequest

Method = Literal["client_secret_basic", "client_secret_post", "none"]


@dataclass(frozen=True)
class Credentials:
    """What a caller presents."""

    client_id: str
    secret: str | None
    method: Method


class ClientAuthentication:
    """Decides which client a request is from."""

    def __init__(self, realm: str, clients: Clients) -> None:
        self._realm = realm
        self._clients = clients

    def authenticate(self, request: OAuthRequest, form: Form) -> Client:
        """The client that the request is from, or `invalid_client`: 401 after an Authorization header, else 400."""
        header = request.header(b"authorization")
        try:
            return self.identify(self.credentials(header, form))
        except OAuthError as refusal:
            if header is not None and refusal.error == "invalid_client":
                refusal.status = 401
                refusal.challenge = f'Basic realm="/{self._realm}"'
            raise

    def credentials(self, header: str | None, form: Form) -> Credentials:
        """The credentials of a request, which must use one method only."""
        client_id, secret = form.text("client_id"), form.text("client_secret")
        if header is not None:
            if client_id is not None or secret is not None:
                raise invalid_request("Client authentication failed")
            return self.basic(header)
        if client_id is None:
            raise invalid_client()
        return Credentials(client_id, secret, "none" if secret is None else "client_secret_post")

    def basic(self, header: str) -> Credentials:
        """The form-urlencoded ID and secret of a Basic header (RFC 6749 section 2.3.1)."""
        scheme, _, encoded = header.partition(" ")
        try:
            text = base64.b64decode(encoded.strip(), validate=True).decode()
            client_id, colon, secret = text.partition(":")
            if scheme.lower() != "basic" or not colon:
                raise invalid_client()
            client_id, secret = unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
        except ValueError:
            raise invalid_client() from None
        return Credentials(client_id, secret, "client_secret_basic")

    def identify(self, credentials: Credentials) -> Client:
        """The active client that these credentials prove; only who knows the secret learns of a wrong method."""
        client = self._clients.active(credentials.client_id)
        if client is None or not self.proves_identity(client, credentials.secret):
            raise invalid_client()
        if not self.method_is_registered(client, credentials.method):
            raise invalid_client("Invalid authentication method for accessing this endpoint.")
        return client

    def proves_identity(self, client: Client, secret: str | None) -> bool:
        """Whether the secret is the client's own, compared in full; a public client has none to show."""
        if client.is_public:
            return secret is None
        return bool(secret) and client.record.has_secret and client.record.secret_matches(secret or "")

    def method_is_registered(self, client: Client, method: Method) -> bool:
        """Whether the client authenticates the way it is registered to."""
        return method == ("none" if client.is_public else client.authentication_method)
