"""Sentences about introspecting a user's token (guide, task 4.1 step 3) and an agent's (task 4.2 step 2)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.actors import Client, Secret
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth, bearer
from fixtures.tenant.workshop import Workshop
from steps.checks import delegation, introspection, refusal
from steps.phrases import parse
from steps.requests import Attempt, Witnessing, obtained, tampered

DeadToken = tuple[str, Client]
"""A token that is not active, and the application that it was issued to; another would learn nothing of it anyway."""


@given("the end user has two access tokens, and a second user has one", target_fixture="three_tokens")
def three_tokens(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> list[str]:
    users = [cast.end_user, cast.end_user, cast.uncovered_user]
    return [obtained(oauth.password(user, by=cast.application, scope=scopes("openid"))) for user in users]


@given("a token that is unknown", target_fixture="dead_token")
def unknown_token(cast: Cast) -> DeadToken:
    return "obo-no-such-token", cast.application


@given("a token that is malformed", target_fixture="dead_token")
def malformed_token(cast: Cast, subject_token: str) -> DeadToken:
    return subject_token[: len(subject_token) // 2], cast.application


@given("a token that is tampered", target_fixture="dead_token")
def tampered_token(cast: Cast, subject_token: str) -> DeadToken:
    return tampered(subject_token), cast.application


@given("a token that is expired", target_fixture="dead_token")
def token_past_its_lifetime(cast: Cast, expired_token: str) -> DeadToken:
    return expired_token, cast.short_lived_application


@given("a token that is revoked", target_fixture="dead_token")
def revoked_token(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> DeadToken:
    token = obtained(oauth.password(cast.end_user, by=cast.application, scope=scopes("openid")))
    offered(oauth.revoke(token, by=cast.application).status == 200, "the tenant does not revoke access tokens")
    return token, cast.application


@given("a client of its own that may introspect all tokens", target_fixture="introspector")
def introspector(workshop: Workshop) -> Client:
    return workshop.create_client("own-introspector", grants=[], scopes=["am-introspect-all-tokens"])


@when("the application introspects it", target_fixture="seen")
@when("the application introspects the user's token", target_fixture="user_seen")
def introspected(oauth: OAuth, cast: Cast, subject_token: str) -> Answer:
    return oauth.introspect(subject_token, by=cast.application)


@when("it introspects that token", target_fixture="seen")
def token_of_attempt_introspected(oauth: OAuth, attempt: Attempt) -> Answer:
    return oauth.introspect(obtained(attempt.answer), by=attempt.by)


@when("the AI agent introspects its token", target_fixture="agent_seen")
def agent_introspects(oauth: OAuth, exchanged: Attempt) -> Answer:
    return oauth.introspect(exchanged.token, by=exchanged.by)


@when("the agent's token is introspected", target_fixture="seen")
def agents_token_introspected(witnessed: Witnessing, exchanged: Attempt) -> Answer:
    return witnessed.introspection(exchanged)


@when("the application introspects the agent's token", target_fixture="application_seen")
def application_introspects_agents_token(oauth: OAuth, cast: Cast, exchanged: Attempt) -> Answer:
    return oauth.introspect(exchanged.token, by=cast.application)


@when("the client of its own introspects it", target_fixture="seen")
def own_client_introspects(oauth: OAuth, subject_token: str, introspector: Client) -> Answer:
    seen = oauth.introspect(subject_token, by=introspector)
    offered(seen.members.get("active"), "no other client may introspect the user's token")
    return seen


@when("the application introspects all three", target_fixture="three_seen")
def introspect_three(oauth: OAuth, cast: Cast, three_tokens: list[str]) -> list[Answer]:
    return [oauth.introspect(token, by=cast.application) for token in three_tokens]


@when("it introspects that token, and again after at least a second", target_fixture="twice")
def introspected_twice(oauth: OAuth, attempt: Attempt, wait_for_time: Any) -> tuple[Answer, Answer]:
    look = partial(oauth.introspect, obtained(attempt.answer), by=attempt.by)
    first = look()
    shown = introspection.clock_of(first)
    return first, wait_for_time(look, lambda seen: shown is None or introspection.clock_of(seen) != shown)


@when(parse("the application introspects it with {headers:Headers}"), target_fixture="seen_with_headers")
def introspected_with(oauth: OAuth, cast: Cast, subject_token: str, headers: dict[str, str]) -> tuple[Answer, bool]:
    return oauth.introspect(subject_token, by=cast.application, headers=headers), bool(headers)


@when("it is introspected with no credentials", target_fixture="seen")
def introspected_anonymously(oauth: OAuth, subject_token: str) -> Answer:
    return oauth.introspect(subject_token, by=None)


@when("it is introspected with a wrong client secret", target_fixture="seen")
def introspected_with_wrong_secret(oauth: OAuth, cast: Cast, subject_token: str, wrong_secret: Secret) -> Answer:
    return oauth.introspect(subject_token, by=replace(cast.application, client_secret=wrong_secret))


@when("it is introspected with the token as bearer", target_fixture="seen")
def introspected_with_itself(oauth: OAuth, subject_token: str) -> Answer:
    return oauth.introspect(subject_token, by=None, headers=bearer(subject_token))


@when("the application introspects that token", target_fixture="seen")
def dead_token_introspected(oauth: OAuth, dead_token: DeadToken) -> Answer:
    token, application = dead_token
    return oauth.introspect(token, by=application)


@when("the application introspects no token at all", target_fixture="seen")
def nothing_introspected(oauth: OAuth, cast: Cast) -> Answer:
    return oauth.introspect(None, by=cast.application)


@then("the agent's token is active for the AI agent")
def is_active_for_agent(agent_seen: Answer, application_seen: Answer) -> None:
    introspection.active_for_agent(agent_seen, application_seen)


@then("the token is active")
def is_active(seen: Answer) -> None:
    introspection.active(seen)


@then("the token is inactive and tells nothing else")
def is_inactive(seen: Answer, cast: Cast, end_user_subject: str) -> None:
    introspection.inactive(seen, cast.end_user.username, end_user_subject)


@then("the request is refused as invalid")
def is_invalid(seen: Answer) -> None:
    refusal.invalid_request(seen)


@then("the caller learns nothing about the token")
def caller_refused(seen: Answer) -> None:
    introspection.caller_refused(seen)


@then("the application still finds it active")
@then("the application still finds the user's token active")
def still_active(oauth: OAuth, cast: Cast, subject_token: str) -> None:
    introspection.still_active(oauth.introspect(subject_token, by=cast.application))


@then('"sub" is the end user\'s UUID')
@then("\"sub\" of the agent's token is the end user's UUID")
def subject_is_uuid(seen: Answer, end_user_id: str) -> None:
    introspection.subject_is(seen, end_user_id)


@then('"sub" identifies the user over both log-ins and differs between the users')
def subject_is_stable(three_seen: list[Answer]) -> None:
    introspection.subject_is_stable(*three_seen)


@then('the user\'s token has no "act"')
def no_actor(seen: Answer) -> None:
    introspection.no_actor(seen)


@then('no token of a user has "act"')
def no_actors(three_seen: list[Answer]) -> None:
    introspection.no_actor(*three_seen)


@then('"scope" is a string that names what the token response granted')
def scope_is(seen: Answer, attempt: Attempt) -> None:
    introspection.scope_is(seen, attempt.answer.members.get("scope", attempt.asked))


@then(parse('"scope" is "{scope}" and nothing of the user\'s token'))
def scope_of_exchange(seen: Answer, scopes: ScopeNames, scope: str) -> None:
    introspection.scope_of_exchange(seen, scopes(scope))


@then(parse('"client_id" is {client:Client}'))
def client_is(seen: Answer, cast: Cast, client: Any) -> None:
    introspection.client_is(seen, client(cast).client_id)


@then("realm, token type and the user members agree with the token")
def user_members_agree(seen: Answer, cast: Cast, realm: str | None) -> None:
    introspection.user_members_agree(seen, realm, cast.end_user.username)


@then('"exp" is the end of the granted lifetime and "expires_in" falls towards it')
def expiry_falls(twice: tuple[Answer, Answer], attempt: Attempt) -> None:
    introspection.expiry_falls(*twice, attempt.answer)


@then('"iss" is the realm\'s issuer both times')
def issuer_is(seen: Answer, seen_with_headers: tuple[Answer, bool], oauth: OAuth, realm: str | None) -> None:
    discovered = oauth.metadata().members.get("issuer")
    introspection.issuer_is(seen, *seen_with_headers, discovered, optional=realm is None)


@then('"iss" is the same in both')
def issuer_kept(seen: Answer, user_seen: Answer) -> None:
    introspection.issuer_kept(seen, user_seen)


@then('"exp" fits the lifetime that the exchange announced')
def expiry_fits(seen: Answer, exchanged: Attempt) -> None:
    introspection.expiry_fits(seen, exchanged.answer)


@then('"sub" is the same in both, to the byte')
def same_subject(seen: Answer, user_seen: Answer) -> None:
    delegation.same_subject(seen, user_seen)


@then(parse('"act.sub" is {client:Client}'))
def acts_through(seen: Answer, cast: Cast, client: Any) -> None:
    delegation.acts_through(seen, client(cast).client_id)


@then('"act.sub" is neither the application nor the user nor another agent')
def acts_through_nobody_else(seen: Answer, cast: Cast, end_user_subject: str) -> None:
    others = [*cast.client_ids_but_agent, cast.agent.name, cast.end_user.username, end_user_subject]
    delegation.acts_through_none_of(seen, others)


@then("there is no earlier actor")
def no_earlier_actor(seen: Answer, cast: Cast) -> None:
    delegation.no_earlier_actor(seen, cast.application.client_id)


@then("the user members are those of the user's token")
def user_members_kept(seen: Answer, user_seen: Answer) -> None:
    delegation.user_members_kept(seen, user_seen)


@then("the application sees the same user, actor, scope and client")
def seen_alike(seen: Answer, application_seen: Answer) -> None:
    delegation.seen_alike(seen, application_seen)
