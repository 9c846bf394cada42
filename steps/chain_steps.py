"""Sentences about tokens that AI agents exchange again, and about who is named as actor in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.step_fixtures import EXPIRY_LIMIT_SECONDS
from fixtures.tenant.errors import offered
from fixtures.tenant.oauth import OAuth, Value
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE
from fixtures.tenant.polling import until
from steps.checks import chains, token_response
from steps.checks.evidence import Members
from steps.checks.token_format import claims_of
from steps.exchanging import Exchanging, Tried
from steps.own_agent import OwnAgent
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, Witnessing, obtained
from steps.token_kinds import TokenKinds, own_token

NAMING: dict[str, Callable[[str], str]] = {
    "act": lambda agent: json.dumps({"sub": agent, "client_id": agent}),
    "claims": lambda agent: json.dumps({"act": {"sub": agent}}),
}
"""How a parameter names an actor where it is not the client ID itself."""
soon = partial(until, limit_seconds=EXPIRY_LIMIT_SECONDS, every_seconds=1.0)  # each attempt is an exchange


@given(parse('{client:Client} has exchanged it for "{scope}"'), target_fixture="exchanged")
def has_exchanged(exchanging: Exchanging, subject_token: str, client: Any, scope: str) -> Attempt:
    attempt = exchanging.attempt(subject_token, client(exchanging.cast), scope)
    token_response.exchange_granted(attempt.answer)
    return attempt


@given('"may_act" of that token says who may exchange it', target_fixture="may_act")
def may_act_of(oauth: OAuth, cast: Cast, subject_token: str) -> Members:
    seen = oauth.introspect(subject_token, by=cast.application).members
    told: Any = (claims_of(subject_token) or seen).get("may_act", seen.get("may_act"))
    return dict(offered(told, "the user's token carries no may_act"))


@when(
    parse('{client:Client} exchanges the agent\'s token for "{scope}" at {audience:Client}'), target_fixture="attempt"
)
def exchanges_again(exchanging: Exchanging, exchanged: Attempt, client: Any, scope: str, audience: Any) -> Attempt:
    cast = exchanging.cast
    return exchanging.attempt(exchanged.token, client(cast), scope, audience(cast))


@when(
    parse('the AI agent of its own exchanges the agent\'s token for "{scope}" at {audience:Client}'),
    target_fixture="attempt",
)
def own_exchanges_again(
    exchanging: Exchanging, own: OwnAgent, exchanged: Attempt, scope: str, audience: Any
) -> Attempt:
    return exchanging.attempt(exchanged.token, own.agent, scope, audience(exchanging.cast))


@when(
    parse('the AI agent of its own exchanges a token that the user got at {audience:Client} for "{scope}" there'),
    target_fixture="attempt",
)
def own_exchanges_users(exchanging: Exchanging, own: OwnAgent, scope: str, audience: Any) -> Attempt:
    application, user = audience(exchanging.cast), exchanging.cast.end_user
    login = exchanging.oauth.password(user, by=application, scope=exchanging.scopes(scope))
    return exchanging.attempt(obtained(login), own.agent, scope, application)


@when("the AI agent, the second AI agent and the AI agent again exchange it one after the other", target_fixture="hops")
def passed_on(exchanging: Exchanging, subject_token: str) -> list[Attempt]:
    agent, second = exchanging.cast.agent, exchanging.cast.second_agent
    return exchanging.relayed(subject_token, [agent, second, agent])


@when(parse("the AI agent and the second AI agent pass it on by turns, {times:d} times each"), target_fixture="hops")
def passed_on_by_turns(exchanging: Exchanging, subject_token: str, times: int) -> list[Attempt]:
    return exchanging.relayed(subject_token, [exchanging.cast.agent, exchanging.cast.second_agent] * times)


@when(parse("the AI agent and the second AI agent exchange it {order:Order}"), target_fixture="exchanges")
def both_exchange(exchanging: Exchanging, subject_token: str, order: Any) -> Tried:
    agents = (exchanging.cast.agent, exchanging.cast.second_agent)
    calls = (partial(lambda by: (by.client_id, exchanging(subject_token, by)), agent) for agent in agents)
    return list(order(exchanging)(*calls))


@when(parse("{client:Client} exchanges the agent's token along every route"), target_fixture="tried")
def along_every_route(exchanging: Exchanging, exchanged: Attempt, client: Any) -> Tried:
    return exchanging.along_every_route(exchanged.token, client(exchanging.cast), str(exchanged.token))


@when("the AI agent of its own exchanges the agent's token along every route", target_fixture="tried")
def own_along_every_route(exchanging: Exchanging, exchanged: Attempt, own: OwnAgent) -> Tried:
    actor = own_token(exchanging.oauth, own.agent)
    return exchanging.along_every_route(exchanged.token, own.agent, str(actor.token))


@when("a token that the next AI agent gets from the user's would outlive the agent's")
def would_outlive(exchanging: Exchanging, witnessed: Witnessing, subject_token: str, exchanged: Attempt) -> None:
    first, following = witnessed(exchanged), exchanging.cast.next_agent
    fresh = soon(lambda: exchanging(subject_token, following), lambda last: chains.outlives(last, first))
    token_response.exchange_granted(fresh.answer)


@when("the next AI agent exchanges the agent's token, and what it got again", target_fixture="hops")
def exchanges_twice(exchanging: Exchanging, exchanged: Attempt) -> list[Attempt]:
    return exchanging.relayed(str(exchanged.token), [exchanging.cast.next_agent] * 2)


@when(parse("it is sent with {kind:Kind} as actor token"), target_fixture="attempt")
def sent_with_actor(documented: DocumentedRequest, token_kinds: TokenKinds, kind: Any) -> Attempt:
    return documented(actor_token=kind(token_kinds), actor_token_type=ACCESS_TOKEN_TYPE)


@when(parse('it is sent with "{parameter}" naming the second AI agent'), target_fixture="attempt")
def sent_naming_actor(documented: DocumentedRequest, cast: Cast, parameter: str) -> Attempt:
    named = NAMING.get(parameter, str)(cast.second_agent.client_id)
    return documented.changed({parameter: named})


@when("the AI agent sends a token of its own as actor token, spoilt in each way", target_fixture="spoilt")
def with_bad_actors(exchanging: Exchanging, subject_token: str, exchanged: Attempt) -> tuple[str, Tried]:
    tried = exchanging.with_bad_actors(subject_token, exchanged.by, str(exchanged.token))
    return exchanged.by.client_id, tried


@when("the AI agent of its own sends a token of its own as actor token, spoilt in each way", target_fixture="spoilt")
def own_with_bad_actors(exchanging: Exchanging, own: OwnAgent) -> tuple[str, Tried]:
    actor = own_token(own.oauth, own.agent)
    return own.agent.client_id, exchanging.with_bad_actors(own.subject_token, own.agent, str(actor.token))


@when("the AI agent of its own exchanges a user's token with its own as actor token", target_fixture="exchanged")
def with_own_actor(exchanging: Exchanging, own: OwnAgent) -> Attempt:
    actor = own_token(own.oauth, own.agent).token
    changes: dict[str, Value] = {"actor_token": actor, "actor_token_type": ACCESS_TOKEN_TYPE}
    attempt = exchanging.attempt(own.subject_token, own.agent, changes=changes)
    offered(attempt.token, "the tenant takes no actor tokens")
    return attempt


@then('"act" names them in that order after each exchange, or the chain was refused')
def named_in_order(oauth: OAuth, cast: Cast, witnessed: Witnessing, subject_token: str, hops: list[Attempt]) -> None:
    told = [(hop.by.client_id, witnessed(hop)) for hop in hops]
    chains.named_in_order(told, oauth.introspect(subject_token, by=cast.application), cast.application.client_id)


@then("each token names the AI agent that exchanged it, as actor and as client")
def each_its_own_actor(oauth: OAuth, cast: Cast, subject_token: str, exchanges: Tried) -> None:
    chains.each_its_own_actor(exchanges, oauth.introspect(subject_token, by=cast.application))


@then(parse("the audience is refused, or the token is not for {audience:Client} either"))
def audience_kept(cast: Cast, witnessed: Witnessing, attempt: Attempt, audience: Any) -> None:
    chains.audience_kept(witnessed(attempt), audience(cast).client_id)


@then('it is refused along each, or the token still names the AI agent in "act"')
def delegation_kept(cast: Cast, tried: Tried) -> None:
    chains.delegation_kept(tried, cast.agent.client_id)


@then("it is refused, or what it got expires no later than the agent's token")
def not_prolonged(witnessed: Witnessing, exchanged: Attempt, hops: list[Attempt]) -> None:
    chains.not_prolonged(witnessed(exchanged), [witnessed(hop) for hop in hops])


@then("it is refused, or the AI agent is still the actor")
def acts_for_caller(cast: Cast, witnessed: Witnessing, attempt: Attempt) -> None:
    chains.acts_for_caller(witnessed(attempt), cast.agent.client_id)


@then("each is refused, unless the tenant knows no actor tokens")
def actor_token_judged(spoilt: tuple[str, Tried]) -> None:
    agent, tried = spoilt
    chains.actor_token_judged(tried, agent)


@then('an AI agent that "may_act" does not name is refused')
def may_act_heeded(may_act: Members, exchanges: Tried) -> None:
    chains.may_act_heeded(may_act, exchanges)


@then("the chain ends with a clean refusal, or goes on to the last")
def bounded(hops: list[Attempt]) -> None:
    chains.bounded([hop.answer for hop in hops])


@then('"act" holds nothing but what identifies an actor')
def identity_claims_alone(witnessed: Witnessing, exchanged: Attempt) -> None:
    chains.identity_claims_alone(witnessed(exchanged))
