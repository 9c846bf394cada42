"""Scenarios that follow each other may build on one log-in of a user, where that can't change what they find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fixtures.tenant.actors import Client, EndUser
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.shared_logins import LONGEST_SECONDS, SharedLogins
from tests.tenant.observers import Recorder


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def granted(lifetime: object = 3600, status: int = 200) -> Callable[[], Answer]:
    """A log-in that brings another token each time."""
    numbers = iter(range(1000))
    request = Request("POST", "https://tenant.example/token")

    def fetch() -> Answer:
        text = f'{{"access_token": "token-{next(numbers)}", "expires_in": {lifetime}}}'
        return Answer(request, status, {}, text, 1.0)

    return fetch


def tokens_of_two_scenarios(
    logins: SharedLogins, fetch: Callable[[], Answer], meanwhile: Callable[[], object]
) -> set[str]:
    """The tokens that two scenarios build on that ask for the same."""
    found = set()
    for _ in range(2):
        logins.begin(shares=True)
        found.add(logins.answer("key", fetch).members["access_token"])
        meanwhile()
    return found


def nothing() -> None:
    """Nothing happens."""


def test_the_next_scenario_takes_over_and_knows_it() -> None:
    logins, fetch = SharedLogins(), granted()
    logins.begin(shares=True)
    first = logins.answer("key", fetch)
    logins.begin(shares=True)
    second = logins.answer("key", fetch)
    assert (first.shared, second.shared) == (False, True)
    assert replace(second, shared=False) == first


def test_a_scenario_that_asks_twice_gets_two() -> None:
    logins, fetch = SharedLogins(), granted()
    for _ in range(2):
        logins.begin(shares=True)
        assert logins.answer("key", fetch).text != logins.answer("key", fetch).text


def test_a_scenario_of_its_own_neither_takes_nor_gives() -> None:
    logins, fetch = SharedLogins(), granted()
    found = []
    for shares in (False, True, False, True):
        logins.begin(shares=shares)
        found.append(logins.answer("key", fetch).members["access_token"])
    assert found == ["token-0", "token-1", "token-2", "token-1"]


def test_after_a_failure_or_a_revocation_all_is_forgotten() -> None:
    logins = SharedLogins()
    assert len(tokens_of_two_scenarios(logins, granted(), logins.forget)) == 2


@pytest.mark.parametrize(
    ("lifetime", "seconds", "expected"),
    [
        (3600, LONGEST_SECONDS - 1, 1),
        (3600, LONGEST_SECONDS, 2),
        (100, 9, 1),
        (100, 10, 2),
        (100.0, 9, 1),
        ('"soon"', 0, 2),
    ],
)
def test_a_token_is_handed_on_while_it_is_fresh(lifetime: object, seconds: float, expected: int) -> None:
    clock = Clock()

    def pass_by() -> None:
        clock.now += seconds

    assert len(tokens_of_two_scenarios(SharedLogins(clock), granted(lifetime), pass_by)) == expected


def test_a_refusal_is_not_handed_on() -> None:
    assert len(tokens_of_two_scenarios(SharedLogins(), granted(status=400), nothing)) == 2


@pytest.fixture
def user(provisioning: Provisioning) -> EndUser:
    return provisioning.create_user("barbara.jensen")


@pytest.fixture
def client(provisioning: Provisioning) -> Client:
    return provisioning.create_client("app", grants=[PASSWORD], scopes=["openid", "read-data"])


def test_observers_see_what_is_taken_over_as_if_it_came_now(
    http: Http, oauth: OAuth, user: EndUser, client: Client
) -> None:
    logins, seen = SharedLogins(), Recorder()
    http.observers.append(seen)
    sharing = OAuth(http, oauth.endpoints, logins)
    for scope in ("openid", "openid", "read-data"):
        logins.begin(shares=True)
        assert sharing.log_in(user, by=client, scope=scope).status == 200
    assert len(seen.requests) == 2
    assert [answer.shared for answer in seen.answers] == [False, True, False]


def test_what_is_revoked_is_nobody_elses(http: Http, oauth: OAuth, user: EndUser, client: Client) -> None:
    logins = SharedLogins()
    sharing = OAuth(http, oauth.endpoints, logins)
    logins.begin(shares=True)
    token = sharing.log_in(user, by=client, scope="openid").members["access_token"]
    sharing.revoke(token, by=client)
    logins.begin(shares=True)
    assert not sharing.log_in(user, by=client, scope="openid").shared
