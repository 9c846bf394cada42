"""Service accounts: who may administer the tenant through the REST APIs, and with which scopes."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key

from reference_server.jose import private_rsa_members, rsa_members

AM_SCOPE, IDM_SCOPE = "fr:am:*", "fr:idm:*"
_KEY_BITS = 2048


@dataclass(frozen=True)
class ServiceAccount:
    """An account as the tenant knows it: with the public half of its key."""

    id: str
    name: str
    scopes: tuple[str, ...]
    public_key: RSAPublicKey = field(repr=False)

    def document(self) -> dict[str, Any]:
        """The account as `managed/svcacct` shows it; numbers are text and the key set is a JSON string."""
        key = {"kty": "RSA", "kid": self.id, "alg": "RS256", **rsa_members(self.public_key)}
        return {
            "_id": self.id,
            "_rev": f"{self.id}-1",
            "accountStatus": "active",
            "name": self.name,
            "description": f"{self.name} of the reference server",
            "scopes": list(self.scopes),
            "jwks": json.dumps({"keys": [key]}, separators=(",", ":")),
            "maxCachingTime": "15",
            "maxIdleTime": "15",
            "maxSessionTime": "15",
            "quotaLimit": "5",
        }


@dataclass(frozen=True)
class Credentials:
    """What the holder of a service account has: its ID and its private key as JWK."""

    id: str
    jwk: dict[str, Any] = field(repr=False)


class ServiceAccounts:
    """The service accounts of a tenant."""

    def __init__(self) -> None:
        self._accounts: dict[str, ServiceAccount] = {}

    def create(self, name: str, scopes: tuple[str, ...] = (AM_SCOPE, IDM_SCOPE)) -> Credentials:
        """Make an account with a fresh RSA key; the private key is handed out here and kept nowhere."""
        private_key = generate_private_key(65537, _KEY_BITS)
        account = ServiceAccount(str(uuid.uuid4()), name, scopes, private_key.public_key())
        self._accounts[account.id] = account
        return Credentials(
            account.id, {"kty": "RSA", "kid": account.id, "alg": "RS256", **private_rsa_members(private_key)}
        )

    def get(self, account_id: str) -> ServiceAccount | None:
        """The account of that ID."""
        return self._accounts.get(account_id)
