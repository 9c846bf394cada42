"""Defects of how privileges are looked up, judged and saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.reference_server.defects.cases import GRANTED, REFUSED, Case, check, defects_in, own_token, robot
from tests.reference_server.oauth.administration import Client, Json
from tests.reference_server.oauth.world import Guide, token_of


def exchange(guide: Guide, by: Client, scope: str = "read-data", user_token: str | None = None) -> int:
    return guide.exchange(user_token or guide.user_token(), by, guide.app, scope).status_code


def exchange_without_a_privilege(guide: Guide) -> int:
    return exchange(guide, guide.agent("unprivileged"))


def exchange_for_another_application(guide: Guide) -> int:
    second = guide.application("second-app")
    return guide.exchange(guide.user_token(), guide.assistant, second, "read-data").status_code


def exchange_for_a_combination_of_privileges(guide: Guide) -> list[int]:
    yolanda, second = guide.user("yolanda"), guide.application("second-app")
    guide.privilege(guide.assistant, second, subjects=[yolanda], scopes=["write-data"])
    yolandas = token_of(guide.login(yolanda, second))
    return [exchange(guide, guide.assistant, "write-data"), exchange(guide, guide.assistant, "read-data", yolandas)]


def exchange_by_a_privilege_that_selects_nobody(*scopes: str) -> Callable[[Guide], int]:
    def observe(guide: Guide) -> int:
        agent = guide.agent("second-agent")
        guide.privilege(agent, guide.app, scopes=scopes)
        return exchange(guide, agent)

    return observe


def exchange_for_a_stranger(guide: Guide) -> int:
    return exchange(guide, guide.assistant, user_token=token_of(guide.login(guide.user("stranger"), guide.app)))


def exchange_for_members(guide: Guide) -> list[int]:
    """Of a user selected, a member of the selected group, a member of another one."""
    member, visitor = guide.user("member"), guide.user("visitor")
    staff, _ = guide.group("staff", member), guide.group("visitors", visitor)
    guide.patch("aiagentprivilege", guide.read_only, "subjectGroups", [guide.reference("group", staff)])
    tokens = [token_of(guide.login(user, guide.app)) for user in (guide.barbara, member, visitor)]
    return [exchange(guide, guide.assistant, user_token=token) for token in tokens]


def exchange_for_an_unselected_scope(guide: Guide) -> int:
    return exchange(guide, guide.assistant, "write-data")


def exchange_with_empty_permissions(guide: Guide) -> list[int]:
    """For one of the application's scopes and for an invented one."""
    agent = guide.agent("second-agent")
    guide.privilege(agent, guide.app, subjects=[guide.barbara])
    return [exchange(guide, agent, scope) for scope in ("write-data", "invented")]


def exchange_by_a_recreated_agent(guide: Guide) -> int:
    guide.delete_client(guide.assistant, kind="AIAgent")
    return exchange(guide, guide.agent(guide.assistant.id))


def groups_after_another_save(guide: Guide) -> int:
    guide.patch("aiagentprivilege", guide.read_only, "subjectGroups", [guide.reference("group", guide.group("staff"))])
    guide.patch("aiagentprivilege", guide.read_only, "description", "changed")
    path = guide.managed("aiagentprivilege", guide.read_only)
    return len(guide.administer("GET", f"{path}/subjectGroups?_queryFilter=true")["result"])


def permissions_once_saved(guide: Guide) -> list[Json]:
    wanted = [{"type": "scopes", "values": ["read-data", "x-custom"]}]
    guide.patch("aiagentprivilege", guide.read_only, "permissions", wanted)
    saved: list[Json] = guide.administer("GET", guide.managed("aiagentprivilege", guide.read_only))["permissions"]
    return [item["values"] for item in saved]


def exchange_of_an_own_token(guide: Guide) -> int:
    agent = robot(guide)
    return exchange(guide, agent, user_token=own_token(guide, agent))


CASES = {
    "privilege-not-required": Case(exchange_without_a_privilege, REFUSED, GRANTED),
    "privilege-any-app-suffices": Case(exchange_for_another_application, REFUSED, GRANTED),
    "privileges-pooled": Case(exchange_for_a_combination_of_privileges, [REFUSED] * 2, [GRANTED] * 2),
    "half-saved-privilege-is-live": Case(exchange_by_a_privilege_that_selects_nobody(), REFUSED, GRANTED),
    "subjects-not-enforced": Case(exchange_for_a_stranger, REFUSED, GRANTED),
    "any-group-membership-suffices": Case(exchange_for_members, [GRANTED, GRANTED, REFUSED], [GRANTED] * 3),
    "empty-subjects-means-everyone": Case(exchange_by_a_privilege_that_selects_nobody("read-data"), REFUSED, GRANTED),
    "permissions-not-enforced": Case(exchange_for_an_unselected_scope, REFUSED, GRANTED),
    "empty-permissions-means-anything": Case(exchange_with_empty_permissions, [GRANTED, REFUSED], [GRANTED] * 2),
    "agent-recreate-inherits-privileges": Case(exchange_by_a_recreated_agent, REFUSED, GRANTED),
    "agent-default-allow": Case(exchange_without_a_privilege, REFUSED, GRANTED),
    "subject-groups-ignored": Case(exchange_for_members, [GRANTED, GRANTED, REFUSED], [GRANTED, REFUSED, REFUSED]),
    "subjects-and-groups-intersected": Case(exchange_for_members, [GRANTED, GRANTED, REFUSED], [REFUSED] * 3),
    "empty-permissions-means-none": Case(exchange_with_empty_permissions, [GRANTED, REFUSED], [REFUSED] * 2),
    "privilege-save-loses-groups": Case(groups_after_another_save, 1, 0),
    "custom-permission-dropped": Case(permissions_once_saved, [["read-data", "x-custom"]], [["read-data"]]),
    "autonomous-skips-privilege": Case(exchange_of_an_own_token, REFUSED, GRANTED),
}


@pytest.mark.parametrize("name", CASES)
def test_the_defect_shows(name: str) -> None:
    check(name, CASES[name])


def test_every_defect_is_shown() -> None:
    assert set(CASES) == defects_in("privileges")
