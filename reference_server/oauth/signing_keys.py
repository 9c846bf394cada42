"""The realm's signing keys: ES256, RS256 and HS256, each for its own algorithm only (RFC 7515, RFC 7518)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from reference_server.jose import ES256, HS256, RS256, Signer, base64url, compact_json, json_part
from reference_server.oauth.errors import invalid_request


class SigningKey:
    """One key for one algorithm, and the name that it has in the key set."""

    def __init__(self, algorithm: str, signer: Signer) -> None:
        self.algorithm = algorithm
        self.signer = signer
        self.kid = self._thumbprint()
        named = {"kid": self.kid} if self.kid else {}
        self.header = {"typ": "JWT", **named, "alg": algorithm}
        self._encoded_header = json_part(self.header)

    def _thumbprint(self) -> str | None:
        """28 characters of base64, as on a tenant; a shared secret has no name."""
        if not self.signer.public:
            return None
        canonical = compact_json(dict(sorted(self.signer.public.items()))).encode()
        return base64.b64encode(hashlib.sha1(canonical, usedforsecurity=False).digest()).decode()

    @property
    def public_jwk(self) -> dict[str, Any] | None:
        """The member of the key set, None where there is nothing to publish (RFC 7517)."""
        if self.kid is None:
            return None
        public = self.signer.public
        return {"kty": public["kty"], "kid": self.kid, "use": "sig", "alg": self.algorithm} | dict(public)

    def sign(self, claims: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
        """The claims as a compact JWS, under the usual header or under another."""
        encoded_header = self._encoded_header if header is None else json_part(header)
        signing_input = encoded_header + b"." + json_part(claims)
        return (signing_input + b"." + base64url(self.signer.sign(signing_input))).decode()

    def verifies(self, signing_input: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's."""
        return self.signer.verifies(signing_input, signature)


_MAKERS: dict[str, Callable[[], Signer]] = {
    "ES256": lambda: ES256(ec.generate_private_key(ec.SECP256R1())),
    "RS256": lambda: RS256(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    "HS256": lambda: HS256(secrets.token_bytes(32)),
}


class SigningKeys:
    """The keys of one realm. A key is made when its algorithm is first asked for and stays for the server's life."""

    def __init__(self) -> None:
        self._keys: dict[str, SigningKey] = {}

    def signing_key(self, algorithm: str) -> SigningKey:
        """The key that signs with this algorithm; `invalid_request` for one that is not offered."""
        key = self._keys.get(algorithm)
        if key is None:
            if algorithm not in _MAKERS:
                raise invalid_request("Unknown Signing Algorithm")
            key = self._keys[algorithm] = SigningKey(algorithm, _MAKERS[algorithm]())
        return key

    def verifying_key(self, header: Mapping[str, Any]) -> SigningKey | None:
        """The key that a JOSE header names, by `kid` and `alg` together: a key never verifies another algorithm."""
        algorithm, kid = header.get("alg"), header.get("kid")
        return next((key for key in self._keys.values() if key.algorithm == algorithm and key.kid == kid), None)

    def key_set(self, algorithm: str) -> dict[str, Any]:
        """The public keys (RFC 7517 section 5), among them that of the algorithm in use; no secret of an HMAC key."""
        if algorithm in _MAKERS:
            self.signing_key(algorithm)
        return {"keys": [jwk for key in self._keys.values() if (jwk := key.public_jwk)]}
