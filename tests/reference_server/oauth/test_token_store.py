"""What the server remembers of tokens, and for how long."""

from __future__ import annotations

from typing import Any

import pytest

from reference_server.clock import Clock
from reference_server.expiring_table import LINGER_SECONDS
from reference_server.oauth.signing_keys import SigningKeys
from reference_server.oauth.token_store import REVOCATION_OUTLIVES_TOKEN_SECONDS, Revocations, TokenStore
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
    revocations.revoke(token(1, exp=NOW + 9000))
    assert revocations.holds(token())
    clock.advance(LINGER_SECONDS + 1)
    revocations.revoke(token(2, exp=NOW + 9000))
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
        store.remember(Token(f"jwt-{number}", token(number).claims, stateless=True), ())
    assert [store.find(f"jwt-{number}", "access_token") is not None for number in range(3)] == [False, True, True]


def test_an_opaque_token_is_found_by_its_value_and_kind(store: TokenStore) -> None:
    store.remember(token(1), ("token-0",))
    assert store.find("value-1", "access_token") == token(1)
    assert store.find("value-1", "refresh_token") is None
    assert store.find("value-2", "access_token") is None
    assert (store.ancestors(token(1)), store.ancestors(token(2))) == (("token-0",), ())


def test_opaque_tokens_and_their_descent_are_forgotten_when_they_have_expired(
    store: TokenStore, clock: Stopped
) -> None:
    store.remember(token(0), ("ancestor",))
    clock.advance(3600 + LINGER_SECONDS + 1)
    store.remember(token(1, exp=NOW + 9000), ("ancestor",))
    assert store.find("value-0", "access_token") is None
    assert store.ancestors(token(0)) == ()
    assert store.find("value-1", "access_token") is not None
