"""The cast: who takes part, and what is said about who is missing."""

from __future__ import annotations

import json

import pytest

from fixtures.cast import Cast, by_hand
from fixtures.tenant.actors import Agent, Application, Client, EndUser, Secret
from fixtures.tenant.errors import NotVerifiable

USER = EndUser("barbara.jensen", Secret("password"), "1234")
APPLICATION = Application("app", Secret("a"), ("openid", "read-data"), managed_id="5678")
AGENT = Agent("agent", Secret("b"), ("read-data",), identity_id="9", request_key=Secret("the-key"))


def test_actors_are_found_in_their_roles() -> None:
    cast = Cast(end_user=USER, application=APPLICATION, agent=AGENT, group="members")
    assert (cast.end_user, cast.application, cast.agent, cast.group) == (USER, APPLICATION, AGENT, "members")
    assert cast.find("second_agent") is None


def test_missing_actor_is_explained_by_the_variables_that_name_one() -> None:
    with pytest.raises(NotVerifiable) as raised:
        _ = Cast().uncovered_user
    assert str(raised.value) == (
        "needs a second end user: set OBO_SECOND_END_USER_USERNAME and OBO_SECOND_END_USER_PASSWORD, "
        "or use a service account that makes one (OBO_SERVICE_ACCOUNT_ID), without the hand-made variables"
    )


def test_actor_that_only_the_suite_makes() -> None:
    with pytest.raises(NotVerifiable, match=r"use a service account .*OBO_SERVICE_ACCOUNT_ID"):
        _ = Cast().other_group_user


def test_no_service_account_helps_at_a_server_that_is_no_tenant() -> None:
    cast = Cast()
    cast.administrable = False
    with pytest.raises(NotVerifiable, match=r"OBO_SECOND_END_USER_PASSWORD$"):
        _ = cast.uncovered_user
    with pytest.raises(NotVerifiable, match=r"only a tenant's service account makes one \(OBO_TENANT_URL\)$"):
        _ = cast.other_group_user


@pytest.mark.parametrize("role", [role.name for role in Cast.roles()])
def test_every_role_explains_itself(role: str) -> None:
    with pytest.raises(NotVerifiable, match=r"^needs "):
        getattr(Cast(), role)


def test_unknown_role() -> None:
    with pytest.raises(TypeError, match="understudy"):
        Cast(understudy=USER)


def test_cast_survives_as_plain_form() -> None:
    cast = Cast(end_user=USER, application=APPLICATION, agent=AGENT, group="members")
    again = Cast.from_plain(json.loads(json.dumps(cast.to_plain())))
    assert [again.find(role.name) for role in Cast.roles()] == [cast.find(role.name) for role in Cast.roles()]
    assert "password" not in repr(again.end_user).replace("password=", "")
    assert "the-key" not in repr(again.agent)
    assert again.request_keys == ["the-key"]


def test_cast_made_by_hand() -> None:
    cast = by_hand(
        end_user=USER,
        application=Client("app", Secret("a"), ("openid",)),
        agent=Client("agent", Secret("b")),
        second_end_user=None,
        second_application=Client("other", Secret("c"), ("openid", "q-only")),
        second_agent=None,
    )
    assert cast.application == Application("app", Secret("a"), ("openid",))
    assert cast.foreign_scope == "q-only"
    assert cast.client_ids_but_agent == ["app", "other"]
    assert cast.applications_beyond_privilege == ["other"]


def test_secrets_of_the_cast_are_all_there_and_no_empty_one() -> None:
    cast = Cast(end_user=USER, application=APPLICATION, public_client=Client("public", Secret()), group="members")
    assert cast.secrets == ["password", "a"]


def test_second_application_without_a_scope_of_its_own() -> None:
    cast = Cast(application=APPLICATION, second_application=Application("other", Secret("c"), ("openid",)))
    with pytest.raises(NotVerifiable, match="OBO_SECOND_APPLICATION_SCOPES"):
        _ = cast.foreign_scope


def test_users_are_known_by_uuid_and_user_name() -> None:
    cast = Cast(end_user=EndUser("barbara", Secret("p"), "uuid"), uncovered_user=EndUser("victor", Secret("p")))
    assert cast.user_identifiers == {"barbara", "uuid", "victor"}
