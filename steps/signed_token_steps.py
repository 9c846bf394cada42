"""Sentences about a token's third witness: the JWT itself, its signature and its claims."""

from __future__ import annotations

from pytest_bdd import then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.errors import offered
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.signed import SignedToken, keys_in, read_signed
from steps.checks import token_integrity
from steps.checks.evidence import Members
from steps.checks.token_format import claims_of
from steps.exchange_steps import agents_token
from steps.requests import Attempt, Witnessing

NO_JWT = "the agent's token is no JWT that can be read"


@when("the realm's published keys are fetched", target_fixture="keys")
def published_keys(oauth: OAuth) -> list[Members]:
    offered(oauth.endpoints.jwks, "the issuer's metadata names no jwks_uri")
    return keys_in(oauth.jwks().members)


@when("the agent's token is verified with them", target_fixture="signed")
def verified(exchanged: Attempt, keys: list[Members]) -> SignedToken:
    signed = offered(read_signed(str(exchanged.token), keys), NO_JWT)
    offered(signed.verified is not None, f"{signed.reason}: decoded, not verified")
    return signed


@when("the AI agent exchanges it three times", target_fixture="three")
def exchanged_three_times(oauth: OAuth, cast: Cast, scopes: ScopeNames, subject_token: str) -> list[Attempt]:
    return [agents_token(oauth, cast, scopes, subject_token, "read-data") for _ in range(3)]


@then("they are public keys, each of its own kid")
def keys_public(keys: list[Members]) -> None:
    token_integrity.keys_public(keys)


@then("the key that its kid selects verifies it, with an asymmetric algorithm")
def signature_verified(signed: SignedToken) -> None:
    token_integrity.signature_verified(signed.header, signed.verified, signed.reason)


@then("the JWT names the scope that answer and introspection name")
def jwt_scope_told_alike(witnessed: Witnessing, attempt: Attempt) -> None:
    witnesses = witnessed(attempt)
    offered(witnesses.claims, NO_JWT)
    token_integrity.jwt_scope_told_alike(witnesses, attempt.asked)


@then("the JWT names the user, actor, client, issuer and expiry that introspection names")
def jwt_matches_introspection(witnessed: Witnessing, exchanged: Attempt) -> None:
    claims = offered(claims_of(str(exchanged.token)), NO_JWT)
    token_integrity.jwt_matches_introspection(claims, witnessed.introspection(exchanged))


@then("each JWT lives as long as its answer says, from now on")
def times_fit(three: list[Attempt]) -> None:
    for attempt in three:
        token_integrity.times_fit(offered(claims_of(str(attempt.token)), NO_JWT), attempt.answer)


@then("each JWT has an identifier of its own")
def identified(three: list[Attempt], subject_token: str) -> None:
    claims = [offered(claims_of(str(attempt.token)), NO_JWT) for attempt in three]
    token_integrity.identified(claims, claims_of(subject_token))
