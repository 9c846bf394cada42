"""How a service account gets its access token: the JWT-bearer grant at the tenant's own token endpoint (RFC 7523)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable
from reference_server.jose import Jws, read_jws, rs256_verifies
from reference_server.service_accounts import ServiceAccount, ServiceAccounts
from reference_server.sessions import LIFETIME_SECONDS, Sessions

PATH = "/am/oauth2/access_token"
CLIENT_ID = "service-account"
ALGORITHM = "RS256"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_DEFAULT_PORTS = {"https": 443, "http": 80}


class LoginRefused(Exception):
    """The token endpoint refuses: 400 with this `error` and `error_description`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description

    def body(self) -> dict[str, str]:
        """The answer, in the recorded order of its members."""
        return {"error_description": self.description, "error": self.error}


class ServiceAccountLogin:
    """Checks assertions and opens sessions. The assertion is signed with RS256 by the account that it names."""

    def __init__(self, url: str, accounts: ServiceAccounts, sessions: Sessions, clock: Clock) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._clock = clock
        self._used: ExpiringTable[tuple[str, str], bool] = ExpiringTable(clock)  # by account and jti
        self.audiences = _with_and_without_port(url, PATH)

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The token answer, or LoginRefused. A jti is used up only by success, not by a refusal of its scopes."""
        if form.get("grant_type") != GRANT_TYPE:
            raise LoginRefused("unsupported_grant_type", "Grant type is not supported")
        if form.get("client_id") != CLIENT_ID:
            raise LoginRefused("invalid_client", "Client authentication failed")
        claims, account = self.verified(form.get("assertion", ""))
        self.check_times(claims)
        self.check_audience(claims)
        self.check_not_replayed(account, claims)
        scopes = self.granted_scopes(account, form.get("scope", ""))
        self.remember(account, claims)
        access_token = self._sessions.open(account.id, frozenset(scopes))
        # What is left of the lifetime is cut to whole seconds, so it is never the full 900.
        expires_in = LIFETIME_SECONDS - 1
        return {
            "access_token": access_token,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
            "expires_in": expires_in,
        }

    def verified(self, assertion: str) -> tuple[dict[str, Any], ServiceAccount]:
        """The claims of the assertion and the account that signed it."""
        try:
            jws = read_jws(assertion)
        except (ValueError, RecursionError) as error:
            raise LoginRefused("invalid_grant", "JWT is not valid") from error
        issuer = jws.claims.get("iss")
        account = self._accounts.get(issuer) if isinstance(issuer, str) else None
        if account is None:
            raise LoginRefused("invalid_grant", "Unknown JWT issuer")
        if not self.is_signed_by(account, jws):
            raise LoginRefused("invalid_grant", "JWT is not valid")
        if jws.claims.get("sub") != account.id:
            raise LoginRefused("invalid_grant", "JWT subject is not the issuer")
        return jws.claims, account

    def is_signed_by(self, account: ServiceAccount, jws: Jws) -> bool:
        """Whether the account's key signed it, with the one algorithm and under no extension that is not known here."""
        plain = jws.header.get("alg") == ALGORITHM and "crit" not in jws.header
        return plain and rs256_verifies(account.public_key, jws.signing_input, jws.signature)

    def check_times(self, claims: Mapping[str, Any]) -> None:
        """The assertion must tell when it expires, and that must lie ahead."""
        if not _is_number(claims.get("exp")) or claims["exp"] <= self._clock.now():
            raise LoginRefused("invalid_grant", "JWT has expired")
        if "nbf" in claims and not (_is_number(claims["nbf"]) and claims["nbf"] <= self._clock.now()):
            raise LoginRefused("invalid_grant", "JWT is not valid yet")

    def check_audience(self, claims: Mapping[str, Any]) -> None:
        """The assertion must be meant for this token endpoint; a default port may be spelled out."""
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        if not any(item in self.audiences for item in named if isinstance(item, str)):
            raise LoginRefused("invalid_grant", "Incorrect audience in JWT")

    def check_not_replayed(self, account: ServiceAccount, claims: Mapping[str, Any]) -> None:
        """An assertion buys one token."""
        if self._used.get((account.id, str(claims.get("jti")))):
            raise LoginRefused("invalid_grant", "JWT has been used before")

    def granted_scopes(self, account: ServiceAccount, requested: str) -> list[str]:
        """Exactly the scopes asked for; one that the account doesn't have fails the request (recorded tenant)."""
        scopes = list(dict.fromkeys(requested.split()))
        if not scopes:
            raise LoginRefused("invalid_scope", "No scope requested and no default scope configured")
        refused = [scope for scope in scopes if scope not in account.scopes]
        if refused:
            raise LoginRefused("invalid_scope", f"Unsupported scope for service account: {','.join(refused)}")
        return scopes

    def remember(self, account: ServiceAccount, claims: Mapping[str, Any]) -> None:
        """Use up the assertion's jti for as long as the assertion lives."""
        if "jti" in claims:
            self._used.put((account.id, str(claims["jti"])), True, claims["exp"])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _with_and_without_port(url: str, path: str) -> frozenset[str]:
    parts = urlsplit(url)
    default = _DEFAULT_PORTS.get(parts.scheme)
    spellings = {f"{url}{path}"}
    if parts.port is None:
        spellings.add(f"{url}:{default}{path}")
    elif parts.port == default:
        spellings.add(f"{parts.scheme}://{parts.netloc.rpartition(':')[0]}{path}")
    return frozenset(spellings)
