"""Forged tokens are inactive and seed nothing (RFC 8725), though a JWT is accepted in each encoding that verifies."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.reference_server.oauth.world import Guide, refusal

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def encoded(data: bytes | dict[str, Any]) -> str:
    """A part of a compact JWS."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(part: str) -> bytes:
    """The bytes of a part of a compact JWS."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def high_s_twin(token: str) -> str:
    """The other ES256 signature that is valid for the same content."""
    content, _, signature = token.rpartition(".")
    raw = decoded(signature)
    s = P256_ORDER - int.from_bytes(raw[32:])
    return f"{content}.{encoded(raw[:32] + s.to_bytes(32))}"


def is_refused(guide: Guide, token: str) -> bool:
    """Whether a token, shown as the user's, is neither active nor exchangeable where the user's own would be."""
    answer = guide.exchange(token, guide.assistant, guide.app, "read-data")
    return guide.introspect(token, guide.app) == {"active": False} and refusal(answer) == (400, "invalid_request")


@pytest.mark.parametrize(
    "change",
    [{"scope": ["admin-action"]}, {"sub": str(uuid.uuid4())}, {"exp": 4_000_000_000}, {"act": {"sub": "x"}}],
    ids=lambda change: str(*change),
)
def test_a_changed_claim_breaks_the_signature(guide: Guide, change: dict[str, Any]) -> None:
    header, payload, signature = guide.user_token().split(".")
    claims = json.loads(decoded(payload)) | change
    assert is_refused(guide, f"{header}.{encoded(claims)}.{signature}")


def test_parts_of_two_tokens_make_no_third(guide: Guide) -> None:
    first, second = guide.user_token().split("."), guide.user_token().split(".")
    assert is_refused(guide, ".".join([*first[:2], second[2]]))
    assert is_refused(guide, ".".join(first[:2]))
    assert is_refused(guide, ".".join([*first[:2], encoded(bytes([decoded(first[2])[0] ^ 1]) + decoded(first[2])[1:])]))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, [], {}, "HS256", "ES384"], ids=repr)
def test_no_other_algorithm_will_do(guide: Guide, algorithm: Any) -> None:
    header, payload, signature = guide.user_token().split(".")
    changed = json.loads(decoded(header)) | {"alg": algorithm}
    if algorithm is None:
        del changed["alg"]
    assert is_refused(guide, f"{encoded(changed)}.{payload}.")
    assert is_refused(guide, f"{encoded(changed)}.{payload}.{signature}")


@pytest.mark.parametrize("with_kid", [True, False])
def test_the_public_key_is_no_shared_secret(guide: Guide, with_kid: bool) -> None:
    guide.change_provider("advancedOAuth2Config", tokenSigningAlgorithm="HS256")
    guide.user_token()
    guide.change_provider("advancedOAuth2Config", tokenSigningAlgorithm="ES256")
    token = guide.user_token()
    keys = guide.http.get(guide.oauth + "/connect/jwk_uri").json()["keys"]
    key = next(key for key in keys if key["kid"] == jwt.get_unverified_header(token)["kid"])
    public = jwt.PyJWK(key).key
    header = {"alg": "HS256", "kid": key["kid"]} if with_kid else {"alg": "HS256"}
    content = f"{encoded(header)}.{token.split('.')[1]}"

    for encoding in (Encoding.PEM, Encoding.DER):
        secret = public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
        for bytes_of_key in (secret, secret.strip()):
            forged = hmac.new(bytes_of_key, content.encode(), hashlib.sha256).digest()
            assert is_refused(guide, f"{content}.{encoded(forged)}")


@pytest.mark.parametrize("kid", ["unknown", "../../dev/null", "' OR 1=1", "x" * 10_000, None, 7, ["a"], "published"])
def test_a_foreign_key_is_not_trusted_whatever_the_header_says(guide: Guide, kid: Any) -> None:
    token = guide.user_token()
    own = ec.generate_private_key(ec.SECP256R1())
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(own.public_key(), as_dict=True)
    header = {"alg": "ES256", "kid": kid, "jwk": jwk, "jku": "http://127.0.0.1:9/keys", "x5c": ["x"]}
    if kid == "published":
        header["kid"] = jwt.get_unverified_header(token)["kid"]
    content = f"{encoded(header)}.{token.split('.')[1]}"
    signature = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).sign(content.encode(), own)
    assert is_refused(guide, f"{content}.{encoded(signature)}")


@pytest.mark.parametrize("header", [b"[]", b"null", b"{", b"\xff", b"[" * 5000, b"1" * 5000, b'{"alg":' * 2000])
def test_a_header_that_is_no_json_object_is_refused(guide: Guide, header: bytes) -> None:
    _, payload, signature = guide.user_token().split(".")
    assert is_refused(guide, f"{encoded(header)}.{payload}.{signature}")


def test_the_same_token_in_another_valid_encoding_is_that_token(guide: Guide) -> None:
    token = guide.user_token()
    twin = high_s_twin(token)
    assert guide.is_active(twin, guide.app)

    guide.revoke(token, guide.app)
    assert is_refused(guide, twin)


def test_a_token_revoked_in_another_encoding_is_revoked(guide: Guide) -> None:
    token = guide.user_token()
    guide.revoke(high_s_twin(token), guide.app)
    assert is_refused(guide, token)


@pytest.mark.parametrize("spoil", ["{}=", "{}==", " {}", "{} ", "{}\n", "{}."])
def test_padding_and_blanks_are_no_part_of_a_token(guide: Guide, spoil: str) -> None:
    assert is_refused(guide, spoil.format(guide.user_token()))


def test_unused_bits_of_the_signature_must_be_zero(guide: Guide) -> None:
    token = guide.user_token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(token[-1]) ^ 1]
    assert is_refused(guide, token[:-1] + other)


def test_a_token_long_forgotten_is_known_by_its_signature(guide: Guide) -> None:
    remembered = guide.introspect(guide.agent_token(), guide.assistant)
    guide.server.tenant.oauth["alpha"].store.capacity = 0
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)

    assert guide.introspect(agent_token, guide.assistant).keys() == remembered.keys()
    assert guide.is_active(user_token, guide.app)
    guide.revoke(user_token, guide.app)
    assert refusal(guide.exchange(agent_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")


def test_ids_are_unique(guide: Guide) -> None:
    claims = [guide.verified(token) for token in (guide.user_token(), guide.agent_token(), guide.agent_token())]
    for name in ("jti", "authGrantId", "auditTrackingId"):
        assert len({claim[name] for claim in claims}) == 3
