"""Tokens that say something else than was granted, and tokens that are believed though the realm never signed them."""

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
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.exchange_tokens import TOKEN_NAMES
from reference_server.oauth.signing_keys import SigningKey, SigningKeys
from reference_server.oauth.token_issuer import Authorization
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

NEEDED = {"tokenName", "sub", "aud", "jti", "iat", "exp", "realm"}
"""Without these claims no string passes for a token of a realm, however careless the verification."""

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi")


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
    "jwt-scope-superset",
    "OBO-4.2X-04",
    "OBO-JWT-02",
    wrong="the JWT of an exchanged token holds all scopes of the application, unlike response and introspection",
    family="token integrity",
    core=True,
)
@in_each_realm
def jwt_scope_superset(server: AuthorizationServer) -> None:
    original = server.issuer.serialise

    def serialise(claims: Mapping[str, Any]) -> str:
        if "act" not in claims:
            return original(claims)
        applications = [client for name in claims["aud"] if (client := server.clients.get(name))]
        scopes = [*claims["scope"], *(scope for application in applications for scope in application.scopes)]
        return original({**claims, "scope": list(dict.fromkeys(scopes))})

    server.issuer.serialise = serialise


@defect(
    "jwt-act-missing",
    "OBO-JWT-03",
    wrong="introspection shows who acts, the JWT does not",
    family="token integrity",
    core=True,
)
@in_each_realm
def jwt_act_missing(server: AuthorizationServer) -> None:
    original = server.issuer.serialise
    server.issuer.serialise = lambda claims: original({name: claims[name] for name in claims if name != "act"})


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


def jwk_of(key: SigningKey) -> dict[str, Any]:
    """A key as JWK with its private members."""
    members: dict[str, Any] = json.loads(get_default_algorithms()[key.algorithm].to_jwk(key.signer.private))
    return members


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


@defect(
    "jwt-signed-with-unpublished-key",
    "OBO-JWT-01",
    wrong="exchanged tokens are signed with a key that the key set does not hold",
    family="token integrity",
)
@in_each_realm
def jwt_signed_with_unpublished_key(server: AuthorizationServer) -> None:
    unpublished = SigningKeys()
    serialise, verifying_key = server.issuer.serialise, server.keys.verifying_key

    def sign(claims: Mapping[str, Any]) -> str:
        key = unpublished.signing_key(server.provider.signing_algorithm)
        return key.sign(claims) if "act" in claims else serialise(claims)

    def find(header: Mapping[str, Any]) -> SigningKey | None:
        return verifying_key(header) or unpublished.verifying_key(header)

    server.issuer.serialise = sign
    server.keys.verifying_key = find


@defect(
    "jwks-leaks-private-key",
    "OBO-JWT-01",
    wrong="the key set holds the private members of the keys",
    family="token integrity",
)
@in_each_realm
def jwks_leaks_private_key(server: AuthorizationServer) -> None:
    original = server.discovery.key_set

    def private_members(jwk: Mapping[str, Any]) -> dict[str, Any]:
        key = server.keys.verifying_key(jwk)
        members = {} if key is None else jwk_of(key)
        return {name: members[name] for name in PRIVATE_MEMBERS if name in members}

    server.discovery.key_set = lambda: {"keys": [jwk | private_members(jwk) for jwk in original()["keys"]]}


@defect(
    "reused-jti",
    "OBO-JWT-04",
    wrong="exchanged tokens have the jti of their subject token",
    family="token integrity",
)
@in_each_realm
def reused_jti(server: AuthorizationServer) -> None:
    original = server.issuer.oauth_claims

    def oauth_claims(authorization: Authorization, name: str, lifetime: int) -> dict[str, Any]:
        claims = original(authorization, name, lifetime)
        return claims | {"jti": authorization.ancestors[0]} if authorization.ancestors else claims

    server.issuer.oauth_claims = oauth_claims


@defect(
    "jwt-no-exp",
    "OBO-JWT-04",
    wrong="the JWT of an exchanged token has no exp",
    family="token integrity",
)
@in_each_realm
def jwt_no_exp(server: AuthorizationServer) -> None:
    serialise, verify = server.issuer.serialise, server.verification.claims

    def without_exp(claims: Mapping[str, Any]) -> str:
        dropped = "exp" if claims.get("act") and claims["tokenName"] == terms.ACCESS_TOKEN else ""
        return serialise({name: claims[name] for name in claims if name != dropped})

    def with_exp(value: str) -> Mapping[str, Any] | None:
        claims = verify(value)
        return claims and {"exp": claims["iat"] + claims.get("expires_in", 0), **claims}

    server.issuer.serialise = without_exp
    server.verification.claims = with_exp
