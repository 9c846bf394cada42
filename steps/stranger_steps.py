"""Sentences about introspection by others: strangers, other formats, hints, and tokens that are no access tokens."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from steps.checks import introspection, strangers
from steps.introspection_steps import DeadToken
from steps.phrases import parse
from steps.requests import Attempt, Witnessing
from steps.token_kinds import TokenKinds

Views = list[tuple[Answer, Answer]]


@given("an ID token of the end user", target_fixture="id_token")
def users_id_token(token_kinds: TokenKinds) -> str:
    return token_kinds.id_token


@when(parse("{client:Client} asks introspection about the user's token"), target_fixture="seen")
def stranger_introspects_users_token(oauth: OAuth, cast: Cast, subject_token: str, client: Any) -> Answer:
    return oauth.introspect(subject_token, by=client(cast))


@when(parse("{client:Client} asks introspection about the agent's token, too"), target_fixture="agent_seen")
def stranger_introspects_agents_token(oauth: OAuth, cast: Cast, exchanged: Attempt, client: Any) -> Answer:
    return oauth.introspect(exchanged.token, by=client(cast))


@when(parse('the application introspects that token and accepts "{media_type}"'), target_fixture="seen")
def introspected_as(oauth: OAuth, dead_token: DeadToken, media_type: str) -> Answer:
    token, application = dead_token
    return oauth.introspect(token, by=application, headers={"Accept": media_type})


@when(parse('the agent\'s token is introspected with and without the hint "{hint}"'), target_fixture="views")
def introspected_with_hint(oauth: OAuth, cast: Cast, exchanged: Attempt, hint: str) -> Views:
    token, callers = exchanged.token, (cast.agent, cast.application)
    return [(oauth.introspect(token, by=by), oauth.introspect(token, by=by, token_type_hint=hint)) for by in callers]


@when("application and AI agent introspect the ID token", target_fixture="both_seen")
def id_token_introspected(oauth: OAuth, cast: Cast, id_token: str) -> list[Answer]:
    return [oauth.introspect(id_token, by=client) for client in (cast.application, cast.agent)]


@when("the AI agent introspects the refresh token", target_fixture="seen")
def refresh_token_introspected(oauth: OAuth, cast: Cast, refresh_token: str) -> Answer:
    return oauth.introspect(refresh_token, by=cast.agent)


@then("it is told nothing about either token")
def told_nothing(seen: Answer, agent_seen: Answer) -> None:
    strangers.told_nothing(seen)
    strangers.told_nothing(agent_seen)


@then("the agent's token is active for those whom it concerns")
def agents_token_active(witnessed: Witnessing, exchanged: Attempt) -> None:
    introspection.still_active(witnessed.introspection(exchanged))


@then("it is inactive and tells nothing else in that format")
def bare_in_any_format(seen: Answer, cast: Cast, end_user_subject: str) -> None:
    strangers.bare_in_any_format(seen, [cast.end_user.username, end_user_subject])


@then("the hint makes no difference")
def hint_changes_nothing(views: Views) -> None:
    strangers.hint_changes_nothing(views)


@then("it should not read as an active access token to either")
def id_token_is_none(both_seen: list[Answer]) -> None:
    for seen in both_seen:
        strangers.no_access_token(seen, "an ID token")


@then("it should not read as an active access token")
def refresh_token_is_none(seen: Answer) -> None:
    strangers.no_access_token(seen, "a refresh token of the application, to the AI agent,")
