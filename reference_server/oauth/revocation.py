"""Token revocation (RFC 7009)."""

from __future__ import annotations

from typing import Any

from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_request
from reference_server.oauth.form import Form
from reference_server.oauth.token_store import Revocations, TokenStore
from reference_server.oauth.tokens import Token


class Revocation:
    """Lets a client give back a token that was issued to it."""

    def __init__(self, store: TokenStore, revocations: Revocations) -> None:
        self.store = store
        self.revocations = revocations

    def answer(self, caller: Client, form: Form) -> dict[str, Any]:
        """Always an empty object: whether the token existed or was somebody else's is not said."""
        value = form.text("token")
        if value is None:
            raise invalid_request("Missing parameter: token")
        token = self.find(value)
        if token is not None and self.may_revoke(caller, token):
            self.revoke(token)
        return {}

    def find(self, value: str) -> Token | None:
        """The access or refresh token behind a string; `token_type_hint` makes no difference."""
        return self.store.find(value, terms.ACCESS_TOKEN) or self.store.find(value, terms.REFRESH_TOKEN)

    def may_revoke(self, caller: Client, token: Token) -> bool:
        """Whether the token was issued to the caller (section 2.1)."""
        return token.client_id == caller.id

    def revoke(self, token: Token) -> None:
        """End an access token alone, a refresh token with all tokens of its grant."""
        if token.name == terms.REFRESH_TOKEN:
            self.revocations.revoke_grant(token)
        else:
            self.revocations.revoke(token)
