"""A hardened tenant binds what agents get to the user's token, further than the guide's example does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reference_server.defects.in_process import guide_with
from tests.reference_server.oauth.administration import EXCHANGE
from tests.reference_server.oauth.world import Guide, refusal, token_of


@pytest.fixture
def hardened() -> Iterator[Guide]:
    """The guide's tasks 1 to 3, done on a hardened tenant of the test's own."""
    with guide_with(hardened=True) as guide:
        yield guide


def test_the_users_token_bounds_scope_and_time(hardened: Guide) -> None:
    narrow = hardened.user_token("openid")
    assert refusal(hardened.exchange(narrow, hardened.assistant, hardened.app, "read-data")) == (400, "invalid_scope")

    user_token = hardened.user_token("openid read-data")
    hardened.server.tenant.clock.advance(100)
    agent_token = token_of(hardened.exchange(user_token, hardened.assistant, hardened.app, "read-data"))
    assert hardened.verified(agent_token)["exp"] == hardened.verified(user_token)["exp"]


def test_a_token_that_speaks_for_no_user_bounds_only_what_comes_of_its_exchange(hardened: Guide) -> None:
    robot = hardened.agent("robot", grants=[EXCHANGE, "client_credentials"], scopes=["monitor-system"])
    hardened.privilege(robot, hardened.app, scopes=["read-data", "write-data"])
    form = {"grant_type": "client_credentials", "scope": "monitor-system", **robot.credentials}
    own = token_of(hardened.post("/access_token", form))
    hardened.server.tenant.clock.advance(100)

    first = token_of(hardened.exchange(own, robot, hardened.app, "read-data"))
    assert hardened.verified(first)["exp"] > hardened.verified(own)["exp"]
    assert refusal(hardened.exchange(first, robot, hardened.app, "write-data")) == (400, "invalid_scope")
    hardened.server.tenant.clock.advance(100)
    second = token_of(hardened.exchange(first, robot, hardened.app, "read-data"))
    assert hardened.verified(second)["exp"] == hardened.verified(first)["exp"]


def test_the_guides_own_example_stays_as_it_is(guide: Guide) -> None:
    user_token = guide.user_token("openid")
    guide.server.tenant.clock.advance(100)
    agent_token = token_of(guide.exchange(user_token, guide.assistant, guide.app, "read-data"))
    assert guide.verified(agent_token)["exp"] > guide.verified(user_token)["exp"]
