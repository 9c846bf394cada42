"""A hardened tenant binds what agents get to the user's token, further than the guide's example does."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from reference_server.server import ReferenceServer
from tests.reference_server.oauth.world import Guide, refusal, token_of


@pytest.fixture(scope="module")
def hardened_server() -> Iterator[ReferenceServer]:
    with ReferenceServer(hardened=True) as server:
        yield server


@pytest.fixture
def hardened(hardened_server: ReferenceServer) -> Iterator[Guide]:
    with httpx.Client(base_url=hardened_server.url) as http:
        yield Guide(hardened_server, http, "-hardened")


def test_the_users_token_bounds_scope_and_time(hardened: Guide) -> None:
    narrow = hardened.user_token("openid")
    assert refusal(hardened.exchange(narrow, hardened.assistant, hardened.app, "read-data")) == (400, "invalid_scope")

    user_token = hardened.user_token("openid read-data")
    hardened.server.tenant.clock.advance(100)
    agent_token = token_of(hardened.exchange(user_token, hardened.assistant, hardened.app, "read-data"))
    assert hardened.verified(agent_token)["exp"] == hardened.verified(user_token)["exp"]


def test_the_guides_own_example_stays_as_it_is(guide: Guide) -> None:
    user_token = guide.user_token("openid")
    guide.server.tenant.clock.advance(100)
    agent_token = token_of(guide.exchange(user_token, guide.assistant, guide.app, "read-data"))
    assert guide.verified(agent_token)["exp"] > guide.verified(user_token)["exp"]
