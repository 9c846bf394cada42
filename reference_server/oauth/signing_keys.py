"""The realm's signing keys: ES256, RS256 and HS256, each for its own algorithm only (RFC 7515, RFC 7518)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import Algorithm, ECAlgorithm, HMACAlgorithm, RSAAlgorithm

from reference_server.oauth.errors import invalid_request


def base64url(data: bytes) -> bytes:
    """base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class SigningKey:
    """One key for one algorithm; `verifying` is its public half, or the secret itself of an HMAC key."""

    def __init__(self, algorithm: str, implementation: Algorithm, signing: Any, verifying: Any) -> None:
        self.algorithm = algorithm
        self._implementation = implementation
        self._signing = signing
        self._verifying = verifying
        self._public = self._public_members()
        self.kid = self._thumbprint()
        self.header = (
            {"typ": "JWT", "kid": self.kid, "alg": algorithm} if self.kid else {"typ": "JWT", "alg": algorithm}
        )

    def _public_members(self) -> dict[str, Any]:
        if isinstance(self._implementation, HMACAlgorithm):
            return {}
        jwk = self._implementation.to_jwk(self._verifying, as_dict=True)
        return {name: value for name, value in jwk.items() if name != "key_ops"}

    def _thumbprint(self) -> str | None:
        """28 characters of base64, as on a tenant; a shared secret has no name."""
        if not self._public:
            return None
        canonical = json.dumps(self._public, separators=(",", ":"), sort_keys=True).encode()
        return base64.b64encode(hashlib.sha1(canonical, usedforsecurity=False).digest()).decode()

    @property
    def public_jwk(self) -> dict[str, Any] | None:
        """The member of the key set, None where there is nothing to publish (RFC 7517)."""
        if self.kid is None:
            return None
        return {"kty": self._public["kty"], "kid": self.kid, "use": "sig", "alg": self.algorithm} | self._public

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a compact JWS."""
        signing_input = b".".join(
            base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (self.header, claims)
        )
        signature = self._implementation.sign(signing_input, self._signing)
        return (signing_input + b"." + base64url(signature)).decode()

    def verifies(self, signing_input: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's."""
        return self._implementation.verify(signing_input, self._verifying, signature)


def _es256() -> SigningKey:
    key = ec.generate_private_key(ec.SECP256R1())
    return SigningKey("ES256", ECAlgorithm(ECAlgorithm.SHA256), key, key.public_key())


def _rs256() -> SigningKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return SigningKey("RS256", RSAAlgorithm(RSAAlgorithm.SHA256), key, key.public_key())


def _hs256() -> SigningKey:
    key = secrets.token_bytes(32)
    return SigningKey("HS256", HMACAlgorithm(HMACAlgorithm.SHA256), key, key)


_MAKERS: dict[str, Callable[[], SigningKey]] = {"ES256": _es256, "RS256": _rs256, "HS256": _hs256}


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
            key = self._keys[algorithm] = _MAKERS[algorithm]()
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
