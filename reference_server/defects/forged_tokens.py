"""Tokens that are believed though the realm never signed them."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate
from jwt.algorithms import get_default_algorithms

from reference_server.defects.registry import defect
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.exchange_tokens import TOKEN_NAMES
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

NEEDED = {"tokenName", "sub", "aud", "jti", "iat", "exp", "realm"}
"""Without these claims no string passes for a token of a realm, however careless the verification."""

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class Jws:
    """A compact JWS as read by somebody who trusts it."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signing_input: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        """`alg`, the empty string where it is missing."""
        return str(self.header.get("alg", ""))


def read(value: str) -> Jws | None:
    """The parts of a JWS, of which the signature may be missing; None of anything else."""
    try:
        header, payload, *rest = value.split(".")
        members, claims = json.loads(decoded(header)), json.loads(decoded(payload))
        jws = Jws(members, claims, f"{header}.{payload}".encode(), decoded(rest[0] if rest else ""))
    except (ValueError, RecursionError):
        return None
    return jws if isinstance(members, dict) and isinstance(claims, dict) and claims.keys() >= NEEDED else None


def decoded(part: str) -> bytes:
    """The bytes of a base64url part, also with padding, blanks or stray bits."""
    bare = part.strip().rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def believe(server: AuthorizationServer, credible: Callable[[Jws], bool]) -> None:
    """Take for genuine also what this rule finds credible."""
    original = server.verification.claims

    def claims(value: str) -> Mapping[str, Any] | None:
        genuine = original(value)
        if genuine is not None:
            return genuine
        jws = read(value)
        return jws.claims if jws is not None and credible(jws) else None

    server.verification.claims = claims


@defect(
    "signature-not-verified",
    "OBO-JWT-05",
    "OBO-JWT-06",
    "OBO-JWT-07",
    "OBO-JWT-08",
    "OBO-JWT-09",
    wrong="subject tokens are decoded and their signature is not looked at",
    family="token integrity",
    core=True,
)
@in_each_realm
def signature_not_verified(server: AuthorizationServer) -> None:
    original = server.exchange_tokens.genuine

    def genuine(value: str, token_type: str) -> Token | None:
        jws, name = read(value), TOKEN_NAMES.get(token_type)
        if jws is None or name is None or not server.verification.issued_here(jws.claims):
            return original(value, token_type)
        token = Token(value, jws.claims, stateless=True)
        return token if server.store.is_kind(token, name) else None

    server.exchange_tokens.genuine = genuine


@defect(
    "alg-none-accepted",
    "OBO-JWT-06",
    wrong="a token whose alg is none in any spelling, or whose signature is empty, needs no signature",
    family="token integrity",
    core=True,
)
@in_each_realm
def alg_none_accepted(server: AuthorizationServer) -> None:
    def credible(jws: Jws) -> bool:
        unsigned = jws.algorithm.lower() == "none" or not jws.signature
        return unsigned and server.verification.issued_here(jws.claims)

    believe(server, credible)


@defect(
    "hs256-public-key-confusion",
    "OBO-JWT-07",
    wrong="an HMAC is verified with the bytes of the public key as the secret",
    family="token integrity",
    core=True,
)
@in_each_realm
def hs256_public_key_confusion(server: AuthorizationServer) -> None:
    def credible(jws: Jws) -> bool:
        if jws.algorithm not in ("HS256", "HS384", "HS512") or not server.verification.issued_here(jws.claims):
            return False
        secrets = [secret for jwk in server.discovery.key_set()["keys"] for secret in spellings(jwk)]
        digest = f"sha{jws.algorithm[2:]}"
        return any(
            hmac.compare_digest(hmac.digest(secret, jws.signing_input, digest), jws.signature) for secret in secrets
        )

    believe(server, credible)


def spellings(jwk: Mapping[str, Any]) -> list[bytes]:
    """What a published key may be taken for when it is taken for a secret."""
    key = jwt.PyJWK(dict(jwk)).key
    formats = [PublicFormat.SubjectPublicKeyInfo, *([PublicFormat.PKCS1] if jwk["kty"] == "RSA" else [])]
    files = [key.public_bytes(encoding, kind) for kind in formats for encoding in (Encoding.PEM, Encoding.DER)]
    members = [jwk[name] for name in ("n", "x", "y") if name in jwk]
    texts = [*files, *(member.encode() for member in members)]
    return [*texts, *(text.strip() for text in texts), *(decoded(member) for member in members)]


@defect(
    "header-jwk-trusted",
    "OBO-JWT-08",
    wrong="the key that verifies a token is taken from jwk, jku, x5c or x5u of its own header",
    family="token integrity",
    core=True,
)
@in_each_realm
def header_jwk_trusted(server: AuthorizationServer) -> None:
    def credible(jws: Jws) -> bool:
        try:
            implementation = get_default_algorithms()[jws.algorithm]
            holds = any(implementation.verify(jws.signing_input, key, jws.signature) for key in keys_of(jws.header))
        except Exception:  # whatever a header may hold
            return False
        return holds and server.verification.issued_here(jws.claims)

    believe(server, credible)


def keys_of(header: Mapping[str, Any]) -> Iterator[Any]:
    """The keys that a JOSE header brings along or refers to (RFC 7515 section 4.1)."""
    if "jwk" in header:
        yield jwt.PyJWK(header["jwk"], header["alg"]).key
    if "jku" in header:
        yield from (jwk.key for jwk in jwt.PyJWKSet.from_dict(json.loads(fetched(header["jku"]))).keys)
    if "x5c" in header:
        yield load_der_x509_certificate(base64.b64decode(header["x5c"][0])).public_key()
    if "x5u" in header:
        yield load_pem_x509_certificate(fetched(header["x5u"])).public_key()


def fetched(url: str) -> bytes:
    """What is at an address of this machine; nothing leaves it."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise ValueError(url)
    with build_opener(ProxyHandler({})).open(url, timeout=2) as answer:
        return bytes(answer.read())


@defect(
    "foreign-issuer-accepted",
    "OBO-JWT-09",
    wrong="keys are looked up by iss, and a token of an issuer without keys here is taken at its word",
    family="token integrity",
    core=True,
)
@in_each_realm
def foreign_issuer_accepted(server: AuthorizationServer) -> None:
    believe(server, lambda jws: bool(jws.signature) and not server.verification.issued_here(jws.claims))


@defect(
    "unknown-kid-falls-back",
    "OBO-JWT-08",
    wrong="a kid that names no key of the realm selects none, and without a key the signature is not checked",
    family="token integrity",
)
@in_each_realm
def unknown_kid_falls_back(server: AuthorizationServer) -> None:
    def credible(jws: Jws) -> bool:
        known = [jwk["kid"] for jwk in server.discovery.key_set()["keys"]]
        signed = jws.algorithm.lower() != "none" and bool(jws.signature)
        return signed and jws.header.get("kid") not in known and server.verification.issued_here(jws.claims)

    believe(server, credible)
