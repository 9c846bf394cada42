"""The token endpoint: which grant is asked for, who asks, and whether they may (RFC 6749 section 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from reference_server.oauth.client_authentication import ClientAuthentication
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_request, unauthorized_client, unsupported_grant_type
from reference_server.oauth.form import Form, FormReader
from reference_server.oauth.http import OAuthRequest
from reference_server.oauth.provider_settings import ProviderSettings


class Grant(Protocol):
    """One way to get a token."""

    def answer(self, client: Client, form: Form) -> dict[str, Any]:
        """The token answer to an authenticated client that may use this grant, or an `OAuthError`."""
        ...


class TokenEndpoint:
    """Hands a request on to its grant, once provider and client both have it and the client is authenticated."""

    def __init__(
        self,
        provider: ProviderSettings,
        reader: FormReader,
        authentication: ClientAuthentication,
        grants: Mapping[str, Grant],
    ) -> None:
        self._provider = provider
        self.reader = reader
        self.authentication = authentication
        self.grants = grants

    def answer(self, request: OAuthRequest) -> dict[str, Any]:
        """The token answer; nothing about a user is looked at before the client is known."""
        form = self.reader.read(request)
        grant_type = self.grant_type(form)
        client = self.authentication.authenticate(request, form)
        if not self.client_has(client, grant_type):
            raise unauthorized_client()
        return self.grants[grant_type].answer(client, form)

    def grant_type(self, form: Form) -> str:
        """The grant type asked for, spelled exactly, if it is supported and on at the provider."""
        grant_type = form.text("grant_type")
        if grant_type is None:
            raise invalid_request("Grant type is not set")
        if grant_type not in self.grants or not self.provider_has(grant_type):
            raise unsupported_grant_type()
        return grant_type

    def provider_has(self, grant_type: str) -> bool:
        """Whether the grant type is on in the realm (guide, task 1)."""
        return grant_type in self._provider.grant_types

    def client_has(self, client: Client, grant_type: str) -> bool:
        """Whether the grant type is among the client's own (guide, tasks 2.2 step 4a and 3.2 step 4b)."""
        return grant_type in client.grant_types
