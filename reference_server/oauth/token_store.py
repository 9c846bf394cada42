"""What the server remembers of tokens: those issued, who descends from whom, which are revoked."""

from __future__ import annotations

from collections import OrderedDict

from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable
from reference_server.oauth.lineages import Lineages
from reference_server.oauth.token_verification import TokenVerification
from reference_server.oauth.tokens import Token

REVOCATION_OUTLIVES_TOKEN_SECONDS = 7 * 24 * 3600
"""An exchanged token may live longer than the one it descends from, whose revocation must still be known then."""


class TokenStore:
    """Finds the token behind a string: a JWT issued or used lately by its spelling, any other by its signature."""

    def __init__(self, clock: Clock, verification: TokenVerification) -> None:
        self._clock = clock
        self._verification = verification
        self.lineages = Lineages(clock)
        self.capacity = 20_000
        """How many JWTs are known by their spelling; for the others the signature costs a tenth of a millisecond."""
        self._recent_jwts: OrderedDict[str, Token] = OrderedDict()
        self._references: ExpiringTable[str, Token] = ExpiringTable(clock)

    def remember(self, token: Token) -> None:
        """Note a token that was just issued."""
        self._references.forget()
        if token.stateless:
            self._remember_jwt(token)
        else:
            self._references.put(token.value, token, token.expires_at)

    def find(self, value: str, name: str) -> Token | None:
        """The token of that name behind a string, None where this realm issued no such token; it may be expired."""
        token = self.recent(value) or self._references.get(value) or self.verified(value)
        return token if token is not None and self.is_kind(token, name) else None

    def recent(self, value: str) -> Token | None:
        """A JWT that was issued or used lately."""
        token = self._recent_jwts.get(value)
        if token is not None:
            self._recent_jwts.move_to_end(value)
        return token

    def verified(self, value: str) -> Token | None:
        """The token that a signature proves to be this realm's, which counts as used from then on."""
        claims = self._verification.claims(value)
        if claims is None:
            return None
        token = Token(value, claims, stateless=True)
        self._remember_jwt(token)
        return token

    def is_kind(self, token: Token, name: str) -> bool:
        """Whether the token is of the kind it is presented as: an ID or refresh token is no access token."""
        return token.name == name

    def ancestors(self, token: Token) -> tuple[str, ...]:
        """Ids of the tokens and grants that a token descends from by exchange."""
        return self.lineages.of(token.id)

    def _remember_jwt(self, token: Token) -> None:
        """Keep a JWT at hand, and let go of those that were used longest ago: too many, or expired."""
        self._recent_jwts[token.value] = token
        now = self._clock.now()
        while self._recent_jwts:
            oldest = next(iter(self._recent_jwts.values()))
            if len(self._recent_jwts) <= self.capacity and (oldest is token or oldest.expires_at > now):
                return
            self._recent_jwts.popitem(last=False)


class Revocations:
    """The tokens and grants that were revoked, by identity rather than by the string that carried them (RFC 7009)."""

    def __init__(self, clock: Clock) -> None:
        self._revoked: ExpiringTable[str, bool] = ExpiringTable(clock)

    def revoke(self, token: Token) -> None:
        """Revoke one token."""
        self._revoked.put(self.key(token), True, token.expires_at + REVOCATION_OUTLIVES_TOKEN_SECONDS)

    def revoke_grant(self, token: Token) -> None:
        """Revoke all tokens of the grant that a token belongs to."""
        if token.grant_id:
            self._revoked.put(token.grant_id, True, token.expires_at + REVOCATION_OUTLIVES_TOKEN_SECONDS)

    def key(self, token: Token) -> str:
        """What a token is known by."""
        return token.id

    def holds(self, token: Token) -> bool:
        """Whether the token or its grant is revoked."""
        return self.covers(self.key(token)) or (token.grant_id is not None and self.covers(token.grant_id))

    def covers(self, identity: str) -> bool:
        """Whether the token or grant of that id is revoked."""
        return self._revoked.get(identity) is True
