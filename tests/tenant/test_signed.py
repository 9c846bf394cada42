"""A token's third witness: header and claims, and whether a published key verifies them."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from fixtures.tenant.forgers_key import keys_like
from fixtures.tenant.signed import keys_in, read_signed

(KEY,) = keys_like("ES256")
(OTHER,) = keys_like("RS256")
CLAIMS = {"sub": "the-user", "aud": "application", "exp": 1}


def token(**header: Any) -> str:
    """An expired token for somebody else, signed nevertheless."""
    return jwt.encode(CLAIMS, KEY.private, "ES256", headers=header)


def test_the_key_that_kid_selects_verifies_it() -> None:
    signed = read_signed(token(kid=KEY.kid), [OTHER.public_jwk, KEY.public_jwk])
    assert signed is not None
    assert (signed.verified, signed.reason) == (True, "")
    assert signed.header["kid"] == KEY.kid
    assert signed.claims == CLAIMS


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        ({"kid": "unknown"}, [KEY.public_jwk]),
        ({"kid": KEY.kid}, []),
        ({"kid": KEY.kid}, [OTHER.public_jwk | {"kid": KEY.kid}]),
        ({"kid": KEY.kid}, [{"kty": "EC", "kid": KEY.kid}]),
        ({}, [KEY.public_jwk, OTHER.public_jwk]),
    ],
    ids=["kid not published", "nothing published", "another key", "no key at all", "no kid among several keys"],
)
def test_no_published_key_verifies_it(header: dict[str, Any], keys: list[dict[str, Any]]) -> None:
    signed = read_signed(token(**header), keys)
    assert signed is not None
    assert signed.verified is False
    assert signed.reason


def test_the_only_key_needs_no_kid() -> None:
    signed = read_signed(token(), [KEY.public_jwk])
    assert signed is not None
    assert signed.verified


def test_a_shared_secret_cannot_be_verified() -> None:
    signed = read_signed(jwt.encode(CLAIMS, "s" * 32, "HS256"), [KEY.public_jwk])
    assert signed is not None
    assert signed.verified is None


def test_an_unsigned_token_is_not_verified() -> None:
    unsigned = jwt.encode(CLAIMS, None, "none")  # type: ignore[arg-type]  # as "none" demands
    signed = read_signed(unsigned, [KEY.public_jwk])
    assert signed is not None
    assert signed.verified is False


@pytest.mark.parametrize("other", ["", "opaque", "a.b.c", "a.b.c.d.e"])
def test_what_is_no_jwt(other: str) -> None:
    assert read_signed(other, [KEY.public_jwk]) is None


@pytest.mark.parametrize("jwks", [{}, {"keys": None}, {"keys": "x"}, {"keys": ["x", 1]}])
def test_a_jwks_without_keys(jwks: dict[str, Any]) -> None:
    assert keys_in(jwks) == []


def test_the_keys_of_a_jwks() -> None:
    assert keys_in({"keys": [KEY.public_jwk, "x"]}) == [KEY.public_jwk]


def test_a_key_that_is_too_short_verifies_nothing() -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - on purpose
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        text = jwt.encode(CLAIMS, private, "RS256")
    signed = read_signed(text, [jwk])
    assert signed is not None
    assert signed.verified is False
