"""The backchannel authentication endpoint: a client asks a user for approval (OpenID CIBA Core section 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reference_server.oauth import terms
from reference_server.oauth.backchannel_requests import BackchannelRequests
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import (
    invalid_binding_message,
    invalid_request,
    openid_required,
    unauthorized_client,
    unknown_user,
)
from reference_server.oauth.form import Form
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.signed_requests import SignedRequests
from reference_server.oauth.token_store import TokenStore
from reference_server.oauth.users import Users

HINTS = ("login_hint", "id_token_hint", "login_hint_token")
MAX_BINDING_MESSAGE_CHARACTERS = 100
_POSITIVE = re.compile(r"[1-9][0-9]{0,8}")


class BackchannelAuthentication:
    """Takes requests in; the user decides elsewhere, and the client polls the token endpoint."""

    def __init__(
        self,
        provider: ProviderSettings,
        signed_requests: SignedRequests,
        requests: BackchannelRequests,
        users: Users,
        scopes: Scopes,
        store: TokenStore,
    ) -> None:
        self._provider = provider
        self.signed_requests = signed_requests
        self.requests = requests
        self.users = users
        self.scopes = scopes
        self.store = store

    def answer(self, client: Client, form: Form) -> dict[str, Any]:
        """The acknowledgement to an authenticated client (section 7.3)."""
        self.check_client(client)
        claims = self.signed_requests.claims(client, form.text("request"))
        user_id = self.user(client, claims)
        lifetime = self.lifetime(claims)
        request = self.requests.open(
            client, user_id, self.requested_scopes(client, claims), self.binding_message(claims), lifetime
        )
        return {"auth_req_id": request.id, "expires_in": lifetime, "interval": self._provider.ciba_interval}

    def check_client(self, client: Client) -> None:
        """Provider and client must both have the grant, and a public client proves nothing."""
        offered = terms.CIBA in self._provider.grant_types and terms.CIBA in client.grant_types
        if client.is_public or not offered:
            raise unauthorized_client()

    def user(self, client: Client, claims: Mapping[str, Any]) -> str:
        """The UUID of the active user whom the request hints at."""
        name = self.hint(claims)
        user_id = self.hinted(client, name, str(claims[name]))
        if user_id is None or not self.users.is_active(user_id):
            raise unknown_user()
        return user_id

    def hint(self, claims: Mapping[str, Any]) -> str:
        """The name of the one hint there is; none and several are refused (section 7.1)."""
        present = [name for name in HINTS if claims.get(name)]
        if len(present) != 1:
            raise invalid_request(f"Exactly one of {', '.join(HINTS)} is required")
        return present[0]

    def hinted(self, client: Client, name: str, value: str) -> str | None:
        """The user behind a hint: a name or UUID, or an ID token of this client; login hint tokens are not known."""
        if name == "login_hint":
            return self.users.hinted_at(value)
        token = self.store.find(value, terms.ID_TOKEN) if name == "id_token_hint" else None
        return token.end_user if token is not None and client.id in token.audience else None

    def requested_scopes(self, client: Client, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """The scopes asked for: the client's own, and `openid` among them."""
        scopes = self.scopes.grant(client.scopes, self.scopes.parse(str(claims.get("scope") or "")))
        if "openid" not in scopes:
            raise openid_required()
        return scopes

    def binding_message(self, claims: Mapping[str, Any]) -> str:
        """What the user is shown, by which the request can be told from others; "" where there is none."""
        message = claims.get("binding_message") or ""
        if not isinstance(message, str) or len(message) > MAX_BINDING_MESSAGE_CHARACTERS or not message.isprintable():
            raise invalid_binding_message()
        return message

    def lifetime(self, claims: Mapping[str, Any]) -> int:
        """Seconds: as the provider says, unless the client asks for less with `requested_expiry`."""
        wanted = str(claims.get("requested_expiry", self._provider.ciba_lifetime))
        if not _POSITIVE.fullmatch(wanted):
            raise invalid_request("requested_expiry is not a positive number of seconds")
        return min(int(wanted), self._provider.ciba_lifetime)
