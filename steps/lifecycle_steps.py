"""Sentences about tokens that end: they expire, or are revoked (guide, task 4.2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from steps.checks import lifecycle, token_response
from steps.exchange_steps import agents_token, exchanges
from steps.own_agent import OwnAgent
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, Witnessing, obtained

TWO_HOURS = 7200
NO_REVOCATION = "the tenant does not revoke access tokens"


@given("an expired access token of the end user", target_fixture="subject_token")
def expired_users_token(expired_token: str) -> str:
    return expired_token


@given("an expired access token of the short-lived AI agent", target_fixture="subject_token")
def expired_agents_token(expired_agent_token: str) -> str:
    return expired_agent_token


@given("a further token that the AI agent exchanged from it", target_fixture="further")
def further_token(oauth: OAuth, cast: Cast, scopes: ScopeNames, subject_token: str) -> Attempt:
    return agents_token(oauth, cast, scopes, subject_token, "read-data")


@given("an AI agent of its own whose tokens may live for two hours", target_fixture="own")
def long_lived_agent(own_agent: OwnAgent) -> OwnAgent:
    own_agent.configure_wholly(access_token_lifetime=TWO_HOURS)
    own_agent.add_privilege()
    return own_agent


@when("it exchanges the user's token", target_fixture="exchanged")
@given("it has exchanged the user's token", target_fixture="exchanged")
def own_exchange(own: OwnAgent) -> Attempt:
    attempt = own.exchange_once(granted=True)
    token_response.exchange_granted(attempt.answer)
    return attempt


@when("the application has revoked the user's token of that request")
def revoke_documented(oauth: OAuth, cast: Cast, documented: DocumentedRequest) -> None:
    offered(oauth.revoke(documented.fields["subject_token"], by=cast.application).status == 200, NO_REVOCATION)


@when(parse('it is sent with "{parameter}" {value:Value} until it is refused'), target_fixture="attempt")
def sent_until_refused(documented: DocumentedRequest, wait_until_effective: Waiting, parameter: str, value: str) -> Any:
    send = partial(documented.changed, {parameter: value})
    return wait_until_effective(send, lambda attempt: attempt.token is None)


@when("the application has revoked the user's token")
def revoke_users_token(oauth: OAuth, cast: Cast, subject_token: str, wait_until_effective: Waiting) -> None:
    offered(oauth.revoke(subject_token, by=cast.application).status == 200, NO_REVOCATION)
    wait_until_effective(partial(oauth.introspect, subject_token, by=cast.application), _has_ended)


@given(parse("{client:Client} exchanges that token as well"), target_fixture="before")
@when(parse("{client:Client} exchanges the agent's token"), target_fixture="after")
def exchanges_agents_token(oauth: OAuth, cast: Cast, scopes: ScopeNames, exchanged: Attempt, client: Any) -> Answer:
    token = obtained(exchanged.answer)
    return exchanges(oauth, cast, scopes, token, client, "read-data", lambda c: c.application).answer


@when(parse("{client:Client} tries to revoke the agent's token"))
def tries_to_revoke(oauth: OAuth, cast: Cast, exchanged: Attempt, client: Any) -> None:
    oauth.revoke(obtained(exchanged.answer), by=client(cast))


@when("the AI agent revokes its token")
def revokes_own_token(oauth: OAuth, exchanged: Attempt) -> None:
    offered(oauth.revoke(obtained(exchanged.answer), by=exchanged.by).status == 200, NO_REVOCATION)


@then("the expired token is inactive")
def expired_is_inactive(oauth: OAuth, cast: Cast, subject_token: str) -> None:
    for caller in (cast.short_lived_agent, cast.short_lived_application):
        lifecycle.inactive(oauth.introspect(subject_token, by=caller), "the expired token")


@then("a fresh token is exchanged in the same way")
def fresh_is_exchanged(oauth: OAuth, cast: Cast, scopes: ScopeNames, wait_for_time: Waiting) -> None:
    exchange = partial(_fresh_exchange, oauth, cast, scopes)
    token_response.granted(wait_for_time(exchange, lambda attempt: attempt.token).answer)


@then("a fresh token is exchanged in the same way, for one that is active")
def fresh_is_active(oauth: OAuth, cast: Cast, scopes: ScopeNames, wait_for_time: Waiting) -> None:
    look = Witnessing(oauth, cast.short_lived_application).introspection
    seen = wait_for_time(lambda: look(_fresh_exchange(oauth, cast, scopes)), lambda seen: not _has_ended(seen))
    lifecycle.still_active(seen, "a fresh token")


@then("the agent's token should seed nothing any more")
def seeds_nothing(before: Answer, after: Answer) -> None:
    lifecycle.seeds_nothing(before, after)


@then("whether the agent's token ends with the user's token is recorded")
def record_end(witnessed: Witnessing, exchanged: Attempt) -> None:
    lifecycle.lives_on(witnessed.introspection(exchanged), "the user's token is revoked")


@then("the agent's token is still active")
def agents_token_active(witnessed: Witnessing, exchanged: Attempt) -> None:
    lifecycle.still_active(witnessed.introspection(exchanged), "the agent's token")


@then("the agent's token is inactive")
def agents_token_inactive(witnessed: Witnessing, exchanged: Attempt, wait_until_effective: Waiting) -> None:
    seen = wait_until_effective(partial(witnessed.introspection, exchanged), _has_ended)
    lifecycle.inactive(seen, "the agent's revoked token")


@then("the further token and the user's token are still active")
def others_active(oauth: OAuth, cast: Cast, witnessed: Witnessing, further: Attempt, subject_token: str) -> None:
    lifecycle.still_active(witnessed.introspection(further), "the agent's further token")
    lifecycle.still_active(oauth.introspect(subject_token, by=cast.application), "the user's token")


@then("revoking it once more is no error")
def revoked_again(oauth: OAuth, exchanged: Attempt) -> None:
    lifecycle.revoked_again(oauth.revoke(obtained(exchanged.answer), by=exchanged.by))


@then("its token should expire no later than the user's")
def expires_with_subject(oauth: OAuth, cast: Cast, witnessed: Witnessing, own: OwnAgent, exchanged: Attempt) -> None:
    user = oauth.introspect(own.subject_token, by=cast.application)
    lifecycle.expires_with_subject(witnessed.introspection(exchanged), user)


def _fresh_exchange(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> Attempt:
    """An exchange of a new token that lives two seconds: on a slow tenant it may have expired already."""
    agent, application, asked = cast.short_lived_agent, cast.short_lived_application, scopes("read-data")
    token = str(oauth.password(cast.end_user, by=application, scope=asked).members.get("access_token"))
    return Attempt(oauth.exchange(token, by=agent, audience=application.client_id, scope=asked), agent, asked)


def _has_ended(seen: Answer) -> bool:
    return seen.members.get("active") is not True
