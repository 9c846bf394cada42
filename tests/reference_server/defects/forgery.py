"""JWTs that the realm never signed, made from one that it did."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from jwt.algorithms import ECAlgorithm

from tests.reference_server.oauth.test_token_integrity import decoded, encoded
from tests.reference_server.oauth.world import Guide

Sign = Callable[[bytes], bytes]

OWN_KEY = generate_private_key(SECP256R1())
"""A key that no tenant knows."""

OWN_JWK = ECAlgorithm.to_jwk(OWN_KEY.public_key(), as_dict=True)


def own_signature(signing_input: bytes, key: EllipticCurvePrivateKey = OWN_KEY) -> bytes:
    """ES256 with that key."""
    return ECAlgorithm(ECAlgorithm.SHA256).sign(signing_input, key)


def no_signature(_: bytes) -> bytes:
    """An empty signature part."""
    return b""


def hs256(secret: bytes) -> Sign:
    """HS256 with that secret."""
    return lambda signing_input: hmac.new(secret, signing_input, hashlib.sha256).digest()


def forged(token: str, sign: Sign = own_signature, *, claims: dict[str, Any] | None = None, **header: Any) -> str:
    """The token with these header members and claims, signed anew; None leaves a claim out."""
    first, second, _ = token.split(".")
    changed = json.loads(decoded(second)) | (claims or {})
    payload = encoded({name: value for name, value in changed.items() if value is not None})
    content = f"{encoded(json.loads(decoded(first)) | header)}.{payload}"
    return f"{content}.{encoded(sign(content.encode()))}"


def is_exchanged(guide: Guide, subject_token: str) -> bool:
    """Whether the agent gets a token for this one, where it would for the user's own."""
    answer = guide.exchange(subject_token, guide.assistant, guide.app, "read-data")
    assert answer.status_code in (200, 400), answer.text
    return answer.status_code == 200
