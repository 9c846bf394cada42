"""Clients and agents exist from creation to deletion; one that comes later under the same ID is another."""

from __future__ import annotations

import pytest

from reference_server.am.registration import Registration
from tests.reference_server.oauth.world import Guide, refusal, token_of


def test_a_client_can_get_tokens_as_soon_as_it_is_created(guide: Guide) -> None:
    second_app = guide.application("second-app")
    token = token_of(guide.login(guide.barbara, second_app))
    assert guide.is_active(token, second_app)


def test_an_agent_can_act_as_soon_as_it_is_created(guide: Guide) -> None:
    user_token = guide.user_token()
    second_agent = guide.agent("second-agent")
    guide.privilege(second_agent, guide.app, subjects=[guide.barbara])
    token = token_of(guide.exchange(user_token, second_agent, guide.app, "read-data"))
    assert guide.is_active(token, second_agent)


def test_a_client_that_is_deleted_can_do_nothing_and_its_tokens_are_dead(guide: Guide) -> None:
    answer = guide.login(guide.barbara, guide.app).json()
    guide.delete_client(guide.app)

    assert refusal(guide.login(guide.barbara, guide.app)) == (400, "invalid_client")
    form = {"token": answer["access_token"], **guide.app.credentials}
    assert refusal(guide.post("/introspect", form)) == (400, "invalid_client")
    userinfo = guide.http.get(guide.oauth + "/userinfo", headers={"authorization": f"Bearer {answer['access_token']}"})
    assert userinfo.status_code == 401
    exchange = guide.exchange(answer["access_token"], guide.assistant, guide.app, "read-data")
    assert refusal(exchange) == (400, "invalid_request")


@pytest.mark.parametrize("stateless", [True, False])
def test_tokens_of_a_deleted_agent_stay_dead_when_its_id_is_taken_again(guide: Guide, stateless: bool) -> None:
    agent = guide.agent("second-agent", override={"statelessTokensEnabled": stateless})
    guide.privilege(agent, guide.app, subjects=[guide.barbara])
    token = token_of(guide.exchange(guide.user_token(), agent, guide.app, "read-data"))
    assert guide.is_active(token, agent)

    guide.delete_client(agent, kind="AIAgent")
    again = guide.agent(agent.id, override={"statelessTokensEnabled": stateless})
    guide.privilege(again, guide.app, subjects=[guide.barbara])

    assert not guide.is_active(token, again)
    assert refusal(guide.exchange(token, again, guide.app, "read-data")) == (400, "invalid_request")
    fresh = token_of(guide.exchange(guide.user_token(), again, guide.app, "read-data"))
    assert guide.is_active(fresh, again)


def test_tokens_of_a_deleted_client_stay_dead_when_its_id_is_taken_again(guide: Guide) -> None:
    answer = guide.login(guide.barbara, guide.app).json()
    guide.delete_client(guide.app)
    guide.delete("application", guide.app.managed_id)
    again = guide.application(guide.app.id)

    assert not guide.is_active(answer["access_token"], again)
    exchange = guide.exchange(answer["access_token"], guide.assistant, again, "read-data")
    assert refusal(exchange) == (400, "invalid_request")
    form = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"], **again.credentials}
    assert refusal(guide.post("/access_token", form)) == (400, "invalid_grant")
    assert guide.is_active(token_of(guide.login(guide.barbara, again)), again)


def test_a_client_that_is_changed_keeps_its_tokens(guide: Guide) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    guide.change_client(guide.app, "core", defaultScopes=["openid"])
    guide.change_client(guide.assistant, "core", kind="AIAgent", clientName=["Renamed"])

    assert guide.is_active(user_token, guide.app)
    assert guide.is_active(agent_token, guide.assistant)


def test_a_registration_tells_its_tokens_from_those_of_the_same_second() -> None:
    registration = Registration(1000.7)
    registration.note("own", 1000)
    registration.note("own, by a clock put back", 990)

    assert registration.covers("own", 1000)
    assert registration.covers("own, by a clock put back", 990)
    assert registration.covers("later", 1001)
    assert not registration.covers("predecessor's", 1000)
