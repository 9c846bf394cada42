"""Which strings are JWTs of this realm (RFC 7515 section 5.2, RFC 8725 section 3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reference_server.jose import decoded
from reference_server.oauth.signing_keys import SigningKey, SigningKeys

MAX_HEADER_CHARACTERS = 8192


class TokenVerification:
    """Checks signature and issuer; expiry and revocation are another matter."""

    def __init__(self, keys: SigningKeys, issuer: str) -> None:
        self.keys = keys
        self._issuer = issuer

    def claims(self, value: str) -> Mapping[str, Any] | None:
        """The claims of a JWT that this realm signed, None of anything else."""
        try:
            header, payload, signature = value.split(".")
            key = self.key_for(self.header(header))
            if key is None or not self.signature_holds(key, f"{header}.{payload}".encode(), self.decoded(signature)):
                return None
            claims: Mapping[str, Any] = json.loads(self.decoded(payload))
        except (ValueError, RecursionError):
            return None
        return claims if self.issued_here(claims) else None

    def decoded(self, part: str) -> bytes:
        """The bytes of a base64url part in its one canonical spelling; ValueError for any other."""
        return decoded(part)

    def header(self, encoded: str) -> Mapping[str, Any]:
        """The JOSE header; ValueError where it is not a JSON object of reasonable size."""
        header = json.loads(self.decoded(encoded)) if len(encoded) <= MAX_HEADER_CHARACTERS else None
        if not isinstance(header, dict):
            raise ValueError
        return header

    def key_for(self, header: Mapping[str, Any]) -> SigningKey | None:
        """The realm's own key of that name and algorithm; nothing else in a header has a say in it."""
        return self.keys.verifying_key(header) if self.understands(header) else None

    def understands(self, header: Mapping[str, Any]) -> bool:
        """Whether no extension is declared critical: none is known here (RFC 7515 section 4.1.11)."""
        return "crit" not in header

    def signature_holds(self, key: SigningKey, signing_input: bytes, signature: bytes) -> bool:
        """Whether the signature covers header and payload."""
        return key.verifies(signing_input, signature)

    def issued_here(self, claims: Mapping[str, Any]) -> bool:
        """Whether `iss` is this realm, compared as a whole."""
        return claims.get("iss") == self._issuer
