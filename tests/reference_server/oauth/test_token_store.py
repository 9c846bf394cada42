"""What the server remembers of tokens, and for how long."""

from __future__ import annotations

from typing import Any

import pytest

from reference_server.clock import Clock
from reference_server.oauth.signing_keys import SigningKeys
from reference_server.oauth.token_store import (
    REVOCATION_OUTLIVES_TOKEN_SECONDS,
    Revocations,
    TokenStore,
)
from reference_server.oauth.token_verification import TokenVerification
from reference_server.oauth.tokens import Token

ISSUER = "https://tenant.example.com"
NOW = 1_800_000_000


class Stopped(Clock):
    """A clock that only tests move."""

    def now(self) -> float:
        return NOW + self.offset


def token(number: int = 0, **claims: Any) -> Token:
    """An access token that lasts an hour."""
    plain = {"jti": f"token-{number}", "authGrantId": f"grant-{number}", "tokenName": "access_token", "exp": NOW + 3600}
    return Token(f"value-{number}", plain | claims, stateless=False)


@pytest.fixture
def clock() -> Stopped:
    return Stopped()


@pytest.fixture
def store(clock: Stopped) -> TokenStore:
    return TokenStore(clock, TokenVerification(SigningKeys(), ISSUER))


@pytest.mark.parametrize("of", ["the token", "its grant"])
def test_a_revocation_is_known_a_week_longer_than_the_token_lasts(clock: Stopped, of: str) -> None:
    revocations = Revocations(clock)
    (revocations.revoke if of == "the token" else revocations.revoke_grant)(token())

    clock.advance(3600 + REVOCATION_OUTLIVES_TOKEN_SECONDS)
    assert revocations.holds(token())
    clock.advance(1)
    assert not revocations.holds(token())


def test_a_revocation_is_of_one_token_or_of_one_grant(clock: Stopped) -> None:
    revocations = Revocations(clock)
    revocations.revoke(token(1))
    revocations.revoke_grant(token(2))
    revocations.revoke_grant(token(3, authGrantId=None))
    assert [revocations.holds(token(number)) for number in (1, 2, 3)] == [True, True, False]
    assert not revocations.holds(token(4, authGrantId="grant-1"))
    assert revocations.holds(token(5, authGrantId="grant-2"))


def test_the_oldest_jwts_are_known_by_their_signature_alone(store: TokenStore) -> None:
    store.capacity = 2
    for number in range(3):
        store.remember(Token(f"jwt-{number}", token(number).claims, stateless=True))
    assert [store.find(f"jwt-{number}", "access_token") is not None for number in range(3)] == [False, True, True]


def test_a_jwt_in_use_stays_known(store: TokenStore) -> None:
    store.capacity = 2
    for number in range(5):
        store.remember(Token(f"jwt-{number}", token(number).claims, stateless=True))
        assert store.find("jwt-0", "access_token") is not None
    assert [store.find(f"jwt-{number}", "access_token") is not None for number in (3, 4)] == [False, True]


def test_a_jwt_is_verified_once_while_it_is_in_use(store: TokenStore) -> None:
    verified: list[str] = []

    def verify(value: str) -> dict[str, Any]:
        verified.append(value)
        return dict(token().claims)

    store._verification.claims = verify  # type: ignore[method-assign]
    assert [store.find("jwt", "access_token") is not None for _ in range(3)] == [True] * 3
    assert verified == ["jwt"]


def test_jwts_that_have_expired_make_room(store: TokenStore, clock: Stopped) -> None:
    store.remember(Token("jwt-0", token(0).claims, stateless=True))
    clock.advance(3600)
    store.remember(Token("jwt-1", token(1, exp=NOW + 7200).claims, stateless=True))
    assert [store.find(f"jwt-{number}", "access_token") is not None for number in range(2)] == [False, True]


def test_an_opaque_token_is_found_by_its_value_and_kind(store: TokenStore) -> None:
    store.remember(token(1))
    assert store.find("value-1", "access_token") == token(1)
    assert store.find("value-1", "refresh_token") is None
    assert store.find("value-2", "access_token") is None


def test_opaque_tokens_are_forgotten_when_they_have_expired(store: TokenStore, clock: Stopped) -> None:
    store.remember(token(0))
    store.remember(token(1, exp=NOW + 7200))
    clock.advance(3601)
    assert store.find("value-0", "access_token") is None
    assert store.find("value-1", "access_token") is not None


def test_what_a_token_descends_from_is_known_until_it_has_expired(store: TokenStore, clock: Stopped) -> None:
    first = token(jti=store.lineages.token_id(("token-0", "grant-0"), NOW + 3600))
    longer = token(jti=store.lineages.token_id(("token-0", "grant-0"), NOW + 7200))
    shorter = token(jti=store.lineages.token_id(("token-0", "grant-0"), NOW + 60))
    other = token(jti=store.lineages.token_id(("token-1",), NOW + 3600))
    first_hand = token(jti=store.lineages.token_id((), NOW + 3600))
    assert len({item.id for item in (first, longer, shorter, other, first_hand)}) == 5
    assert [store.ancestors(item) for item in (first, longer, shorter)] == [("token-0", "grant-0")] * 3
    assert (store.ancestors(other), store.ancestors(first_hand)) == (("token-1",), ())
    clock.advance(3601)
    assert (store.ancestors(longer), store.ancestors(other)) == (("token-0", "grant-0"), ())
    clock.advance(3600)
    assert store.ancestors(longer) == ()


@pytest.mark.parametrize("name", ["", "token-0", "ü", "A" * 27, "A" * 5])
def test_a_name_from_elsewhere_descends_from_nothing(store: TokenStore, name: str) -> None:
    assert store.ancestors(token(jti=name)) == ()


def test_exchanges_of_one_token_take_no_more_memory_than_one(store: TokenStore) -> None:
    for _ in range(1000):
        store.lineages.token_id(("token-0",), NOW + 3600)
    assert len(store.lineages) == 1
