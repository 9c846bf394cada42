"""Makes tokens: the claims of a tenant's tokens in their recorded order, as a JWT or behind an opaque reference."""

from __future__ import annotations

import itertools
import random
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reference_server.clock import Clock
from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.signing_keys import SigningKeys
from reference_server.oauth.token_store import TokenStore
from reference_server.oauth.tokens import Token


def new_id() -> str:
    """An unguessable 27-character name, the form of `authGrantId` and opaque tokens."""
    return secrets.token_urlsafe(20)


@dataclass(frozen=True)
class Authorization:
    """What a client was granted, from which its tokens are made."""

    client: Client
    grant_type: str
    subject: str
    scopes: tuple[str, ...]
    audience: tuple[str, ...]
    authentication: Mapping[str, Any]
    """Claims about the end user's login (`subname`, `auth_level`, `auth_time`); empty where no user is involved."""
    actor: Mapping[str, Any] | None = None
    not_after: int | None = None
    """Epoch seconds that no token may outlive."""
    ancestors: tuple[str, ...] = ()
    grant_id: str = field(default_factory=new_id)


@dataclass(frozen=True)
class IssuedToken:
    """A token string as it goes into an answer."""

    value: str
    expires_in: int
    """Whole seconds that remain, the fraction already begun cut off: 3599 of 3600."""


class TokenIssuer:
    """Issues the tokens of one realm."""

    def __init__(
        self, clock: Clock, realm: str, issuer: str, provider: ProviderSettings, keys: SigningKeys, store: TokenStore
    ) -> None:
        self._clock = clock
        self._realm = f"/{realm}"
        self._issuer = issuer
        self._provider = provider
        self._keys = keys
        self._store = store
        self._instance = str(uuid.uuid4())
        self._transactions = itertools.count(random.randrange(1_000, 1_000_000))  # noqa: S311 - a log number, no secret

    def access_token(self, authorization: Authorization) -> IssuedToken:
        """An access token, in the form that the client's effective settings choose."""
        lifetime = self.lifetime(authorization, authorization.client.access_token_lifetime)
        claims = self.oauth_claims(authorization, terms.ACCESS_TOKEN, lifetime)
        return self._issue(authorization, claims, stateless=self.is_stateless(authorization))

    def refresh_token(self, authorization: Authorization) -> IssuedToken:
        """A refresh token of the same grant, in the same form."""
        lifetime = self.lifetime(authorization, authorization.client.refresh_token_lifetime)
        claims = self.oauth_claims(authorization, terms.REFRESH_TOKEN, lifetime)
        return self._issue(authorization, claims, stateless=self.is_stateless(authorization))

    def id_token(self, authorization: Authorization) -> IssuedToken:
        """An ID token, always a JWT."""
        lifetime = self.lifetime(authorization, authorization.client.id_token_lifetime)
        return self._issue(authorization, self.id_claims(authorization, lifetime), stateless=True)

    def is_stateless(self, authorization: Authorization) -> bool:
        """Whether the tokens are JWTs, as the client's effective settings say (guide, task 3.2 step 4f)."""
        return authorization.client.stateless_tokens

    def lifetime(self, authorization: Authorization, seconds: int) -> int:
        """Seconds that a token lives: as configured, unless the authorization ends earlier."""
        if authorization.not_after is None:
            return seconds
        return min(seconds, authorization.not_after - int(self._clock.now()))

    def _issue(self, authorization: Authorization, claims: dict[str, Any], *, stateless: bool) -> IssuedToken:
        value = self.serialise(claims) if stateless else new_id()
        token = Token(value, claims, stateless)
        self._store.remember(token)
        authorization.client.record.registration.note(token.id, token.issued_at)
        return IssuedToken(value, max(claims["exp"] - claims["iat"] - 1, 0))

    def serialise(self, claims: Mapping[str, Any]) -> str:
        """The JWT that carries these claims, signed as the provider says."""
        return self._keys.signing_key(self._provider.signing_algorithm).sign(claims)

    def oauth_claims(self, authorization: Authorization, name: str, lifetime: int) -> dict[str, Any]:
        """The claims of an access or refresh token."""
        now = int(self._clock.now())
        claims = {
            "sub": authorization.subject,
            "cts": "OAUTH2_STATELESS_GRANT" if self.is_stateless(authorization) else "OAUTH2_GRANT_SET",
            "auth_level": authorization.authentication.get("auth_level"),
            "auditTrackingId": self.tracking_id(),
            "subname": authorization.authentication.get("subname"),
            "iss": self._issuer,
            "tokenName": name,
            "token_type": "Bearer",
            "authGrantId": authorization.grant_id,
            "client_id": authorization.client.id,
            "aud": self.audience_claim(authorization.audience),
            "nbf": now,
            "act": authorization.actor,
            "grant_type": authorization.grant_type,
            "scope": list(authorization.scopes),
            "auth_time": authorization.authentication.get("auth_time"),
            "realm": self._realm,
            "exp": now + lifetime,
            "iat": now,
            "expires_in": lifetime,
            "jti": self.token_id(authorization, now + lifetime),
        }
        return {claim: value for claim, value in claims.items() if value is not None}

    def id_claims(self, authorization: Authorization, lifetime: int) -> dict[str, Any]:
        """The claims of an ID token (OpenID Connect Core section 2); `scope` bounds what it may be exchanged for."""
        now = int(self._clock.now())
        claims = {
            "sub": authorization.subject,
            "auditTrackingId": self.tracking_id(),
            "subname": authorization.authentication.get("subname"),
            "iss": self._issuer,
            "tokenName": terms.ID_TOKEN,
            "aud": self.audience_claim(authorization.audience),
            "azp": authorization.client.id,
            "act": authorization.actor,
            "scope": list(authorization.scopes),
            "auth_level": authorization.authentication.get("auth_level"),
            "auth_time": authorization.authentication.get("auth_time"),
            "realm": self._realm,
            "exp": now + lifetime,
            "tokenType": "JWTToken",
            "iat": now,
            "jti": self.token_id(authorization, now + lifetime),
        }
        return {claim: value for claim, value in claims.items() if value is not None}

    def audience_claim(self, audience: tuple[str, ...]) -> str | list[str]:
        """`aud`: a string for one value, an array for several."""
        return audience[0] if len(audience) == 1 else list(audience)

    def token_id(self, authorization: Authorization, expires_at: int) -> str:
        """`jti`, by which the server also knows what the token descends from."""
        return self._store.lineages.token_id(authorization.ancestors, expires_at)

    def tracking_id(self) -> str:
        """`auditTrackingId`: this server's UUID and the number of the transaction."""
        return f"{self._instance}-{next(self._transactions)}"
