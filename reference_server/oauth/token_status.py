"""Whether a token still stands: time, revocation, and the people and clients behind it as they are right now."""

from __future__ import annotations

from reference_server.clock import Clock
from reference_server.oauth.clients import Clients
from reference_server.oauth.token_store import Revocations, TokenStore
from reference_server.oauth.tokens import Token
from reference_server.oauth.users import Users


class TokenStatus:
    """Judges tokens that were found genuine."""

    def __init__(
        self, clock: Clock, clients: Clients, users: Users, store: TokenStore, revocations: Revocations
    ) -> None:
        self._clock = clock
        self._clients = clients
        self._users = users
        self._store = store
        self._revocations = revocations

    def is_active(self, token: Token) -> bool:
        """Whether the token may be used."""
        return (
            not self.is_expired(token)
            and not self.is_revoked(token)
            and self.client_is_active(token)
            and self.client_is_the_same(token)
            and self.subject_is_active(token)
        )

    def is_expired(self, token: Token) -> bool:
        """Whether its time is over."""
        return self._clock.now() >= token.expires_at

    def is_revoked(self, token: Token) -> bool:
        """Whether it or its grant was revoked."""
        return self._revocations.holds(token)

    def client_is_active(self, token: Token) -> bool:
        """Whether the client that got it still exists and is not switched off."""
        return self._clients.active(token.client_id) is not None

    def client_is_the_same(self, token: Token) -> bool:
        """Whether no other client was registered later under the ID of the one that got it."""
        client = self._clients.get(token.client_id)
        return client is None or client.record.registration.covers(token.id, token.issued_at)

    def subject_is_active(self, token: Token) -> bool:
        """Whether the end user still exists and is not disabled; a client's own token has none."""
        return token.end_user is None or self._users.is_active(token.end_user)

    def descends_from_revoked(self, token: Token) -> bool:
        """Whether a token that it was exchanged from, at any remove, was revoked."""
        return any(self._revocations.covers(identity) for identity in self._store.ancestors(token))
