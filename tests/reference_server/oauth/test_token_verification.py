"""Which strings are JWTs of a realm: the realm's key, its issuer, one spelling, and nothing critical beside."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from reference_server.jose import compact_json
from reference_server.oauth.signing_keys import SigningKeys
from reference_server.oauth.token_verification import MAX_HEADER_CHARACTERS, TokenVerification

ISSUER = "https://tenant.example.com"


@pytest.fixture(scope="module")
def keys() -> SigningKeys:
    return SigningKeys()


@pytest.fixture
def verification(keys: SigningKeys) -> TokenVerification:
    return TokenVerification(keys, ISSUER)


def signed(keys: SigningKeys, header: dict[str, Any], claims: Any = None) -> str:
    """A JWT that the realm's key signed, with further header members."""
    key = keys.signing_key("ES256")
    return key.sign(claims or {"iss": ISSUER}, {"alg": "ES256", "kid": key.kid} | header)


def test_what_the_realm_signed_is_its_own(keys: SigningKeys, verification: TokenVerification) -> None:
    assert verification.claims(keys.signing_key("ES256").sign({"iss": ISSUER})) == {"iss": ISSUER}
    assert verification.claims(signed(keys, {"x": "y"})) == {"iss": ISSUER}


@pytest.mark.parametrize("issuer", ["https://tenant.example.com/", "https://tenant.example", "", None])
def test_another_issuer_is_not_this_realm(keys: SigningKeys, verification: TokenVerification, issuer: Any) -> None:
    assert verification.claims(signed(keys, {}, {"iss": issuer})) is None


def test_an_unknown_extension_that_is_critical_refuses_the_token(
    keys: SigningKeys, verification: TokenVerification
) -> None:
    assert verification.claims(signed(keys, {"crit": ["b64"], "b64": False})) is None


def test_a_header_of_unreasonable_size_is_not_read(keys: SigningKeys, verification: TokenVerification) -> None:
    def with_header_of(characters: int) -> str:
        members = len(compact_json({"alg": "ES256", "kid": keys.signing_key("ES256").kid, "x": ""}))
        return signed(keys, {"x": "x" * (characters * 3 // 4 - members)})

    longest, longer = with_header_of(MAX_HEADER_CHARACTERS), with_header_of(MAX_HEADER_CHARACTERS + 4)
    assert len(longest.partition(".")[0]) == MAX_HEADER_CHARACTERS
    assert verification.claims(longest) == {"iss": ISSUER}
    assert verification.claims(longer) is None


@pytest.mark.parametrize("size", range(24))
def test_a_part_of_any_length_has_one_spelling(verification: TokenVerification, size: int) -> None:
    data = bytes(range(size))
    part = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    assert verification.decoded(part) == data
    for other in (part + "=", part + "\n", part + "é", f" {part}"):
        with pytest.raises(ValueError):  # noqa: PT011 - the type is what the caller relies on
            verification.decoded(other)
