"""The witnesses of a token are asked in time, and about nothing twice."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from fixtures.run import Run
from fixtures.tenant.errors import Unreachable
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD
from fixtures.tenant.provisioning import Provisioning
from steps.hearings import Hearings
from tests.tenant.observers import Disturbance, Recorder


class Scenario:
    """Gets tokens at a tenant while their witnesses are heard."""

    def __init__(
        self, http: Http, oauth: OAuth, provisioning: Provisioning, asked: Recorder, *, asks_anyway: bool = False
    ) -> None:
        self.oauth = oauth
        self.user = provisioning.create_user("barbara.jensen")
        self.client = provisioning.create_client("app", grants=[PASSWORD], scopes=["openid"])
        world = SimpleNamespace(cast=SimpleNamespace(find=lambda _role: None))
        run = SimpleNamespace(http=http, oauth=oauth, observers=[asked], world=world)
        self.hearings = Hearings(cast("Run", run), asks_anyway=asks_anyway)
        self.hearings.begin()
        http.observers.append(self)

    def sending(self, request: Request) -> None:
        self.hearings.sending(request)

    def received(self, answer: Answer) -> None:
        if answer.request.url == self.oauth.endpoints.token:
            self.hearings.issued(answer)
        else:
            self.hearings.introspected(answer)

    def failed(self, *_: object) -> None:
        """Nothing comes of it."""

    def token(self) -> str:
        return str(self.oauth.password(self.user, by=self.client, scope="openid").members["access_token"])


def questions(asked: Recorder) -> int:
    return sum("introspect" in line for line in asked.lines())


@pytest.fixture
def asked() -> Recorder:
    """What the witnesses are asked."""
    return Recorder()


@pytest.fixture
def scenario(http: Http, oauth: OAuth, provisioning: Provisioning, asked: Recorder) -> Scenario:
    return Scenario(http, oauth, provisioning, asked)


def test_they_are_asked_before_anything_happens_to_the_token(scenario: Scenario, asked: Recorder) -> None:
    token = scenario.token()
    assert questions(asked) == 0
    scenario.oauth.revoke(token, by=scenario.client)
    [testimony] = scenario.hearings.testimonies
    assert testimony.introspection is not None
    assert testimony.introspection.members["active"] is True
    assert questions(asked) == 1


def test_what_the_scenario_asks_next_is_not_asked_again(scenario: Scenario, asked: Recorder) -> None:
    seen = scenario.oauth.introspect(scenario.token(), by=scenario.client)
    scenario.hearings.end()
    assert [testimony.introspection for testimony in scenario.hearings.testimonies] == [seen]
    assert questions(asked) == 0


def test_unless_they_are_asked_anyway(http: Http, oauth: OAuth, provisioning: Provisioning, asked: Recorder) -> None:
    scenario = Scenario(http, oauth, provisioning, asked, asks_anyway=True)
    scenario.oauth.introspect(scenario.token(), by=scenario.client)
    scenario.hearings.end()
    assert (len(scenario.hearings.testimonies), questions(asked)) == (1, 1)


def test_of_a_shared_token_they_are_asked_once(scenario: Scenario, asked: Recorder) -> None:
    shared = replace(scenario.oauth.password(scenario.user, by=scenario.client, scope="openid"), shared=True)
    for _ in range(2):
        scenario.hearings.begin()
        scenario.hearings.issued(shared)
        scenario.hearings.end()
        assert len(scenario.hearings.testimonies) == 1
    assert questions(asked) == 1


@pytest.mark.parametrize(("asks", "expected"), [(True, 1), (False, 0)])
def test_at_the_end_those_who_are_left(scenario: Scenario, asked: Recorder, asks: bool, expected: int) -> None:
    scenario.token()
    scenario.hearings.end(asks=asks)
    scenario.oauth.introspect("another", by=scenario.client)
    assert (len(scenario.hearings.testimonies), questions(asked)) == (expected, expected)


def test_who_can_not_be_heard_is_remembered_for_this_scenario(
    http: Http, oauth: OAuth, provisioning: Provisioning
) -> None:
    fault = Unreachable("nobody is there")
    scenario = Scenario(http, oauth, provisioning, Disturbance(lambda _: True, fault))
    scenario.token()
    scenario.hearings.end()
    assert (scenario.hearings.fault, scenario.hearings.testimonies) == (fault, [])
    scenario.hearings.begin()
    assert scenario.hearings.fault is None
