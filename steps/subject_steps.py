"""Sentences about the subject: whose token comes out of an exchange, whatever goes in beside the subject token."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.actors import Client, EndUser
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.self_made import self_made
from steps.checks import subjects
from steps.checks.evidence import Witnesses
from steps.exchanging import Exchanging
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, Witnessing
from steps.token_kinds import TokenKinds
from steps.user_token_steps import users_token

WRITTEN: dict[str, Callable[[str, Client], str]] = {
    "claims": lambda name, _: json.dumps({"sub": name, "id_token": {"sub": {"value": name}}}),
    "assertion": lambda name, client: self_made({"sub": name}, client),
}
"""How a parameter names a user where it is not the name itself."""


@pytest.fixture
def other_users_names(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> list[str]:
    """User name and identifier of another user: one for whom the agent may act, too, or else the second end user."""
    other = cast.group_user if cast.find("group_user") else cast.uncovered_user
    return [other.username, other.id or subject_of(oauth, cast, scopes, other)]


def subject_of(oauth: OAuth, cast: Cast, scopes: ScopeNames, user: EndUser) -> str:
    """`sub` of a user's own token."""
    token = users_token(oauth, cast, scopes, lambda _: user, "openid")
    return str(oauth.introspect(token, by=cast.application).members.get("sub"))


@given(parse('the access token of {user:User} for "{scope}" as well'), target_fixture="other_subject_token")
def other_users_token(oauth: OAuth, cast: Cast, scopes: ScopeNames, user: Any, scope: str) -> str:
    return users_token(oauth, cast, scopes, user, scope)


@when(parse("the AI agent exchanges both of them {order:Order}"), target_fixture="exchanges")
def exchanges_both(
    exchanging: Exchanging, subject_token: str, other_subject_token: str, order: Any
) -> list[tuple[Witnesses, Answer]]:
    agent, application = exchanging.cast.agent, exchanging.cast.application
    users = {t: exchanging.oauth.introspect(t, by=application) for t in (subject_token, other_subject_token)}
    calls = (partial(lambda token: (exchanging(token, agent), users[token]), token) for token in users)
    return list(order(exchanging)(*calls))


@when(parse('it is sent with "{parameter}" naming another user'), target_fixture="attempts")
def sent_naming_another_user(
    documented: DocumentedRequest, other_users_names: list[str], parameter: str
) -> list[Attempt]:
    written: Callable[[str, Client], str] = WRITTEN.get(parameter, lambda name, _: name)
    return [documented.changed({parameter: written(name, documented.by)}) for name in other_users_names]


@when(parse("it is sent with {kind:Kind} as subject token"), target_fixture="attempt")
def sent_with_kind(documented: DocumentedRequest, token_kinds: TokenKinds, kind: Any) -> Attempt:
    return documented(subject_token=kind(token_kinds))


@when(parse('the AI agent exchanges {kind:Kind} for "{scope}"'), target_fixture="attempt")
def exchanges_kind(exchanging: Exchanging, token_kinds: TokenKinds, kind: Any, scope: str) -> Attempt:
    return exchanging.attempt(kind(token_kinds), exchanging.cast.agent, scope)


@then("each token is about the user whose token was exchanged")
def each_its_own(exchanges: list[tuple[Witnesses, Answer]]) -> None:
    subjects.each_its_own(exchanges)


@then("it is refused, or the token is still about the end user")
def subject_kept(
    oauth: OAuth, cast: Cast, witnessed: Witnessing, documented: DocumentedRequest, attempts: list[Attempt]
) -> None:
    user = oauth.introspect(documented.fields["subject_token"], by=cast.application)
    subjects.subject_kept([witnessed(attempt) for attempt in attempts], user)


@then("it is refused, or the token is about no user")
def no_user_made(cast: Cast, witnessed: Witnessing, attempt: Attempt, end_user_subject: str) -> None:
    subjects.no_user_made(witnessed(attempt), {*cast.user_identifiers, end_user_subject})


@then("whether it is granted is recorded")
def foreign_client_recorded(
    oauth: OAuth, cast: Cast, witnessed: Witnessing, subject_token: str, attempt: Attempt
) -> None:
    user = oauth.introspect(subject_token, by=cast.second_application)
    subjects.foreign_client_recorded(witnessed(attempt), user)
