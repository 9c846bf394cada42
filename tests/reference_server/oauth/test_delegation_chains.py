"""Exchanging an exchanged token: the chain of actors grows, everything else can only shrink (RFC 8693 section 4.1)."""

from __future__ import annotations

import pytest

from reference_server.oauth.delegation_bounds import MAX_ACTORS
from tests.reference_server.oauth.administration import EXCHANGE, Client
from tests.reference_server.oauth.world import Guide, refusal, token_of


@pytest.fixture
def second(guide: Guide) -> Client:
    """Another agent with all scopes of the application for the same user."""
    agent = guide.agent("second-agent")
    guide.privilege(agent, guide.app, subjects=[guide.barbara])
    return agent


def own_token(guide: Guide, name: str) -> tuple[Client, str]:
    """An agent that works for itself, and the token it got so."""
    robot = guide.agent(name, grants=[EXCHANGE, "client_credentials"], scopes=["monitor-system"])
    form = {"grant_type": "client_credentials", "scope": "monitor-system", **robot.credentials}
    return robot, token_of(guide.post("/access_token", form))


def test_the_latest_actor_is_outermost(guide: Guide, second: Client) -> None:
    token = token_of(guide.exchange(guide.agent_token(), second, guide.app, "read-data"))
    third = token_of(guide.exchange(token, guide.assistant, guide.app, "read-data"))

    chain = {"sub": second.id, "act": {"sub": guide.assistant.id}}
    assert guide.verified(token)["sub"] == guide.barbara.id
    assert guide.verified(token)["act"] == guide.introspect(token, second)["act"] == chain
    assert guide.verified(third)["act"] == {"sub": guide.assistant.id, "act": chain}


def test_two_agents_with_the_same_user_token_stay_apart(guide: Guide, second: Client) -> None:
    user_token = guide.user_token()

    for agent in (guide.assistant, second, guide.assistant, second):
        claims = guide.verified(token_of(guide.exchange(user_token, agent, guide.app, "read-data")))
        assert claims["act"] == {"sub": agent.id}
        assert claims["client_id"] == agent.id


def test_each_agent_needs_a_privilege_of_its_own(guide: Guide) -> None:
    unprivileged = guide.agent("unprivileged")
    answer = guide.exchange(guide.agent_token(), unprivileged, guide.app, "read-data")
    assert refusal(answer) == (400, "invalid_target")


def test_a_delegated_token_gives_no_further_scope_or_audience(guide: Guide, second: Client) -> None:
    second_app = guide.application("second-app")
    guide.privilege(second, second_app, subjects=[guide.barbara])
    delegated = guide.agent_token()

    assert refusal(guide.exchange(delegated, second, guide.app, "write-data")) == (400, "invalid_scope")
    assert refusal(guide.exchange(delegated, second, second_app, "read-data")) == (400, "invalid_target")
    assert guide.exchange(guide.user_token(), second, second_app, "read-data").status_code == 200


def test_a_delegated_token_is_not_prolonged(guide: Guide, second: Client) -> None:
    delegated = guide.agent_token()
    guide.server.tenant.clock.advance(100)

    answer = guide.exchange(delegated, second, guide.app, "read-data")

    assert guide.verified(token_of(answer))["exp"] == guide.verified(delegated)["exp"]
    assert answer.json()["expires_in"] <= 3500


def test_a_chain_does_not_grow_for_ever(guide: Guide) -> None:
    token = guide.user_token()
    for _ in range(MAX_ACTORS):
        token = guide.agent_token(token)

    answer = guide.exchange(token, guide.assistant, guide.app, "read-data")

    assert refusal(answer) == (400, "invalid_request")


def test_an_autonomous_agent_acts_for_itself_within_a_privilege_that_selects_nobody(guide: Guide) -> None:
    robot = guide.agent("robot", grants=[EXCHANGE, "client_credentials"], scopes=["monitor-system"])
    form = {"grant_type": "client_credentials", "scope": "monitor-system"}
    own = token_of(guide.post("/access_token", form | robot.credentials))
    assert refusal(guide.exchange(own, robot, guide.app, "read-data")) == (400, "invalid_target")

    guide.privilege(robot, guide.app, scopes=["read-data"])
    claims = guide.verified(token_of(guide.exchange(own, robot, guide.app, "read-data")))

    assert (claims["sub"], claims["act"]) == (robot.id, {"sub": robot.id})
    assert "subname" not in claims
    assert refusal(guide.exchange(own, robot, guide.app, "write-data")) == (400, "invalid_scope")
    assert refusal(guide.exchange(guide.user_token(), robot, guide.app, "read-data")) == (400, "invalid_request")


@pytest.mark.parametrize("selected", ["a user", "a group"])
def test_a_privilege_that_selects_somebody_is_not_for_the_agent_itself(guide: Guide, selected: str) -> None:
    robot, own = own_token(guide, "robot")
    users, groups = ([guide.barbara], []) if selected == "a user" else ([], [guide.group("some-users", guide.barbara)])
    guide.privilege(robot, guide.app, subjects=users, groups=groups, scopes=["read-data"])

    assert refusal(guide.exchange(own, robot, guide.app, "read-data")) == (400, "invalid_request")


def test_a_privilege_that_selects_nobody_is_for_no_other_agent(guide: Guide) -> None:
    robot, _ = own_token(guide, "robot")
    _, of_another = own_token(guide, "other-robot")
    guide.privilege(robot, guide.app, scopes=["read-data"])

    assert refusal(guide.exchange(of_another, robot, guide.app, "read-data")) == (400, "invalid_request")


def test_a_clients_own_token_never_counts_as_a_users(guide: Guide) -> None:
    core = {"scopes": ["read-data"]}
    advanced = {"grantTypes": ["client_credentials"], "tokenEndpointAuthMethod": "client_secret_post"}
    guide.suffix = ""
    impostor = guide.client(guide.barbara.id, core=core, advanced=advanced)
    form = {"grant_type": "client_credentials", "scope": "read-data"}
    token = token_of(guide.post("/access_token", form | impostor.credentials))

    assert refusal(guide.exchange(token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")
