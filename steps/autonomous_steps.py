"""Sentences about an AI agent that also acts for itself, with the client credentials grant."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.standing_cast import configure_autonomous_agent
from fixtures.tenant.actors import Client
from fixtures.tenant.oauth import OAuth
from steps.checks import autonomous, token_response
from steps.exchanging import Exchanging
from steps.own_agent import OwnAgent
from steps.phrases import parse
from steps.requests import Attempt, Witnessing
from steps.token_kinds import own_token


def identifiers(agent: Client) -> set[str]:
    """What `sub` of an agent's own token may be: its client ID, or the UUID of its identity."""
    return {agent.client_id, getattr(agent, "identity_id", None) or agent.client_id}


@given("an AI agent of its own that also acts for itself", target_fixture="own")
def own_autonomous_agent(own_agent: OwnAgent) -> OwnAgent:
    own_agent.agent = configure_autonomous_agent(own_agent.workshop, own_agent.agent)
    own_agent.wait_until_known()
    own_agent.add_privilege()
    token_response.exchange_granted(own_agent.exchange_once(granted=True).answer)
    return own_agent


@when(parse("{client:Client} asks for a token of its own"), target_fixture="attempt")
def asks_for_own_token(oauth: OAuth, cast: Cast, scopes: ScopeNames, client: Any) -> Attempt:
    return Attempt(oauth.client_credentials(by=client(cast), scope=scopes("read-data")), client(cast))


@when("an autonomous AI agent gets a token of its own", target_fixture="attempt")
def gets_own_token(oauth: OAuth, cast: Cast) -> Attempt:
    return own_token(oauth, cast.autonomous_agent)


@when("the AI agent of its own exchanges a user's token and then gets one of its own", target_fixture="attempt")
def gets_own_token_after_exchange(own: OwnAgent) -> Attempt:
    token_response.exchange_granted(own.exchange().answer)
    return own_token(own.oauth, own.agent)


@when(
    parse('an autonomous AI agent exchanges its own token for "{scope}" at {audience:Client}'), target_fixture="attempt"
)
def exchanges_own_token(exchanging: Exchanging, cast: Cast, scope: str, audience: Any) -> Attempt:
    own = own_token(exchanging.oauth, cast.autonomous_agent)
    return exchanging.attempt(own.token, own.by, scope, audience(cast))


@when("the AI agent of its own exchanges a user's token and then one of its own", target_fixture="attempt")
def exchanges_own_token_after_users(exchanging: Exchanging, own: OwnAgent) -> Attempt:
    attempt = gets_own_token_after_exchange(own)
    return exchanging.attempt(attempt.token, own.agent)


@then("that token names the AI agent, no user and no actor")
def names_itself(cast: Cast, witnessed: Witnessing, attempt: Attempt, end_user_subject: str) -> None:
    users = {*cast.user_identifiers, end_user_subject}
    autonomous.names_itself(witnessed(attempt), identifiers(attempt.by), users)


@then(parse('it is refused, or the token names the AI agent and permits at most "{scope}"'))
def exchanged_for_itself(
    cast: Cast, scopes: ScopeNames, witnessed: Witnessing, attempt: Attempt, end_user_subject: str, scope: str
) -> None:
    users = {*cast.user_identifiers, end_user_subject}
    autonomous.exchanged_for_itself(witnessed(attempt), identifiers(attempt.by), users, scopes(scope))
