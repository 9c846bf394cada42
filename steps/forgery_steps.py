"""Sentences about forged and respelled tokens: presented to introspection and, as subject token, to the exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.key_server import KeyServer, key_server
from fixtures.run import Run
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant import forgery
from fixtures.tenant.actors import Client
from fixtures.tenant.errors import NotVerifiable, offered
from fixtures.tenant.forgery import Template
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.respelling import respellings
from fixtures.tenant.signed import public_keys, read_signed
from fixtures.tenant.urls import is_loopback
from steps.checks import token_integrity
from steps.checks.token_integrity import Presented
from steps.phrases import parse
from steps.requests import DocumentedRequest, obtained_by_exchange
from steps.signed_token_steps import published_keys
from steps.user_token_steps import documented_exchange_request, users_token


@dataclass(frozen=True)
class Genuine:
    """A token about the end user, and where it is accepted: the client that may introspect it, and the exchange."""

    token: str
    by: Client
    oauth: OAuth
    exchange: DocumentedRequest
    of_user: bool

    def present(self, tokens: Mapping[str, str]) -> list[Presented]:
        """Introspect and exchange each of these tokens in its place."""
        return [
            Presented(what, self.oauth.introspect(token, by=self.by), self.exchange(subject_token=token).answer)
            for what, token in tokens.items()
        ]


def genuine_tokens(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> Iterator[Genuine]:
    """The user's token, then one that the agent gets for it."""
    exchange = documented_exchange_request(oauth, cast, scopes)
    yield Genuine(str(exchange.fields["subject_token"]), cast.application, oauth, exchange, of_user=True)
    token = obtained_by_exchange(exchange().answer)
    looks = [(client, oauth.introspect(token, by=client)) for client in (cast.agent, cast.application)]
    by = next((client for client, seen in looks if seen.members.get("active") is True), cast.agent)
    yield Genuine(token, by, oauth, exchange, of_user=False)


@pytest.fixture
def template(genuine: Genuine, cast: Cast) -> Template:
    """The genuine token as its forger sees it."""
    return Template(genuine.token, cast.application.scopes, cast.application.client_id)


@pytest.fixture
def forgers_server(run: Run, template: Template) -> Iterator[KeyServer]:
    """Publishes the forger's keys, where the tenant is on this machine and could fetch them."""
    if not is_loopback(urlsplit(run.target.url).hostname or ""):
        raise NotVerifiable("needs a tenant on this machine: what another one fetches can't be seen")
    with key_server(template.keys) as server:
        yield server


@given("a genuine JWT about the end user", target_fixture="genuine")
def genuine_jwt(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> Genuine:
    jwts = (found for found in genuine_tokens(oauth, cast, scopes) if read_signed(found.token, ()))
    return offered(next(jwts, None), "neither the user's token nor the agent's is a JWT that can be read")


@given("a token of the AI agent", target_fixture="genuine")
def genuine_token_of_agent(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> Genuine:
    _, agents = genuine_tokens(oauth, cast, scopes)
    return agents


@when(parse("it is forged with {what:Forgery}"), target_fixture="presented")
def forged(genuine: Genuine, template: Template, what: Any) -> list[Presented]:
    return genuine.present(what(template))


@when("it is forged with another user as subject", target_fixture="presented")
def forged_subject(
    oauth: OAuth, cast: Cast, scopes: ScopeNames, genuine: Genuine, template: Template
) -> list[Presented]:
    token = users_token(oauth, cast, scopes, attrgetter("group_user"), "openid")
    subject = oauth.introspect(token, by=cast.application).members.get("sub")
    return genuine.present(forgery.another_subject(template, str(subject)))


@when("it is forged with the signature of another token", target_fixture="presented")
def forged_with_signature_of_another(
    oauth: OAuth, cast: Cast, scopes: ScopeNames, genuine: Genuine, template: Template
) -> list[Presented]:
    return genuine.present(forgery.another_signature(template, genuine_jwt(oauth, cast, scopes).token))


@when(parse('it is forged unsigned, with "alg" {value:Value}'), target_fixture="presented")
def forged_unsigned(genuine: Genuine, template: Template, value: str | None) -> list[Presented]:
    return genuine.present(forgery.unsigned(template, value))


@when(parse("it is forged with {algorithm} and a public key as the secret"), target_fixture="presented")
def forged_with_public_key(oauth: OAuth, genuine: Genuine, template: Template, algorithm: str) -> list[Presented]:
    keys = public_keys(published_keys(oauth), template.header.get("kid"))
    offered(keys, "the realm publishes no public key")
    return genuine.present(forgery.keyed_with_public_key(template, algorithm, keys))


@when("it is forged with a header that points to the forger's server", target_fixture="presented")
def forged_with_key_elsewhere(genuine: Genuine, template: Template, forgers_server: KeyServer) -> list[Presented]:
    return genuine.present(forgery.key_elsewhere(template, forgers_server.url))


@when("it is forged with an issuer that publishes the forger's key", target_fixture="presented")
def forged_with_publishing_issuer(genuine: Genuine, template: Template, forgers_server: KeyServer) -> list[Presented]:
    return genuine.present(forgery.issued_by(template, forgers_server.url))


@when("the AI agent revokes it")
def agent_revokes(oauth: OAuth, cast: Cast, genuine: Genuine) -> None:
    revoked = oauth.endpoints.revocation and oauth.revoke(genuine.token, by=cast.agent).status == 200
    offered(revoked, "the tenant does not revoke access tokens")


@when("it is presented again, in every spelling", target_fixture="presented")
def respelled(genuine: Genuine, wait_until_effective: Waiting) -> Any:
    spellings = {"the spelling that was revoked": genuine.token} | respellings(genuine.token)
    return wait_until_effective(lambda: genuine.present(spellings), token_integrity.is_turned_away)


@given("it is active, and exchanged where the tenant exchanges agents' tokens")
@then("the genuine one is active and exchanged")
def genuine_accepted(genuine: Genuine) -> None:
    (presented,) = genuine.present({"the genuine token": genuine.token})
    token_integrity.genuine_accepted(presented, of_user=genuine.of_user)


@then("the forgery is inactive and not exchanged")
@then("each spelling is inactive and not exchanged")
def turned_away(presented: list[Presented]) -> None:
    token_integrity.turned_away(presented)


@then("nothing was fetched")
def nothing_fetched(forgers_server: KeyServer) -> None:
    token_integrity.nothing_fetched(forgers_server.fetched)
