"""Other spellings of a token carry the same token, for a reader who is lenient enough."""

from __future__ import annotations

import base64

import jwt
import pytest

from fixtures.tenant.forgers_key import keys_like
from fixtures.tenant.respelling import respellings

TWIN = "the other signature of its ECDSA pair"


def token(algorithm: str) -> str:
    """A signed token."""
    return jwt.encode({"sub": "the-user"}, keys_like(algorithm)[0].private, algorithm)


def signature(spelled: str) -> bytes:
    """The signature as a lenient reader decodes it."""
    encoded = spelled.rpartition(".")[2].translate(str.maketrans("+/", "-_"))
    return base64.urlsafe_b64decode(encoded.rstrip("=") + "==")


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "ES512", "ES256K"])
def test_an_ecdsa_signature_has_a_twin_that_verifies(algorithm: str) -> None:
    original = token(algorithm)
    twin = respellings(original)[TWIN]
    assert twin != original
    assert jwt.decode(twin, keys_like(algorithm)[0].private.public_key(), [algorithm]) == {"sub": "the-user"}


@pytest.mark.parametrize("algorithm", ["RS256", "EdDSA", "HS256"])
def test_other_signatures_have_none(algorithm: str) -> None:
    assert TWIN not in respellings(token(algorithm))


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "RS256", "EdDSA", "HS256"])
def test_the_others_decode_to_the_same_signature(algorithm: str) -> None:
    original = token(algorithm)
    found = respellings(original)
    assert original not in found.values()
    assert len(set(found.values())) == len(found) >= 4
    for what, spelled in found.items():
        if what != TWIN:
            assert signature(spelled.strip()) == signature(original)
            assert spelled.strip().rpartition(".")[0] == original.rpartition(".")[0]


def test_a_full_last_group_has_neither_unused_bits_nor_padding() -> None:
    assert not {"an unused bit of its last character set", "padding"} & set(respellings(token("ES384")))
    assert {"an unused bit of its last character set", "padding"} <= set(respellings(token("ES256")))


@pytest.mark.parametrize("opaque", ["opaque", "a-b_c.d"])
def test_what_is_no_jws_can_only_have_blanks_around_it(opaque: str) -> None:
    assert {spelled.strip() for spelled in respellings(opaque).values()} == {opaque}
