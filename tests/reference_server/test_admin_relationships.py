"""Relationships between managed objects, seen from both sides, and the properties computed from them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_server.administrator import Administrator, fresh_name, fresh_uuid

FIELDS = (
    "_fields=_id,agent,agentID,agentOAuth2ClientId,permissions,resource,resourceData,subjectGroups,subjectIDs,subjects"
)
READ = [{"type": "scopes", "values": ["read-data"]}]


def test_a_privilege_tells_agent_application_and_subjects(admin: Administrator) -> None:
    agent = admin.agent()
    uid = agent["aiAgentIdentityUid"]["value"]
    application = admin.application("web-app")
    direct, member = admin.user(), admin.user()
    group = admin.group(member, direct)

    privilege = admin.privilege(
        uid,
        permissions=READ,
        resource=admin.ref("application", application),
        subjects=[admin.ref("user", direct)],
        subjectGroups=[admin.ref("group", group)],
    )

    shown = admin.managed("GET", f"aiagentprivilege/{privilege}").json()
    assert shown["agentID"] == uid
    assert shown["agentOAuth2ClientId"] == agent["_id"]
    assert sorted(shown["subjectIDs"]) == sorted([direct, member])
    assert shown["permissions"] == READ
    assert (
        shown["resourceData"].items()
        >= {
            "_id": application,
            "ssoEntities": {"oidcId": "web-app"},
            "_refResourceCollection": "managed/alpha_application",
            "_refResourceId": application,
            "_ref": f"managed/alpha_application/{application}",
        }.items()
    )
    assert not shown.keys() & {"agent", "resource", "subjects", "subjectGroups"}


def test_a_privilege_is_built_up_by_patches_as_the_console_does(admin: Administrator) -> None:
    uid = admin.agent()["aiAgentIdentityUid"]["value"]
    application, user = admin.application("web-app"), admin.user()
    path = f"aiagentprivilege/{admin.privilege(uid, permissions=READ)}"
    before = admin.managed("GET", path).json()
    assert (before["subjectIDs"], before["resourceData"], before["description"]) == ([], {}, None)

    same = [{"operation": "replace", "field": "/agent", "value": admin.ref("aiagent", uid)}]
    assert admin.managed("PATCH", path, same).headers["x-not-modified"] == "true"
    resource = [{"operation": "replace", "field": "/resource", "value": admin.ref("application", application)}]
    subjects = [{"operation": "replace", "field": "/subjects", "value": [admin.ref("user", user)]}]
    admin.managed("PATCH", path, resource)
    after = admin.managed("PATCH", path, subjects).json()

    assert after["resourceData"]["_id"] == application
    assert after["subjectIDs"] == [user]
    assert after["_rev"] != before["_rev"]


def test_both_sides_show_the_same_relationship(admin: Administrator) -> None:
    user = admin.user()
    group = admin.group(user)

    (member,) = admin.managed("GET", f"group/{group}?_fields=members").json()["members"]
    (membership,) = admin.managed("GET", f"user/{user}?_fields=groups").json()["groups"]

    assert member.items() >= admin.ref("user", user).items()
    assert membership.items() >= admin.ref("group", group).items()
    assert member["_refProperties"] == membership["_refProperties"]


def test_a_relationship_can_be_appended_to_and_taken_from_by_value(admin: Administrator) -> None:
    first, second = admin.user(), admin.user()
    group = admin.group(first)

    add = [{"operation": "add", "field": "/members/-", "value": admin.ref("user", second)}]
    admin.managed("PATCH", f"group/{group}", add)
    assert admin.managed("PATCH", f"group/{group}", add).headers["x-not-modified"] == "true"
    element = admin.managed("GET", f"group/{group}?_fields=members").json()["members"][0]
    admin.managed("PATCH", f"group/{group}", [{"operation": "remove", "field": "/members", "value": element}])

    assert admin.server.tenant.managed.related("alpha_group", group, "members") == [second]
    admin.managed("PATCH", f"group/{group}", [{"operation": "replace", "field": "/members", "value": []}])
    assert admin.managed("GET", f"user/{second}?_fields=groups").json()["groups"] == []


def test_references_are_paths_and_encode_what_a_path_can_not_hold(admin: Administrator) -> None:
    name, user = fresh_name("Crew Member"), admin.user()
    admin.managed("POST", "group?_action=create", {"name": name})
    encoded = {"_ref": f"managed/alpha_group/{name.replace(' ', '%20')}"}

    admin.managed("PATCH", f"user/{user}", [{"operation": "add", "field": "/groups/-", "value": encoded}])

    (shown,) = admin.managed("GET", f"user/{user}?_fields=groups").json()["groups"]
    assert (shown["_ref"], shown["_refResourceId"]) == (encoded["_ref"], name)
    admin.managed("PATCH", f"user/{user}", [{"operation": "remove", "field": "/groups", "value": shown}])
    assert admin.managed("GET", f"user/{user}?_fields=groups").json()["groups"] == []


def test_membership_changes_show_at_once_in_the_privilege(admin: Administrator) -> None:
    user, group = admin.user(), admin.group()
    uid = admin.agent()["aiAgentIdentityUid"]["value"]
    path = f"aiagentprivilege/{admin.privilege(uid, subjectGroups=[admin.ref('group', group)])}"

    membership = {"field": "/groups/-", "value": admin.ref("group", group)}
    admin.managed("PATCH", f"user/{user}", [{"operation": "add", **membership}])
    assert admin.managed("GET", path).json()["subjectIDs"] == [user]
    admin.managed("DELETE", f"user/{user}")
    assert admin.managed("GET", path).json()["subjectIDs"] == []


def test_an_object_in_place_of_a_list_is_refused_with_the_recorded_answer(admin: Administrator) -> None:
    privilege = admin.privilege(admin.agent()["aiAgentIdentityUid"]["value"])
    application = admin.application("web-app")
    value = admin.ref("aiagentprivilege", privilege)

    refused = admin.managed(
        "PATCH", f"application/{application}", [{"operation": "add", "field": "/aiagentprivileges", "value": value}]
    )

    assert refused.status_code == 403
    requirement = {"params": {"invalidType": "object", "validTypes": ["array"]}, "policyRequirement": "VALID_TYPE"}
    assert refused.json()["detail"] == {
        "result": False,
        "failedPolicyRequirements": [{"policyRequirements": [requirement], "property": "aiagentprivileges"}],
    }


def test_a_privilege_needs_an_agent(admin: Administrator) -> None:
    refused = admin.managed("PUT", f"aiagentprivilege/{fresh_uuid()}", {"permissions": READ})
    assert refused.status_code == 403
    assert refused.json()["detail"]["failedPolicyRequirements"][0]["property"] == "agent"

    path = f"aiagentprivilege/{admin.privilege(admin.agent()['aiAgentIdentityUid']['value'])}"
    assert admin.managed("PATCH", path, [{"operation": "remove", "field": "/agent"}]).status_code == 403
    assert admin.managed("PUT", path, {"permissions": READ}).status_code == 200
    assert admin.managed("PUT", path, {"permissions": [{"type": "scopes"}]}).status_code == 403


@pytest.mark.parametrize("values", [5, None, "read-data", {"read-data": 1}, [5], [{}], [["read-data"]]])
def test_permissions_are_lists_of_words(admin: Administrator, values: Any) -> None:
    """Anything else could be saved, and broke the next exchange."""
    path = f"aiagentprivilege/{admin.privilege(admin.agent()['aiAgentIdentityUid']['value'], permissions=READ)}"
    change = {"operation": "replace", "field": "/permissions", "value": [{"type": "scopes", "values": values}]}
    refused = admin.managed("PATCH", path, [change])
    assert refused.status_code == 403
    assert refused.json()["detail"]["failedPolicyRequirements"][0]["property"] == "permissions"


def test_a_privilege_outlives_its_application_but_loses_it(admin: Administrator) -> None:
    application = admin.application("web-app")
    uid = admin.agent()["aiAgentIdentityUid"]["value"]
    path = f"aiagentprivilege/{admin.privilege(uid, resource=admin.ref('application', application))}"

    admin.managed("DELETE", f"application/{application}")

    shown = admin.managed("GET", f"{path}?{FIELDS}").json()
    assert (shown["resource"], shown["resourceData"]) == (None, {})


def test_the_privileges_of_an_agent_are_a_collection(admin: Administrator) -> None:
    agent = admin.agent()
    uid = agent["aiAgentIdentityUid"]["value"]
    user = admin.user()
    privileges = {admin.privilege(uid, subjects=[admin.ref("user", user)]) for _ in range(3)}

    found = admin.query(f"aiagent/{uid}/privileges?{FIELDS}", "true", _pageSize=1000)
    whole = admin.managed("GET", f"aiagent/{uid}/privileges?_queryFilter=true&{FIELDS}").json()

    assert found["resultCount"] == 3
    assert {item["_refResourceId"] for item in whole["result"]} == privileges
    for item in whole["result"]:
        assert item["_ref"] == f"managed/alpha_aiagentprivilege/{item['_refResourceId']}"
        assert item["_refProperties"] == {"_id": item["_id"], "_rev": item["_rev"]}
        assert item["_refResourceRev"]
        assert item["agentOAuth2ClientId"] == agent["_id"]
        assert item["subjectIDs"] == [user]
        assert item["resource"] is None


def test_a_to_one_relationship_moves_when_the_other_side_claims_it(admin: Administrator) -> None:
    first, second = (admin.agent()["aiAgentIdentityUid"]["value"] for _ in range(2))
    privilege = admin.privilege(first)
    assert admin.managed("GET", f"aiagentprivilege/{privilege}/agent").json()["_refResourceId"] == first

    claim = [{"operation": "add", "field": "/privileges/-", "value": admin.ref("aiagentprivilege", privilege)}]
    admin.managed("PATCH", f"aiagent/{second}", claim)

    assert admin.managed("GET", f"aiagentprivilege/{privilege}").json()["agentID"] == second
    assert admin.managed("GET", f"aiagent/{first}?_fields=privileges").json()["privileges"] == []


def test_fields_reach_into_related_objects_and_members(admin: Administrator) -> None:
    name = fresh_name("user")
    user = admin.user(userName=name)
    group = admin.group(user)
    application = admin.application("web-app")

    (member,) = admin.managed("GET", f"group/{group}?_fields=members/userName,members/sn").json()["members"]
    assert (member["userName"], member["sn"]) == (name, "User")
    everything = admin.managed("GET", f"group/{group}?_fields=*,*_ref").json()
    assert everything.keys() == {"_id", "_rev", "name", "description", "condition", "members", "aiagentprivileges"}
    nested = admin.managed("GET", f"application/{application}?_fields=ssoEntities/oidcId").json()
    assert nested["ssoEntities/oidcId"] == "web-app"


def test_owners_are_a_one_way_relationship(admin: Administrator) -> None:
    uid = admin.agent()["aiAgentIdentityUid"]["value"]
    owner = admin.user()

    patched = admin.managed(
        "PATCH", f"aiagent/{uid}", [{"operation": "replace", "field": "/owners", "value": [admin.ref("user", owner)]}]
    )

    assert patched.json().keys() == {"_id", "_rev", "oauth2ClientId", "name", "description", "customAttributes"}
    shown = admin.managed("GET", f"aiagent/{uid}?_fields=_id,name,oauth2ClientId,owners,privileges").json()
    assert [item["_refResourceId"] for item in shown["owners"]] == [owner]
    assert "oauth2ClientId" not in admin.managed("GET", f"aiagent/{uid}").json()
    admin.managed("DELETE", f"user/{owner}")
    assert admin.managed("GET", f"aiagent/{uid}?_fields=owners").json()["owners"] == []
