"""Sentences about a second realm of the same tenant: what belongs to one is unknown in the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.actors import Client, EndUser
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from steps.checks import refusal, subjects
from steps.phrases import parse
from steps.requests import Attempt, obtained


@dataclass(frozen=True)
class Realms:
    """The endpoints of the realm under test and of another one, and who is at home where."""

    own: OAuth
    other: OAuth
    cast: Cast
    scope: str

    def of(self, user: EndUser) -> tuple[OAuth, Client]:
        """A user's realm, and an application there."""
        if user == self.cast.other_realm_user:
            return self.other, self.cast.other_realm_application
        return self.own, self.cast.application

    def log_in(self, user: EndUser, at: OAuth, by: Client) -> Answer:
        """The answer to a log-in with a realm's password grant."""
        return at.password(user, by=by, scope=self.scope)

    def log_in_at_home(self, user: EndUser) -> str:
        """The user's token, got in the user's own realm."""
        home, application = self.of(user)
        return obtained(self.log_in(user, home, application))


@dataclass(frozen=True)
class HomeToken:
    """A user's token that was issued in that user's realm."""

    user: EndUser
    value: str


@pytest.fixture
def realms(oauth: OAuth, other_realm: OAuth, cast: Cast, scopes: ScopeNames) -> Realms:
    """Two realms of the tenant."""
    return Realms(oauth, other_realm, cast, scopes("openid read-data"))


@given(parse("a token that {user:User} got at home"), target_fixture="home_token")
def token_got_at_home(realms: Realms, user: Any) -> HomeToken:
    return HomeToken(user(realms.cast), realms.log_in_at_home(user(realms.cast)))


@when(parse("{client:Client} logs in {user:User} at {realm:Realm}"), target_fixture="attempt")
def logs_in_at(realms: Realms, client: Any, user: Any, realm: Any) -> Attempt:
    by = client(realms.cast)
    return Attempt(realms.log_in(user(realms.cast), realm(realms), by), by)


@when(parse("{client:Client} introspects that token at {realm:Realm}"), target_fixture="seen")
def introspects_at(realms: Realms, home_token: HomeToken, client: Any, realm: Any) -> Answer:
    answer: Answer = realm(realms).introspect(home_token.value, by=client(realms.cast))
    return answer


@when(parse("the AI agent exchanges that token at {realm:Realm}"), target_fixture="attempt")
def exchanges_at(realms: Realms, home_token: HomeToken, scopes: ScopeNames, realm: Any) -> Attempt:
    agent, audience, asked = realms.cast.agent, realms.cast.application.client_id, scopes("read-data")
    return Attempt(realm(realms).exchange(home_token.value, by=agent, audience=audience, scope=asked), agent, asked)


@then("the user or the client is refused")
def user_or_client_refused(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, subjects.E_OTHER_REALM)


@then("the exchange or the client is refused")
def exchange_or_client_refused(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, refusal.E_NEW_AGENT)


@then("the users of both realms log in at home")
def both_log_in_at_home(realms: Realms) -> None:
    realms.log_in_at_home(realms.cast.end_user)
    realms.log_in_at_home(realms.cast.other_realm_user)


@then("nothing is told about it")
def nothing_told(seen: Answer) -> None:
    subjects.unknown_there(seen)


@then("that token is active at home")
def active_at_home(realms: Realms, home_token: HomeToken) -> None:
    home, application = realms.of(home_token.user)
    subjects.active_at_home(home.introspect(home_token.value, by=application))
