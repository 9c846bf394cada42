"""Sentences about token exchange by an AI agent (guide, task 4.2 step 1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from steps.checks import introspection, token_format, token_response
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, Witnessing, obtained_by_exchange


@given(parse('the AI agent\'s access token for "{scope}", exchanged from it'), target_fixture="exchanged")
def agents_token(oauth: OAuth, cast: Cast, scopes: ScopeNames, subject_token: str, scope: str) -> Attempt:
    attempt = exchanges(oauth, cast, scopes, subject_token, lambda c: c.agent, scope, lambda c: c.application)
    token_response.exchange_granted(attempt.answer)
    return attempt


@when(parse('{client:Client} exchanges it for "{scope}" at {audience:Client}'), target_fixture="attempt")
def exchanges(
    oauth: OAuth, cast: Cast, scopes: ScopeNames, subject_token: str, client: Any, scope: str, audience: Any
) -> Attempt:
    agent, asked = client(cast), scopes(scope)
    answer = oauth.exchange(subject_token, by=agent, audience=audience(cast).client_id, scope=asked)
    return Attempt(answer, agent, asked)


@when(parse("the second AI agent exchanges it for {foreign:ForeignScope} at the application"), target_fixture="attempt")
def exchanges_for_foreign_scope(oauth: OAuth, cast: Cast, subject_token: str, foreign: Any) -> Attempt:
    agent, asked = cast.second_agent, foreign(cast)
    answer = oauth.exchange(subject_token, by=agent, audience=cast.application.client_id, scope=asked)
    return Attempt(answer, agent, asked)


@when("the second AI agent exchanges the same token, and its own is introspected", target_fixture="seen")
def second_agent_exchanges(
    oauth: OAuth, cast: Cast, scopes: ScopeNames, witnessed: Witnessing, subject_token: str
) -> Answer:
    agent, audience = cast.second_agent, cast.application.client_id
    answer = oauth.exchange(subject_token, by=agent, audience=audience, scope=scopes("read-data"))
    token_response.exchange_granted(answer)
    return witnessed.introspection(Attempt(answer, agent))


@when("whatever refresh token came is used", target_fixture="refreshes")
def use_refresh_token(oauth: OAuth, attempt: Attempt) -> list[Attempt]:
    tokens = filter(None, [attempt.answer.members.get("refresh_token")])
    return [Attempt(oauth.refresh(token, by=attempt.by), attempt.by) for token in tokens]


@when("the application introspects it before, and again after two exchanges by the AI agent", target_fixture="twice")
def exchanged_twice(oauth: OAuth, cast: Cast, scopes: ScopeNames, subject_token: str) -> tuple[Answer, Any, Answer]:
    look = partial(oauth.introspect, subject_token, by=cast.application)
    before = look()
    first = agents_token(oauth, cast, scopes, subject_token, "read-data")
    again = oauth.exchange(subject_token, by=first.by, audience=cast.application.client_id, scope=first.asked)
    return before, [first, Attempt(again, first.by, first.asked)], look()


@then("the two agent tokens differ and both are active")
def tokens_differ(witnessed: Witnessing, twice: tuple[Answer, list[Attempt], Answer]) -> None:
    seen = [witnessed.introspection(attempt) for attempt in twice[1]]
    token_response.tokens_differ([attempt.answer for attempt in twice[1]], seen)


@then("the user's token is what it was before")
def subject_token_unchanged(twice: tuple[Answer, list[Attempt], Answer]) -> None:
    introspection.unchanged(twice[0], twice[2])


@then("the exchange is granted as a control")
def exchange_granted_as_control(attempt: Attempt) -> None:
    token_response.exchange_granted(attempt.answer)


@then("the exchange is granted")
@then("the exchange succeeds")
def exchange_granted(attempt: Attempt) -> None:
    token_response.granted(attempt.answer)


@then("it is a token response to a token exchange")
def is_exchange_response(documented: DocumentedRequest, attempt: Attempt) -> None:
    token_response.exchange_response(attempt.answer, documented.fields["subject_token"])


@then("the access token is a self-contained JWT")
def is_self_contained(attempt: Attempt, realm: str | None) -> None:
    token = obtained_by_exchange(attempt.answer)
    offered(
        realm or token_format.header_of(token), "the server issues reference tokens: client-side ones are a tenant's"
    )
    token_format.self_contained(attempt.answer)


@then(parse("it is refused, or the answer says that it is {value:Value}"))
def issued_as_asked(attempt: Attempt, value: str) -> None:
    token_response.issued_as_asked(attempt.answer, value)


@then("no usable refresh token was issued")
def no_usable_refresh_token(
    witnessed: Witnessing, attempt: Attempt, refreshes: list[Attempt], end_user_subject: str, cast: Cast
) -> None:
    uses = [witnessed(refresh) for refresh in refreshes]
    token_response.no_usable_refresh_token(attempt.answer, uses, end_user_subject, " ".join(cast.agent.scopes))
