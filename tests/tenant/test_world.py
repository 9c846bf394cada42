"""The world of a run: provisioned or made by hand, handed over in memory, taken down by its owner."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fixtures.reap import reap
from fixtures.settings import ServiceAccount, Settings
from fixtures.target import Target
from fixtures.tenant.actors import Client, EndUser, Secret
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import HarnessError
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from fixtures.world import World, build
from reference_server.server import ReferenceServer
from tests.tenant.observers import Disturbance, Recorder

Inventory = Callable[[], dict[str, Any]]
BY_HAND = Settings(
    tenant_url="https://tenant.example",
    application=Client("app", Secret("a"), ("openid",)),
    agent=Client("agent", Secret("b"), ("read-data",)),
    end_user=EndUser("barbara.jensen", Secret("c")),
)


@pytest.fixture
def target(server: ReferenceServer) -> Target:
    account = ServiceAccount(server.service_account.id, server.service_account.jwk)
    settings = Settings(tenant_url=server.url, service_account=account, second_realm="bravo", propagation_seconds=0)
    return Target(server.url, "alpha", False, account, settings)


def test_world_by_service_account(
    target: Target, admin: Administration, oauth: OAuth, sent: Recorder, inventory: Inventory, tmp_path: Path
) -> None:
    before = inventory()
    sent.requests.clear()
    world = build(target, admin, oauth, tmp_path)
    assert len(sent.requests) <= 100
    cast = world.cast
    assert all(cast.find(role.name) for role in cast.roles())
    assert world.exchange_while_off
    assert world.exchange_while_off.members["error"] == "unsupported_grant_type"
    for short_lived in (world.short_lived_token, world.short_lived_agent_token):
        seen = oauth.introspect(short_lived, by=cast.short_lived_application).members
        assert seen.get("expires_in", 0) <= 2
        assert seen["active"]
    assert oauth.tokeninfo(token(oauth, world)).members["expires_in"] <= 3600
    assert exchanged(oauth, world, cast.group_user) == 200
    assert exchanged(oauth, world, cast.other_group_user) == 400
    assert exchanged(oauth, world, cast.uncovered_user) == 400
    assert world.tear_down() == []
    assert inventory() == before


def test_a_worker_knows_the_target_as_its_owner_does(target: Target) -> None:
    settings = replace(target.settings, approver_url="https://approver.example")
    owned = replace(target, settings=settings)
    again = Target.from_plain(json.loads(json.dumps(owned.to_plain())), Settings())
    assert (again.url, again.service_account) == (owned.url, owned.service_account)
    assert (again.settings.second_realm, again.settings.approver_url) == ("bravo", "https://approver.example")


def token(oauth: OAuth, world: World, user: EndUser | None = None) -> str:
    """An access token from the application."""
    answer = oauth.password(user or world.cast.end_user, by=world.cast.application, scope="openid read-data")
    return str(answer.members["access_token"])


def exchanged(oauth: OAuth, world: World, user: EndUser) -> int:
    """Status of the AI agent's exchange for a user."""
    cast = world.cast
    subject_token = token(oauth, world, user)
    return oauth.exchange(subject_token, by=cast.agent, audience=cast.application.client_id, scope="read-data").status


def test_evidence_is_not_taken_where_the_exchange_is_on_already(
    target: Target, admin: Administration, oauth: OAuth, tmp_path: Path
) -> None:
    shipped = admin.provider()
    grants = [*admin.provider_grants(), TOKEN_EXCHANGE]
    admin.save_provider({**shipped, "advancedOAuth2Config": {**shipped["advancedOAuth2Config"], "grantTypes": grants}})
    world = build(target, admin, oauth, tmp_path)
    left = world.tear_down()
    still_on = TOKEN_EXCHANGE in admin.provider_grants()
    admin.save_provider(shipped)
    assert (world.exchange_while_off, left, still_on) == (None, [], True)


def test_evidence_does_not_count_when_another_run_was_quicker(
    target: Target, admin: Administration, oauth: OAuth, http: Http, tmp_path: Path
) -> None:
    shipped = admin.provider()

    class Quicker(Recorder):
        def sending(self, request: Request) -> None:
            if ("grant_type", TOKEN_EXCHANGE) in (request.form or ()):
                http.observers.remove(self)
                other.enable_provider_grants(TOKEN_EXCHANGE)

    other = Provisioning.begin(admin, tmp_path / "there")
    http.observers.append(Quicker())
    world = build(target, admin, oauth, tmp_path)
    assert world.exchange_while_off is None
    assert world.tear_down() == []
    assert TOKEN_EXCHANGE in admin.provider_grants()
    assert other.remove_all() == []
    assert admin.provider() == shipped


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError("anything")])
def test_interrupted_building_leaves_nothing(
    target: Target,
    admin: Administration,
    oauth: OAuth,
    http: Http,
    inventory: Inventory,
    tmp_path: Path,
    fault: BaseException,
) -> None:
    before = inventory()
    http.observers.append(Disturbance(lambda sent: sent.method == "PATCH", fault))
    with pytest.raises(type(fault)):
        build(target, admin, oauth, tmp_path)
    assert inventory() == before
    assert list(tmp_path.iterdir()) == []


def test_building_that_fails_names_what_it_leaves(
    target: Target, admin: Administration, oauth: OAuth, http: Http, tmp_path: Path
) -> None:
    class CutLine(Recorder):
        def received(self, answer: Answer) -> None:
            if answer.request.method in ("PATCH", "DELETE"):
                raise HarnessError("the line is cut")

    cut_line = CutLine()
    http.observers.append(cut_line)
    with pytest.raises(HarnessError) as raised:
        build(target, admin, oauth, tmp_path)
    http.observers.remove(cut_line)
    (note,) = raised.value.__notes__
    assert "reap" in note
    assert "barbara.jensen" in note
    assert reap(admin, tmp_path, confirmed=True) == 0


def test_worker_borrows_the_world(target: Target, admin: Administration, oauth: OAuth, tmp_path: Path) -> None:
    world = build(target, admin, oauth, tmp_path)
    borrowed = World.from_plain(json.loads(json.dumps(world.to_plain())))
    assert exchanged(oauth, borrowed, borrowed.cast.end_user) == 200
    assert borrowed.exchange_while_off == world.exchange_while_off
    assert borrowed.short_lived_agent_token == world.short_lived_agent_token
    assert borrowed.tear_down() == []
    assert exchanged(oauth, borrowed, borrowed.cast.end_user) == 200
    assert world.tear_down() == []


def test_world_made_by_hand_asks_the_tenant_nothing(http: Http, oauth: OAuth, sent: Recorder) -> None:
    admin = Administration(http, "https://tenant.example", "alpha", None)
    world = build(Target("https://tenant.example", "alpha", False, None, BY_HAND), admin, oauth)
    assert world.cast.agent.client_id == "agent"
    assert (world.exchange_while_off, world.tear_down(), sent.requests) == (None, [], [])


def test_service_account_beside_hand_made_actors_makes_nothing(
    target: Target, http: Http, oauth: OAuth, sent: Recorder
) -> None:
    admin = Administration(http, target.url, "alpha", target.service_account, read_only=True)
    world = build(replace(target, settings=BY_HAND), admin, oauth)
    assert world.cast.application.client_id == "app"
    assert sent.requests == []
