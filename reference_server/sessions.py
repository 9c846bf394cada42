"""Administrative sessions: the access tokens that service accounts hold."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable

LIFETIME_SECONDS = 900


@dataclass(frozen=True)
class Session:
    """What an administrative access token stands for."""

    account_id: str
    scopes: frozenset[str]
    expires: float  # epoch seconds


class Sessions:
    """Opaque access tokens of service accounts. Tokens of a realm's OAuth provider are never among them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_token: ExpiringTable[str, Session] = ExpiringTable(clock)

    def open(self, account_id: str, scopes: frozenset[str]) -> str:
        """Start a session and give its access token."""
        token, expires = secrets.token_urlsafe(48), self._clock.now() + LIFETIME_SECONDS
        self._by_token.put(token, Session(account_id, scopes, expires), expires)
        return token

    def find(self, token: str) -> Session | None:
        """The session that the token stands for, None when there is none or it has expired."""
        session = self._by_token.get(token)
        return session if session is not None and session.expires > self._clock.now() else None
