"""Tokens that say something else than was granted, and keys that are not what is published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jwt.algorithms import get_default_algorithms

from reference_server.defects.registry import defect
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.signing_keys import SigningKey, SigningKeys
from reference_server.oauth.token_issuer import Authorization
from reference_server.planting import in_each_realm

PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi")


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


def jwk_of(key: SigningKey) -> dict[str, Any]:
    """A key as JWK with its private members."""
    members: dict[str, Any] = json.loads(get_default_algorithms()[key.algorithm].to_jwk(key.signer.private))
    return members


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
