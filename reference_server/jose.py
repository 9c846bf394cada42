"""What of JOSE the tenant needs: base64url, JSON Web Keys, compact signatures (RFC 7515, RFC 7517, RFC 7518).

Close to `cryptography`, because what a signature costs is what a token costs.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

_COORDINATE_BYTES = 32
_ECDSA = ec.ECDSA(SHA256())
_PKCS1, _SHA256 = PKCS1v15(), SHA256()

compact_json = json.JSONEncoder(separators=(",", ":")).encode
"""JSON without blanks, in ASCII."""


def base64url(data: bytes) -> bytes:
    """base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def decoded(part: str) -> bytes:
    """The bytes of base64url in its one canonical spelling; ValueError for any other."""
    encoded = part.encode("ascii")
    data = base64.urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4))
    if base64url(data) != encoded:
        raise ValueError
    return data


def json_part(members: Mapping[str, Any]) -> bytes:
    """A JSON object as a part of a JWS."""
    return base64url(compact_json(members).encode())


class Jws(NamedTuple):
    """A compact JWS in its parts; nothing is verified yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signing_input: bytes
    signature: bytes


def read_jws(value: str) -> Jws:
    """The parts of a compact JWS; ValueError where it is none."""
    header, payload, signature = value.split(".")
    members, claims = json.loads(decoded(header)), json.loads(decoded(payload))
    if not isinstance(members, dict) or not isinstance(claims, dict):
        raise ValueError
    return Jws(members, claims, f"{header}.{payload}".encode(), decoded(signature))


def uint(number: int, length: int | None = None) -> str:
    """A number as JSON Web Keys hold it, in as many bytes as it needs unless their number is fixed."""
    return base64url(number.to_bytes(length or (number.bit_length() + 7) // 8)).decode()


class Signer(Protocol):
    """A key for one algorithm."""

    private: Any
    public: Mapping[str, str]
    """The public members of its JWK; empty for a shared secret."""

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes."""
        ...

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether a signature is this key's."""
        ...


class ES256:
    """ECDSA with P-256 and SHA-256; the signature is the two numbers one after the other (RFC 7518 section 3.4)."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        self._verifying = private.public_key()
        point = self._verifying.public_numbers()
        x, y = uint(point.x, _COORDINATE_BYTES), uint(point.y, _COORDINATE_BYTES)
        self.public: Mapping[str, str] = {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes."""
        r, s = decode_dss_signature(self.private.sign(data, _ECDSA))
        return r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether a signature is this key's."""
        if len(signature) != 2 * _COORDINATE_BYTES:
            return False
        r, s = signature[:_COORDINATE_BYTES], signature[_COORDINATE_BYTES:]
        try:
            self._verifying.verify(encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), data, _ECDSA)
        except InvalidSignature:
            return False
        return True


class RS256:
    """RSA, PKCS #1 v1.5, with SHA-256 (RFC 7518 section 3.3)."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self.private = private
        self._verifying = private.public_key()
        self.public: Mapping[str, str] = {"kty": "RSA", **rsa_members(self._verifying)}

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes."""
        return self.private.sign(data, _PKCS1, _SHA256)

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether a signature is this key's."""
        return rs256_verifies(self._verifying, data, signature)


class HS256:
    """HMAC with SHA-256: who verifies could sign (RFC 7518 section 3.2)."""

    def __init__(self, secret: bytes) -> None:
        self.private = secret
        self.public: Mapping[str, str] = {}

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes."""
        return hmac.digest(self.private, data, "sha256")

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether a signature is this key's."""
        return hmac.compare_digest(self.sign(data), signature)


def rs256_verifies(key: rsa.RSAPublicKey, data: bytes, signature: bytes) -> bool:
    """Whether a signature is that of the key's private half."""
    try:
        key.verify(signature, data, _PKCS1, _SHA256)
    except InvalidSignature:
        return False
    return True


def rsa_members(key: rsa.RSAPublicKey) -> dict[str, str]:
    """The public members of an RSA key as JWK, without its type."""
    numbers = key.public_numbers()
    return {"n": uint(numbers.n), "e": uint(numbers.e)}


def private_rsa_members(key: rsa.RSAPrivateKey) -> dict[str, str]:
    """All members of an RSA key as JWK, without its type."""
    numbers = key.private_numbers()
    secret = {
        "d": numbers.d, "p": numbers.p, "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp
    }  # fmt: skip
    return {**rsa_members(key.public_key()), **{name: uint(number) for name, number in secret.items()}}
