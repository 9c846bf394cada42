"""Authentication requests that a client signs with its registered key (OpenID CIBA Core section 7.1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_request
from reference_server.oauth.provider_settings import ProviderSettings

ALGORITHMS = frozenset({"ES256", "PS256"})
"""What this server can verify of what the provider may be set to support."""
LONGEST_LIFETIME_SECONDS = 30 * 60
NOT_SIGNED = "Request must have a 'request' parameter the value of which must be a signed jwt"


class SignedRequests:
    """Reads signed requests; only what the signature covers counts."""

    def __init__(self, clock: Clock, issuer: str, provider: ProviderSettings) -> None:
        self._clock = clock
        self._issuer = issuer
        self._provider = provider
        self._used: ExpiringTable[str, bool] = ExpiringTable(clock)

    def claims(self, client: Client, value: str | None) -> Mapping[str, Any]:
        """The claims of a client's request, or an `invalid_request`."""
        claims = next(self.verified(client, value or ""), None)
        if claims is None:
            raise invalid_request(NOT_SIGNED)
        self.check_parties(client, claims)
        self.check_times(claims)
        self.check_not_replayed(client, claims)
        return claims

    def verified(self, client: Client, value: str) -> Iterator[Mapping[str, Any]]:
        """The claims, once for each key of the client that verifies the signature."""
        import jwt  # only here: it takes as long to load as the rest of the server

        for key in client.public_keys:
            try:
                header = jwt.get_unverified_header(value)
                if self.is_supported(header["alg"]) and header.get("kid") in (None, key.get("kid")):
                    known = jwt.PyJWK(dict(key), header["alg"])
                    claims = json.loads(jwt.PyJWS().decode(value, known, algorithms=[header["alg"]]))
                    if isinstance(claims, dict):
                        yield claims
            except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError):
                continue

    def is_supported(self, algorithm: Any) -> bool:
        """Whether clients may sign with this algorithm."""
        return algorithm in ALGORITHMS and algorithm in self._provider.ciba_algorithms

    def check_parties(self, client: Client, claims: Mapping[str, Any]) -> None:
        """Written by the client itself, for this realm."""
        audience = claims.get("aud")
        if claims.get("iss") != client.id:
            raise invalid_request("JWT issuer is not the client")
        if self._issuer not in (audience if isinstance(audience, list) else [audience]):
            raise invalid_request("Incorrect audience in JWT")

    def check_times(self, claims: Mapping[str, Any]) -> None:
        """The JWT must tell when it expires: in the future, but soon."""
        now, expiry, begin = self._clock.now(), claims.get("exp"), claims.get("nbf", 0)
        if not isinstance(expiry, int | float) or not isinstance(begin, int | float) or not begin <= now < expiry:
            raise invalid_request("JWT has expired or is not valid yet")
        if expiry > now + LONGEST_LIFETIME_SECONDS:
            raise invalid_request("JWT expiration time is unreasonable")

    def check_not_replayed(self, client: Client, claims: Mapping[str, Any]) -> None:
        """A `jti` is good for one request."""
        if "jti" in claims:
            key = f"{client.id} {claims['jti']}"
            if self._used.get(key):
                raise invalid_request("JWT has been used before")
            self._used.put(key, True, claims["exp"])
