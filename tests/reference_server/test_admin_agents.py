"""OAuth2 clients and AI agents of a realm (`agents/OAuth2Client`, `agents/AIAgent`)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_server.administrator import Administrator, agent_document, fresh_name, fresh_uuid, unwrapped

CORE, ADVANCED, OVERRIDES = "coreOAuth2ClientConfig", "advancedOAuth2ClientConfig", "overrideOAuth2ClientConfig"
GROUPS = {CORE, ADVANCED, OVERRIDES, "coreOpenIDClientConfig", "coreUmaClientConfig", "signEncOAuth2ClientConfig"}


def test_a_new_client_gets_the_defaults_of_what_it_leaves_out(admin: Administrator) -> None:
    path = f"agents/OAuth2Client/{fresh_name('client')}"

    created = admin.config("PUT", path, {CORE: {"scopes": ["read"]}})

    assert created.status_code == 201
    assert created.headers["location"].endswith(path)
    assert created.headers["etag"] == f'"{created.json()["_rev"]}"'
    assert created.json().keys() >= GROUPS
    core = unwrapped(created.json()[CORE])
    assert (core["scopes"], core["status"], core["accessTokenLifetime"]) == (["read"], "Active", 0)
    assert unwrapped(created.json()[ADVANCED])["grantTypes"] == ["authorization_code"]
    assert created.json()["_type"] == {"_id": "OAuth2Client", "name": "OAuth2 Clients", "collection": True}


def test_a_replaced_client_has_what_was_sent_and_no_more(admin: Administrator) -> None:
    path = f"agents/OAuth2Client/{fresh_name('client')}"
    admin.config("PUT", path, {})

    replaced = admin.config("PUT", path, {ADVANCED: {"grantTypes": ["password"], "softwareVersion": None}})

    assert replaced.status_code == 200
    assert set(replaced.json()) == {"_id", "_rev", ADVANCED, "_type"}
    assert replaced.json()[ADVANCED] == {
        "grantTypes": {"inherited": False, "value": ["password"]},
        "softwareVersion": {"inherited": False},
    }


def test_values_may_come_wrapped_or_raw_and_overrides_always_go_out_raw(admin: Administrator) -> None:
    path = f"agents/OAuth2Client/{fresh_name('client')}"
    wrapped = {
        CORE: {"clientType": {"inherited": True, "value": "Public"}},
        OVERRIDES: {"statelessTokensEnabled": True},
    }
    raw = {CORE: {"clientType": "Public"}, OVERRIDES: {"statelessTokensEnabled": {"inherited": False, "value": True}}}

    first = admin.config("PUT", path, wrapped).json()
    second = admin.config("PUT", path, raw).json()

    for answer in (first, second):
        assert answer[CORE]["clientType"] == {"inherited": False, "value": "Public"}
        assert answer[OVERRIDES]["statelessTokensEnabled"] is True


def test_what_was_read_can_be_written_back_unchanged(admin: Administrator) -> None:
    path = f"agents/OAuth2Client/{fresh_name('client')}"
    created = admin.config("PUT", path, {CORE: {"userpassword": "s3cret"}}).json()

    assert admin.config("PUT", path, created).json() == created
    assert admin.config("GET", path).json() == created


def test_a_list_shows_raw_values_and_unset_ones_as_null(admin: Administrator) -> None:
    client_id = fresh_name("client")
    single = admin.config("PUT", f"agents/OAuth2Client/{client_id}", {}).json()

    listed = admin.config("GET", f"agents/OAuth2Client?_queryFilter=_id+eq+%27{client_id}%27").json()

    assert listed | {"result": []} == {
        "result": [],
        "resultCount": 1,
        "pagedResultsCookie": None,
        "totalPagedResultsPolicy": "EXACT",
        "totalPagedResults": 1,
        "remainingPagedResults": -1,
    }
    (item,) = listed["result"]
    assert item[CORE]["scopes"] == []
    assert item[CORE]["agentgroup"] is None
    assert "agentgroup" not in single[CORE]
    assert item["_rev"] != single["_rev"]


def test_a_secret_can_be_compared_but_never_read(admin: Administrator) -> None:
    client_id = fresh_name("client")
    path = f"agents/OAuth2Client/{client_id}"

    assert "userpassword" not in admin.config("PUT", path, {}).json()[CORE]
    with_secret = admin.config("PUT", path, {CORE: {"userpassword": "s3cret", "status": "Active"}})
    listed = admin.config("GET", f"agents/OAuth2Client?_queryFilter=_id eq '{client_id}'")

    assert with_secret.json()[CORE]["userpassword"] is None
    assert "s3cret" not in with_secret.text + listed.text
    assert _secret_matches(admin, client_id, "s3cret")
    assert not _secret_matches(admin, client_id, "other")


@pytest.mark.parametrize(
    "core", [{"userpassword": None}, {"status": "Active"}, None], ids=["null", "absent", "no group"]
)
def test_a_secret_survives_an_update_that_does_not_mention_it(admin: Administrator, core: Any) -> None:
    client_id = fresh_name("client")
    admin.config("PUT", f"agents/OAuth2Client/{client_id}", {CORE: {"userpassword": "s3cret"}})

    admin.config("PUT", f"agents/OAuth2Client/{client_id}", {CORE: core, ADVANCED: {"descriptions": []}})

    assert _secret_matches(admin, client_id, "s3cret")


def test_an_update_with_a_secret_replaces_it(admin: Administrator) -> None:
    client_id = fresh_name("client")
    for secret in ("first", "second"):
        admin.config("PUT", f"agents/OAuth2Client/{client_id}", {CORE: {"userpassword": secret}})

    assert _secret_matches(admin, client_id, "second")
    assert not _secret_matches(admin, client_id, "first")


@pytest.mark.parametrize("client_id", ["bad%20id", "x%2Fy", "%C3%BCn%C3%AF", "", "a%00b", "quo'te"])
@pytest.mark.parametrize("agent_type", ["OAuth2Client", "AIAgent"])
def test_client_ids_are_plain(admin: Administrator, agent_type: str, client_id: str) -> None:
    assert admin.config("PUT", f"agents/{agent_type}/{client_id}", agent_document("x")).status_code == 400


@pytest.mark.parametrize("client_id", ["a_b-1", "digital-assistant"])
def test_letters_digits_dash_and_underscore_make_a_client_id(admin: Administrator, client_id: str) -> None:
    name = fresh_name(client_id)

    assert admin.config("PUT", f"agents/OAuth2Client/{name}", {}).json()["_id"] == name


def test_applications_and_agents_share_one_name_space(admin: Administrator) -> None:
    client, agent = fresh_name("client"), fresh_name("agent")
    admin.config("PUT", f"agents/OAuth2Client/{client}", {})
    admin.agent(agent)

    assert admin.config("PUT", f"agents/AIAgent/{client}", agent_document("x")).status_code == 409
    assert admin.config("PUT", f"agents/OAuth2Client/{agent}", {}).status_code == 409
    assert admin.config("GET", f"agents/AIAgent/{client}").status_code == 404


def test_create_only_is_refused_on_a_known_id(admin: Administrator) -> None:
    path = f"agents/OAuth2Client/{fresh_name('client')}"

    assert admin.config("PUT", path, {}, if_none_match="*").status_code == 201
    refused = admin.config("PUT", path, {}, if_none_match="*")
    assert refused.status_code == 412
    assert refused.json()["reason"] == "Precondition Failed"


@pytest.mark.parametrize(
    "document",
    [
        {"coreConfig": {}},
        {ADVANCED: {"grantTypes": "password"}},
        {ADVANCED: {"grantTypes": [1]}},
        {ADVANCED: {"isConsentImplied": "yes"}},
        {ADVANCED: {"tokenEndpointAuthMethod": "magic"}},
        {CORE: {"accessTokenLifetime": "long"}},
        {CORE: {"accessTokenLifetime": True}},
        {CORE: {"status": "Asleep"}},
        {CORE: {"userpassword": 7}},
        {CORE: "nothing"},
        {OVERRIDES: {"statelessTokensEnabled": {"inherited": False, "value": 1}}},
        {"aiAgentIdentityAttributes": {"name": "only agents have one"}},
        [],
        "text",
    ],
    ids=str,
)
def test_bad_client_documents_are_refused(admin: Administrator, document: Any) -> None:
    path = f"agents/OAuth2Client/{fresh_name('client')}"

    refused = admin.config("PUT", path, document)

    assert refused.status_code == 400
    assert refused.json().keys() >= {"code", "reason", "message"}
    assert admin.config("GET", path).status_code == 404


def test_a_body_that_is_no_json_is_refused_and_repeated(admin: Administrator) -> None:
    refused = admin.http.put(
        "/am/json/realms/root/realms/alpha/realm-config/agents/OAuth2Client/x",
        content="{'single': 'quotes'}",
        headers={"authorization": f"Bearer {admin.token}"},
    )

    assert refused.status_code == 400
    assert refused.json() == {
        "code": 400,
        "reason": "Bad Request",
        "message": "The request could not be processed because the provided content is not valid JSON",
        "detail": "{'single': 'quotes'}",
    }


def test_an_ai_agent_brings_its_identity_with_it(admin: Administrator) -> None:
    agent = admin.agent()

    identity = agent["aiAgentIdentityAttributes"]["value"]
    assert agent["aiAgentIdentityUid"] == {"inherited": False, "value": identity["_id"]}
    assert agent["_type"]["name"] == "AI Agents"
    managed = admin.managed("GET", f"aiagent/{identity['_id']}?_fields=*,oauth2ClientId").json()
    assert managed == identity
    assert managed["oauth2ClientId"] == agent["_id"]


def test_the_identity_may_have_an_id_of_the_clients_choice(admin: Administrator) -> None:
    uid, name = fresh_uuid(), fresh_name("agent")
    document = {"aiAgentIdentityAttributes": {"_id": uid, "name": name, "customAttributes": {"a": 1}}}

    agent = admin.config("PUT", f"agents/AIAgent/{name}", document).json()

    assert agent["aiAgentIdentityUid"]["value"] == uid
    listed = admin.config("GET", f"agents/AIAgent?_queryFilter=_id eq '{name}'").json()["result"]
    assert [(item["aiAgentIdentityUid"], item["aiAgentIdentityAttributes"]["customAttributes"]) for item in listed] == [
        (uid, {"a": 1})
    ]
    taken = admin.config("PUT", f"agents/AIAgent/{fresh_name('agent')}", document)
    assert taken.status_code == 409


def test_an_update_with_the_identity_alone_drops_the_client_groups(admin: Administrator) -> None:
    agent = admin.agent()
    path = f"agents/AIAgent/{agent['_id']}"

    updated = admin.config("PUT", path, agent_document("Renamed")).json()

    assert not updated.keys() & GROUPS
    assert updated["aiAgentIdentityAttributes"]["value"]["name"] == "Renamed"
    assert updated["aiAgentIdentityUid"] == agent["aiAgentIdentityUid"]
    assert admin.config("PUT", path, agent_document("Renamed")).json() == updated


@pytest.mark.parametrize(
    "identity", [None, "x", {}, {"name": ""}, {"name": "x", "description": 1}, {"name": "x", "_id": "a/b"}], ids=str
)
def test_an_agent_needs_a_proper_identity(admin: Administrator, identity: Any) -> None:
    path = f"agents/AIAgent/{fresh_name('agent')}"

    assert admin.config("PUT", path, {"aiAgentIdentityAttributes": identity}).status_code == 400
    assert admin.config("GET", path).status_code == 404


def test_a_deleted_agent_takes_identity_and_privileges_along(admin: Administrator) -> None:
    agent = admin.agent()
    uid = agent["aiAgentIdentityUid"]["value"]
    privilege = admin.privilege(uid)

    deleted = admin.config("DELETE", f"agents/AIAgent/{agent['_id']}")

    assert deleted.status_code == 200
    assert deleted.json()["aiAgentIdentityAttributes"]["value"]["_id"] == uid
    assert admin.managed("GET", f"aiagent/{uid}").status_code == 404
    assert admin.managed("GET", f"aiagentprivilege/{privilege}").status_code == 404
    again = admin.config("DELETE", f"agents/AIAgent/{agent['_id']}")
    assert again.json() == {"code": 404, "reason": "Not Found", "message": "Not Found"}


def test_agents_of_every_type_can_be_listed(admin: Administrator) -> None:
    agent = admin.agent()["_id"]

    types = admin.config("POST", "agents?_action=getAllTypes", {}).json()["result"]
    found = admin.config("GET", f"agents?_queryFilter=_id eq '{agent}'").json()
    children = admin.config("POST", "agents?_action=nextdescendents", {}).json()["result"]

    assert {"_id": "AIAgent", "name": "AI Agents", "collection": True} in types
    assert (found["totalPagedResultsPolicy"], found["totalPagedResults"]) == ("NONE", -1)
    assert [(item["_id"], "_type" in item) for item in found["result"]] == [(agent, False)]
    assert agent in [child["_id"] for child in children]


def test_a_type_describes_itself(admin: Administrator) -> None:
    template = admin.config("POST", "agents/OAuth2Client?_action=template", {}).json()
    schema = admin.config("POST", "agents/OAuth2Client?_action=schema", {}).json()

    assert template[ADVANCED]["grantTypes"] == {"inherited": False, "value": ["authorization_code"]}
    assert schema["properties"][ADVANCED]["properties"]["grantTypes"] == {"type": "array"}


def test_an_unknown_type_and_an_unknown_method_are_refused(admin: Administrator) -> None:
    unknown = admin.config("GET", "agents/OAuth2Thing?_queryFilter=true")
    assert unknown.json() == {"code": 404, "reason": "Not Found", "message": "Resource 'OAuth2Thing' not found"}
    assert admin.config("PATCH", f"agents/AIAgent/{admin.agent()['_id']}", []).status_code == 400
    assert admin.config("GET", "agents/OAuth2Client").status_code == 400


def _secret_matches(admin: Administrator, client_id: str, candidate: str) -> bool:
    record = admin.server.tenant.realms["alpha"].agents.get(client_id)
    assert record is not None
    return record.secret_matches(candidate)


def test_a_line_end_behind_a_client_id_makes_it_another(admin: Administrator) -> None:
    client_id = str(admin.agent()["_id"])
    for method in ("GET", "PUT", "DELETE"):
        assert admin.config(method, f"agents/AIAgent/{client_id}%0A", agent_document("x")).status_code == 404
    assert admin.config("GET", f"agents/AIAgent/{client_id}").status_code == 200
