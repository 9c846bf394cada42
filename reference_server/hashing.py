"""Secrets at rest: only a salted digest is kept, and the comparison takes the same time whatever the candidate."""

from __future__ import annotations

import hashlib
import hmac
import os


class SecretHash:
    """A client secret or password that can be compared but not read.

    One round of SHA-256 is enough for a server that lives in memory and must stay cheap under load.
    """

    def __init__(self, secret: str) -> None:
        self._salt = os.urandom(16)
        self._digest = self._hash(secret)

    def matches(self, candidate: str) -> bool:
        """Whether the candidate is the secret."""
        return hmac.compare_digest(self._digest, self._hash(candidate))

    def _hash(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + text.encode("utf-8", "surrogatepass")).digest()
