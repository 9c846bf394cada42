"""The workshop changes what a scenario made, each time nothing else, and takes it away whatever became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.tenant.actors import Agent, Application, EndUser, Secret
from fixtures.tenant.admin import Administration
from fixtures.tenant.console import ADVANCED, CORE, value_of
from fixtures.tenant.errors import NotVerifiable
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import CLIENT_CREDENTIALS, PASSWORD
from fixtures.tenant.workshop import Workshop

Inventory = Callable[[], dict[str, Any]]


@pytest.fixture
def workshop(admin: Administration, inventory: Inventory, tmp_path: Path) -> Iterator[Workshop]:
    before = inventory()
    with Workshop.begin(admin, tmp_path) as workshop:
        yield workshop
    assert inventory() == before


@pytest.fixture
def user(workshop: Workshop) -> EndUser:
    return workshop.create_user("own-user")


@pytest.fixture
def application(workshop: Workshop) -> Application:
    return workshop.create_application(scopes=["openid"], grants=[PASSWORD])


@pytest.fixture
def agent(workshop: Workshop) -> Agent:
    return workshop.configure_agent(workshop.create_agent())


@pytest.fixture
def privilege(workshop: Workshop, agent: Agent, application: Application, user: EndUser) -> str:
    privilege = workshop.create_privilege(agent, application)
    workshop.complete_privilege(privilege, subjects=[user], permissions=["openid"])
    return privilege


def test_a_secret_is_changed_and_nothing_else(workshop: Workshop, oauth: OAuth, agent: Agent) -> None:
    again = workshop.change_secret(agent)
    assert oauth.introspect("x", by=agent).status == 400
    assert oauth.introspect("x", by=again).status == 200
    stored = workshop.admin.agent(agent.client_id) or {}
    assert value_of(stored, ADVANCED, "tokenEndpointAuthMethod") == "client_secret_post"


def test_clients_are_switched_off(workshop: Workshop, oauth: OAuth, agent: Agent, application: Application) -> None:
    workshop.deactivate_agent(agent)
    workshop.deactivate_client(application)
    for client, document in (
        (agent, workshop.admin.agent(agent.client_id)),
        (application, workshop.admin.client(application.client_id)),
    ):
        assert value_of(document or {}, CORE, "status") == "Inactive"
        assert oauth.introspect("x", by=client).members["error"] == "invalid_client"


def test_subjects_and_members_are_replaced(workshop: Workshop, privilege: str, user: EndUser) -> None:
    group = workshop.create_group("own-group", [user])
    for users in ([], [user]):
        workshop.set_subjects(privilege, users)
        workshop.set_members(group, users)
        saved = workshop.admin.read("aiagentprivilege", privilege, ["subjects", "permissions"]) or {}
        members = (workshop.admin.read("group", group, ["members"]) or {})["members"]
        assert [found["_refResourceId"] for found in saved["subjects"]] == [each.id for each in users]
        assert [found["_refResourceId"] for found in members] == [each.id for each in users]
        assert saved["permissions"][0]["values"] == ["openid"]


def test_what_a_scenario_deleted_is_not_missed(
    workshop: Workshop, user: EndUser, agent: Agent, application: Application, privilege: str
) -> None:
    workshop.delete_privilege(privilege)
    workshop.delete_user(user)
    workshop.delete_agent(agent)
    workshop.delete_client(application)
    assert workshop.admin.read("application", application.managed_id or "")
    workshop.delete_application(application)
    assert len(workshop.journal.open_entries()) == 5
    assert workshop.remove_all() == []


def test_default_scopes_are_set_on_both_clients(workshop: Workshop, application: Application, agent: Agent) -> None:
    workshop.set_default_scopes(application, agent, ["openid"])
    saved = [workshop.admin.client(application.client_id) or {}, workshop.admin.agent(agent.client_id) or {}]
    assert [value_of(document, CORE, "defaultScopes") for document in saved] == [["openid"]] * 2
    assert value_of(saved[0], CORE, "scopes") == ["openid"]
    assert workshop.findings == []


def test_a_secret_of_ones_own_choice(admin: Administration, oauth: OAuth, tmp_path: Path) -> None:
    with Workshop.begin(admin, tmp_path) as workshop:
        secret = Secret('chosen-0001 +&=%:é"\\')
        client = workshop.create_client("own", grants=[CLIENT_CREDENTIALS], scopes=["a"], client_secret=secret)
        assert client.client_secret == secret
        assert oauth.client_credentials(by=client, scope="a").status == 200


def test_what_a_policy_forbids_can_not_be_verified(admin: Administration, tmp_path: Path) -> None:
    with (
        Workshop.begin(admin, tmp_path) as workshop,
        pytest.raises(NotVerifiable, match="takes no such password"),
        workshop.making("such password"),
    ):
        workshop.create_user("own", password=Secret("short"))
    assert list(tmp_path.iterdir()) == []


def test_a_user_name_is_free_again_after_deletion(workshop: Workshop, admin: Administration) -> None:
    user = workshop.create_user("own-user")
    workshop.delete_user(user)
    again = workshop.create_user("own-user")
    assert (again.username, again.id == user.id) == (user.username, False)
    assert admin.read("user", user.id or "") is None


def test_a_renamed_user_is_the_same_account(workshop: Workshop, admin: Administration) -> None:
    user = workshop.create_user("own-user")
    renamed = workshop.rename_user(user, "renamed-user")
    assert renamed.id == user.id
    assert (admin.read("user", user.id or "") or {})["userName"] == renamed.username != user.username
    workshop.create_user("own-user")
