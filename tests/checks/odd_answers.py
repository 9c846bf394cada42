"""Answers that are right but for one member, which is anything else that JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from tests.checks.documents import SWITCHES
from tests.checks.evidence import jwt

Json = dict[str, Any]

CLAIMS: Json = {
    "sub": "(usr!user)",
    "act": {"sub": "(age!agent)"},
    "scope": "openid read-data",
    "scp": ["openid", "read-data"],
    "aud": ["app"],
    "iss": "https://tenant.example/am/oauth2/alpha",
    "may_act": {"sub": "agent"},
    "client_id": "agent",
    "azp": "agent",
    "exp": 1_800_000_000,
    "iat": 1_799_996_401,
    "nbf": 1_799_996_401,
    "jti": "one",
    "auditTrackingId": "two",
    "authGrantId": "three",
}
TOKEN_ANSWER: Json = CLAIMS | {
    "active": True,
    "access_token": jwt({"alg": "ES256"}, CLAIMS),
    "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
    "token_type": "Bearer",
    "expires_in": 3599,
    "refresh_token": "refresh",
    "id_token": "identity",
    "auth_req_id": "request",
    "interval": 5,
    "username": "barbara",
    "user_id": "user",
    "subname": "user",
    "realm": "/alpha",
    "auth_level": 0,
}
REFUSAL: Json = {"error": "invalid_grant", "error_description": "no", "message": "no", "reason": "no", "active": False}
DOCUMENT: Json = {
    "_id": "agent",
    "_type": {"_id": "AIAgent"},
    "coreOAuth2ClientConfig": {"clientType": {"inherited": False, "value": "Confidential"}, "clientName": ["Agent"]},
    "advancedOAuth2ClientConfig": {"grantTypes": ["password"], "tokenEndpointAuthMethod": "client_secret_post"},
    "overrideOAuth2ClientConfig": dict.fromkeys(SWITCHES, True),
    "advancedOAuth2Config": {"grantTypes": ["password"], "acceptAudienceParametersInTokenExchangeRequests": False},
    "aiAgentIdentityAttributes": {"inherited": False, "value": {"name": "Agent", "oauth2ClientId": "agent"}},
    "aiAgentIdentityUid": {"inherited": False, "value": "identity"},
    "oauth2ClientId": "agent",
    "ssoEntities": {"oidcId": "app"},
    "owners": [{"_refResourceId": "user"}],
    "resource": {"_refResourceId": "app"},
    "subjects": [{"_refResourceId": "user"}],
    "subjectGroups": [{"_refResourceId": "group"}],
    "permissions": [{"values": ["read-data"]}],
}
METADATA: Json = {
    "issuer": "https://tenant.example/am/oauth2/alpha",
    "token_endpoint": "https://tenant.example/am/oauth2/alpha/access_token",
    "introspection_endpoint": "https://tenant.example/am/oauth2/alpha/introspect",
    "jwks_uri": "https://tenant.example/am/oauth2/alpha/connect/jwk_uri",
    "grant_types_supported": ["password"],
    "scopes_supported": ["openid"],
    "token_endpoint_auth_methods_supported": ["client_secret_post"],
    "id_token_signing_alg_values_supported": ["ES256"],
    "request_object_signing_alg_values_supported": ["none"],
}
KEY: Json = {"kid": "one", "kty": "EC", "x": "x", "y": "y", "typ": "at+jwt"}
LEFT_OUT = object()
ODD: tuple[Any, ...] = (
    *(LEFT_OUT, None, True, -1, 1.5, 10**400, -(10**400), math.inf, math.nan),
    *("", "text", "(usr!", "http://[", "https://tenant.example:port"),
    *([], [None], [{}], [[]], [{"values": 7}], [{"values": [[]]}], {}, {"sub": []}, {"values": 7}),
    *({"inherited": None}, {"inherited": True, "value": 7}, {"inherited": True, "value": [[]]}),
)
"""Each JSON type, in the spellings that Python reads, and texts that are no identifier and no URL."""


def with_one_odd_member(right: Mapping[str, Any]) -> Iterator[Json]:
    """The right members, with each of them in turn, and each of those one level below, left out or odd."""
    for name, value in right.items():
        for odd in ODD:
            yield _put(right, name, odd)
            if isinstance(value, dict):
                yield from (_put(right, name, _put(value, inner, odd)) for inner in value)


def _put(members: Mapping[str, Any], name: str, value: Any) -> Json:
    rest = {other: held for other, held in members.items() if other != name}
    return rest if value is LEFT_OUT else {**rest, name: value}
