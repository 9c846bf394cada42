"""Token introspection (guide, tasks 4.1 step 3 and 4.2 step 2; RFC 7662)."""

from __future__ import annotations

from typing import Any

from reference_server.clock import Clock
from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.form import Form
from reference_server.oauth.token_status import TokenStatus
from reference_server.oauth.token_store import TokenStore
from reference_server.oauth.tokens import Token

INTROSPECT_ALL = frozenset({"am-introspect-all-tokens", "am-introspect-all-tokens-any-realm"})
"""Scopes that let a client introspect tokens that have nothing to do with it."""

_COPIED = ("iss", "subname", "auth_level", "authGrantId", "act", "auditTrackingId")


class Introspection:
    """Tells a client about an access token that concerns it; about any other it says `{"active": false}`."""

    def __init__(self, clock: Clock, store: TokenStore, status: TokenStatus) -> None:
        self._clock = clock
        self.store = store
        self.status = status

    def answer(self, caller: Client, form: Form) -> dict[str, Any]:
        """The introspection answer to an authenticated client; `token_type_hint` makes no difference."""
        token = self.store.find(form.required("token"), terms.ACCESS_TOKEN)
        if token is None or not self.status.is_active(token) or not self.may_see(caller, token):
            return self.inactive()
        return self.active(token)

    def may_see(self, caller: Client, token: Token) -> bool:
        """Whether the token is for the caller: a JWT by its `aud`, an opaque token by the client that got it."""
        concerned = token.audience if token.stateless else [token.client_id]
        return caller.id in concerned or not INTROSPECT_ALL.isdisjoint(caller.scopes)

    def inactive(self) -> dict[str, Any]:
        """Not active, and nothing else (RFC 7662 section 2.2)."""
        return {"active": False}

    def active(self, token: Token) -> dict[str, Any]:
        """All that a tenant says about a token, in its order."""
        answer: dict[str, Any] = {
            "active": True,
            "scope": " ".join(token.scopes),
            "realm": token.claims["realm"],
            "client_id": token.client_id,
        }
        if token.end_user is not None:
            answer |= {"user_id": token.end_user, "username": token.end_user}
        answer |= {"token_type": "Bearer", "exp": token.expires_at, "sub": token.subject}
        answer |= {name: token.claims[name] for name in _COPIED if name in token.claims}
        answer["expires_in"] = self.remaining_seconds(token)
        return answer

    def remaining_seconds(self, token: Token) -> int:
        """Whole seconds until the token expires."""
        return int(token.expires_at - self._clock.now())
