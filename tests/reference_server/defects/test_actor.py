"""Defects of who a token says acts for its subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reference_server.oauth.delegation_bounds import MAX_ACTORS
from tests.reference_server.defects.cases import GRANTED, REFUSED, Case, check, claims_of, defects_in, own_token, robot
from tests.reference_server.oauth.administration import Client
from tests.reference_server.oauth.world import ACCESS_TOKEN, Guide, token_of

AGENT, SECOND, APP = "digital-assistant-ai-agent", "second-agent", "digital-assistant-web-app"


def second_agent(guide: Guide) -> Client:
    agent = guide.agent(SECOND)
    guide.privilege(agent, guide.app, subjects=[guide.barbara], scopes=["read-data"])
    return agent


def act(guide: Guide, token: str, by: Client, **changes: str) -> Any:
    claims = claims_of(guide.exchange(token, by, guide.app, "read-data", **changes))
    return claims.get("act") if isinstance(claims, dict) else claims


def first_actor(guide: Guide) -> Any:
    return act(guide, guide.user_token(), guide.assistant)


def actor_named_by_a_token(guide: Guide) -> Any:
    """Whether the user's token makes the user the actor, or is refused."""
    found = act(
        guide, guide.user_token(), guide.assistant, actor_token=guide.user_token(), actor_token_type=ACCESS_TOKEN
    )
    return found if found == REFUSED else found["sub"] == guide.barbara.id


def actors_of_one_user_token(guide: Guide) -> list[Any]:
    second, token = second_agent(guide), guide.user_token()
    return [act(guide, token, agent)["sub"] for agent in (guide.assistant, second, guide.assistant)]


def chain_of_two(guide: Guide) -> Any:
    return act(guide, guide.agent_token(), second_agent(guide))


def chain_of_three(guide: Guide) -> Any:
    token = token_of(guide.exchange(guide.agent_token(), second_agent(guide), guide.app, "read-data"))
    return act(guide, token, guide.assistant)


def chain_by_an_agent_without_a_privilege(guide: Guide) -> int:
    answer = guide.exchange(guide.agent_token(), guide.agent("unprivileged"), guide.app, "read-data")
    return answer.status_code


def exchange_with(**changes: str) -> Callable[[Guide], int]:
    def observe(guide: Guide) -> int:
        answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **changes)
        return answer.status_code

    return observe


def one_actor_too_many(guide: Guide) -> int:
    token = guide.user_token()
    for _ in range(MAX_ACTORS):
        token = guide.agent_token(token)
    return guide.exchange(token, guide.assistant, guide.app, "read-data").status_code


def members_of_act(guide: Guide) -> bool:
    return {"exp", "aud", "nbf"} <= set(first_actor(guide))


TWO = {"sub": SECOND, "act": {"sub": AGENT}}
THREE = {"sub": AGENT, "act": TWO}
REVERSED = {"sub": AGENT, "act": {"sub": SECOND, "act": {"sub": AGENT}}}

CASES = {
    "act-missing": Case(first_actor, {"sub": AGENT}, None, breaks=("act",)),
    "act-sub-is-app": Case(first_actor, {"sub": AGENT}, {"sub": APP}, breaks=("act",)),
    "act-from-actor-token": Case(actor_named_by_a_token, REFUSED, True),
    "act-cached-per-subject": Case(actors_of_one_user_token, [AGENT, SECOND, AGENT], [AGENT] * 3),
    "nested-act-lost": Case(chain_of_two, TWO, {"sub": SECOND}),
    "nested-act-reversed": Case(chain_of_two, TWO, {"sub": AGENT, "act": {"sub": SECOND}}),
    "reexchange-strips-act": Case(chain_of_two, TWO, None),
    "chained-exchange-skips-privilege": Case(chain_by_an_agent_without_a_privilege, REFUSED, GRANTED),
    "actor-token-type-not-required": Case(exchange_with(actor_token="anything"), REFUSED, GRANTED),
    "invalid-actor-token-ignored": Case(
        exchange_with(actor_token="garbage", actor_token_type=ACCESS_TOKEN), REFUSED, GRANTED
    ),
    "unbounded-act-depth": Case(one_actor_too_many, REFUSED, 500),
    "act-carries-nonidentity-claims": Case(members_of_act, False, True, breaks=("act",)),
}


@pytest.mark.parametrize("name", CASES)
def test_the_defect_shows(name: str) -> None:
    check(name, CASES[name])


def test_a_chain_of_three_is_reversed_as_a_whole() -> None:
    check("nested-act-reversed", Case(chain_of_three, THREE, REVERSED))


@pytest.mark.parametrize("name", ["actor-token-type-not-required", "invalid-actor-token-ignored"])
def test_a_type_without_an_actor_token_is_refused_all_the_same(name: str) -> None:
    check(name, Case(exchange_with(actor_token_type=ACCESS_TOKEN), REFUSED, REFUSED))


def test_an_agent_that_proves_itself_as_actor_does_not_lose_act() -> None:
    def observe(guide: Guide) -> Any:
        agent = robot(guide)
        guide.privilege(agent, guide.app, subjects=[guide.barbara])
        token = token_of(guide.exchange(guide.user_token(), agent, guide.app, "read-data"))
        return act(guide, token, agent, actor_token=own_token(guide, agent), actor_token_type=ACCESS_TOKEN)

    chain = {"sub": "robot", "act": {"sub": "robot"}}
    check("reexchange-strips-act", Case(observe, chain, chain))


def test_every_defect_is_shown() -> None:
    assert set(CASES) == defects_in("actor")
