"""Managed objects: create, read, replace, patch, delete, and the policies they must meet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_server.administrator import Administrator, fresh_name, fresh_uuid


def test_a_new_user_gets_an_id_and_shows_unset_properties_as_null(admin: Administrator) -> None:
    name = fresh_name("user")
    document = {"userName": name, "givenName": "A", "sn": "User", "mail": "a@example.com", "password": "Pa55word"}

    created = admin.managed("POST", "user?_action=create", document)

    user = created.json()
    assert created.status_code == 201
    assert created.headers["location"].endswith(f"/openidm/managed/alpha_user/{user['_id']}")
    assert created.headers["etag"] == f'"{user["_rev"]}"'
    assert (user["accountStatus"], user["telephoneNumber"], user["aliasList"]) == ("active", None, [])


def test_a_password_is_never_shown_and_kept_as_a_digest(admin: Administrator) -> None:
    user = admin.user(password="Pa55word")
    managed = admin.server.tenant.managed

    shown = admin.managed("GET", f"user/{user}?_fields=*,password").text

    assert "assword" not in shown.replace("passwordLastChangedTime", "").replace("passwordExpirationTime", "")
    assert admin.query("user", 'password eq "Pa55word"')["result"] == []
    assert managed.password_matches("alpha_user", user, "Pa55word")
    assert not managed.password_matches("alpha_user", user, "pa55word")
    assert "Pa55word" not in repr(managed.get("alpha_user", user))


def test_a_password_survives_a_replacement_and_can_be_patched(admin: Administrator) -> None:
    user = admin.user(password="Pa55word")
    managed = admin.server.tenant.managed

    admin.managed("PUT", f"user/{user}", admin.managed("GET", f"user/{user}").json())
    assert managed.password_matches("alpha_user", user, "Pa55word")
    changed = [{"operation": "replace", "field": "/password", "value": "An0ther-one"}]
    assert admin.managed("PATCH", f"user/{user}", changed).status_code == 200
    assert managed.password_matches("alpha_user", user, "An0ther-one")


@pytest.mark.parametrize(
    ("changes", "prop", "requirement"),
    [
        ({"mail": None}, "mail", "REQUIRED"),
        ({"sn": ""}, "sn", "REQUIRED"),
        ({"mail": "nobody"}, "mail", "VALID_EMAIL_ADDRESS_FORMAT"),
        ({"userName": "a/b"}, "userName", "CANNOT_CONTAIN_CHARACTERS"),
        ({"userName": "x" * 256}, "userName", "MAXIMUM_LENGTH"),
        ({"password": "Sh0rt"}, "password", "MINIMUM_LENGTH"),
        ({"password": "only letters"}, "password", "AT_LEAST_X_CHARACTER_CLASSES"),
        ({"givenName": 7}, "givenName", "VALID_TYPE"),
        ({"groups": {"_ref": "managed/alpha_group/x"}}, "groups", "VALID_TYPE"),
    ],
)
def test_a_user_must_meet_the_policies(
    admin: Administrator, changes: dict[str, Any], prop: str, requirement: str
) -> None:
    name = fresh_name("user")
    document = {"userName": name, "givenName": "A", "sn": "User", "mail": "a@example.com"} | changes

    refused = admin.managed("POST", "user?_action=create", document)

    assert refused.status_code == 403
    assert refused.json()["message"] == "Failed policy validation"
    (failure,) = refused.json()["detail"]["failedPolicyRequirements"]
    assert failure["property"] == prop
    assert [item["policyRequirement"] for item in failure["policyRequirements"]] == [requirement]


def test_user_names_are_unique_whatever_their_case(admin: Administrator) -> None:
    name = fresh_name("user")
    first = admin.user(userName=name)

    document = {"userName": name.upper(), "givenName": "A", "sn": "User", "mail": "a@example.com"}
    refused = admin.managed("POST", "user?_action=create", document)
    assert refused.json()["detail"]["failedPolicyRequirements"] == [
        {"policyRequirements": [{"policyRequirement": "UNIQUE"}], "property": "userName"}
    ]
    admin.managed("DELETE", f"user/{first}")
    assert admin.managed("POST", "user?_action=create", document).status_code == 201


def test_ids_of_users_are_uuids_and_those_of_groups_their_names(admin: Administrator) -> None:
    user = {"userName": fresh_name("user"), "givenName": "A", "sn": "User", "mail": "a@example.com"}
    assert admin.managed("PUT", "user/barbara", user).status_code == 400
    assert admin.managed("PUT", f"user/{fresh_uuid()}", user).status_code == 201

    refused = admin.managed("PUT", "group/one", {"name": "other"})
    assert refused.status_code == 403
    name = fresh_name("Crew Member")
    created = admin.managed("POST", "group?_action=create", {"name": name})
    assert created.json()["_id"] == name
    assert created.headers["location"].endswith(name.replace(" ", "%20"))


def test_an_application_shows_only_what_is_set(admin: Administrator) -> None:
    created = admin.managed("POST", "application?_action=create", {"name": fresh_name("app"), "url": None, "icon": ""})

    assert set(created.json()) == {"_id", "_rev", "name", "icon"}


def test_what_does_not_exist_is_answered_in_the_words_of_the_directory(admin: Administrator) -> None:
    unknown = admin.managed("GET", "user/nobody")

    assert unknown.status_code == 404
    assert unknown.json()["message"] == (
        "No Such Entry: The search base entry &#39;fr-idm-uuid&#61;nobody,ou&#61;user,o&#61;alpha,o&#61;root,"
        "ou&#61;identities&#39; does not exist"
    )
    assert admin.managed("GET", "unicorn/x").json()["message"] == "Not Found"
    assert admin.send("GET", "/openidm/nothing").status_code == 404


def test_create_only_is_refused_on_a_known_id(admin: Administrator) -> None:
    path = f"application/{fresh_uuid()}"
    document = {"name": fresh_name("app")}
    assert admin.managed("PUT", path, document, if_none_match="*").status_code == 201

    refused = admin.managed("PUT", path, document, if_none_match="*")

    assert refused.status_code == 412
    assert refused.json()["message"].startswith("Entry Already Exists: The entry &#39;fr-idm-uuid&#61;")
    again = admin.managed("POST", "application?_action=create", {**document, "_id": path.rpartition("/")[2]})
    assert again.status_code == 412


def test_a_write_that_rests_on_an_old_revision_is_refused(admin: Administrator) -> None:
    path = f"application/{fresh_uuid()}"
    document = {"name": fresh_name("app")}
    revision = admin.managed("PUT", path, document).json()["_rev"]
    rename = [{"operation": "replace", "field": "/name", "value": fresh_name("app")}]

    assert admin.managed("PATCH", path, rename, if_match=f'"{revision}"').status_code == 200
    assert admin.managed("PATCH", path, rename, if_match=f'"{revision}"').status_code == 412
    assert admin.managed("PUT", path, document, if_match=f'"{revision}"').status_code == 412
    assert admin.managed("DELETE", path, if_match=f'"{revision}"').status_code == 412
    assert admin.managed("DELETE", path, if_match="*").status_code == 200
    assert admin.managed("PUT", path, document, if_match="*").status_code == 404


def test_a_replacement_drops_what_it_does_not_mention_and_keeps_the_revision_without_a_change(
    admin: Administrator,
) -> None:
    path = f"application/{fresh_uuid()}"
    document = {"name": fresh_name("app"), "description": "First"}
    created = admin.managed("PUT", path, document).json()

    same = admin.managed("PUT", path, document)
    assert (same.status_code, same.json(), same.headers["x-not-modified"]) == (200, created, "true")
    replaced = admin.managed("PUT", path, {"name": document["name"]})
    assert "description" not in replaced.json()
    assert "x-not-modified" not in replaced.headers


def test_a_patch_adds_replaces_and_removes(admin: Administrator) -> None:
    user = admin.user(aliasList=["a"], description="Old")

    patched = admin.managed(
        "PATCH",
        f"user/{user}",
        [
            {"operation": "replace", "field": "/description", "value": "New"},
            {"operation": "add", "field": "/aliasList/-", "value": "b"},
            {"operation": "add", "field": "/aliasList", "value": ["b", "c"]},
            {"operation": "remove", "field": "/aliasList", "value": "a"},
            {"operation": "add", "field": "/preferences/updates", "value": True},
            {"operation": "add", "field": "/frIndexedMultivalued1/-", "value": "first"},
            {"operation": "remove", "field": "/telephoneNumber"},
        ],
    ).json()

    assert patched["description"] == "New"
    assert patched["aliasList"] == ["b", "c"]
    assert patched["preferences"] == {"updates": True}
    assert patched["frIndexedMultivalued1"] == ["first"]
    unchanged = admin.managed("PATCH", f"user/{user}", [{"operation": "remove", "field": "/city"}])
    assert unchanged.headers["x-not-modified"] == "true"
    assert unchanged.json()["_rev"] == patched["_rev"]


def test_a_patch_changes_all_or_nothing(admin: Administrator) -> None:
    user = admin.user(description="Old")
    operations = [
        {"operation": "replace", "field": "/description", "value": "New"},
        {"operation": "remove", "field": "/mail"},
    ]

    assert admin.managed("PATCH", f"user/{user}", operations).status_code == 403
    assert admin.managed("GET", f"user/{user}").json()["description"] == "Old"


@pytest.mark.parametrize(
    "operations",
    [
        {},
        ["replace"],
        [{"operation": "rename", "field": "/sn"}],
        [{"operation": "add", "value": "x"}],
        [{"operation": "add", "field": "/"}],
        [{"operation": "replace", "field": "/aliasList/9", "value": "x"}],
        [{"operation": "add", "field": "/sn/x", "value": "x"}],
        [{"operation": "add", "field": "/groups/-", "value": "x"}],
        [{"operation": "add", "field": "/groups/-", "value": {"_ref": "managed/alpha_group/nobody-made-it"}}],
        [{"operation": "add", "field": "/groups/-", "value": {"_ref": "managed/alpha_user/wrong-type"}}],
    ],
    ids=str,
)
def test_a_patch_that_makes_no_sense_is_refused(admin: Administrator, operations: Any) -> None:
    assert admin.managed("PATCH", f"user/{admin.user(aliasList=['a'])}", operations).status_code == 400


def test_a_deleted_object_is_shown_once_more(admin: Administrator) -> None:
    application = admin.application("some-client")

    deleted = admin.managed("DELETE", f"application/{application}")

    assert deleted.json()["ssoEntities"] == {"oidcId": "some-client"}
    assert admin.managed("GET", f"application/{application}").status_code == 404
    assert admin.managed("DELETE", f"application/{application}").status_code == 404


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"name": NaN}', '{"name": "\\ud800"}', '{"_id": 5, "name": "x"}']
)
def test_bodies_of_the_wrong_kind_do_no_harm(admin: Administrator, body: str) -> None:
    headers = {"authorization": f"Bearer {admin.token}"}

    answer = admin.http.post("/openidm/managed/alpha_group?_action=create", content=body, headers=headers)

    assert answer.status_code in (201, 400)
    assert answer.json()


def test_realms_are_strictly_apart(admin: Administrator) -> None:
    bravo = Administrator(admin.server, admin.http, "bravo")
    user = admin.user()

    assert bravo.managed("GET", f"user/{user}").status_code == 404
    assert bravo.query("user", "true")["result"] == []
    assert bravo.managed("PUT", "group/g", {"name": "g", "members": [admin.ref("user", user)]}).status_code == 400


def test_a_schema_tells_the_properties_of_a_type(admin: Administrator) -> None:
    schema = admin.send("GET", "/openidm/schema/managed/bravo_aiagentprivilege").json()

    assert set(schema) == {
        *("$schema", "icon", "order", "properties", "required", "title", "type", "resourceCollection"),
    }
    assert schema["required"] == ["agent"]
    assert schema["title"] == "Bravo realm - AI Agent Privilege"
    assert schema["properties"]["subjects"]["items"]["resourceCollection"][0]["path"] == "managed/bravo_user"
    assert admin.send("GET", "/openidm/schema/managed/alpha_unicorn").status_code == 404
