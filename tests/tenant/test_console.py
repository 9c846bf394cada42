"""Documents of the console's pages: changed where a page changes them, and nowhere else."""

from __future__ import annotations

from fixtures.tenant import console
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE

STORED = {
    "_id": "agent",
    console.CORE: {"userpassword": None, "scopes": {"inherited": False, "value": []}, "unknown": {"inherited": False}},
    console.ADVANCED: {"grantTypes": {"inherited": False, "value": ["authorization_code"]}},
    console.OVERRIDES: {"providerOverridesEnabled": False, "issueRefreshToken": True},
    "futureConfig": {"key": 1},
}


def test_values_are_wrapped_where_a_tenant_wraps_them() -> None:
    changed = console.with_values(STORED, console.CORE, scopes=["a"], userpassword="s")
    assert changed[console.CORE]["scopes"] == {"inherited": False, "value": ["a"]}
    assert changed[console.CORE]["userpassword"] == "s"
    assert console.with_values(STORED, console.OVERRIDES, x=True)[console.OVERRIDES]["x"] is True


def test_a_change_leaves_the_original_alone() -> None:
    console.with_values(STORED, console.CORE, scopes=["a"])
    assert console.value_of(STORED, console.CORE, "scopes") == []


def test_values_are_read_without_wrappers() -> None:
    assert console.value_of(STORED, console.ADVANCED, "grantTypes") == ["authorization_code"]
    assert console.value_of(STORED, console.CORE, "unknown") is None
    assert console.value_of(STORED, console.OVERRIDES, "issueRefreshToken") is True
    assert console.value_of(STORED, "absent", "x") is None


def test_agent_access_adds_its_grant_and_ticks_three_boxes() -> None:
    changed = console.agent_access(
        STORED,
        add_grants=[TOKEN_EXCHANGE],
        auth_method="client_secret_post",
        overrides=True,
        client_side_tokens=True,
        accept_audience=True,
    )
    assert console.value_of(changed, console.ADVANCED, "grantTypes") == ["authorization_code", TOKEN_EXCHANGE]
    assert console.value_of(changed, console.ADVANCED, "tokenEndpointAuthMethod") == "client_secret_post"
    assert changed[console.OVERRIDES] == {
        "providerOverridesEnabled": True,
        "statelessTokensEnabled": True,
        "acceptAudienceParametersInTokenExchangeRequests": True,
        "issueRefreshToken": True,
    }
    assert changed["futureConfig"] == {"key": 1}


def test_agent_access_without_arguments_changes_nothing() -> None:
    assert console.agent_access(STORED) == STORED


def test_sign_on_keeps_the_grants_it_finds() -> None:
    changed = console.sign_on(STORED, add_grants=[PASSWORD, "authorization_code"], scopes=["openid"], auth_method=None)
    assert console.value_of(changed, console.ADVANCED, "grantTypes") == ["authorization_code", PASSWORD]
    assert console.value_of(changed, console.CORE, "scopes") == ["openid"]


def test_new_client_names_all_six_groups() -> None:
    document = console.oauth_client("name", "secret")
    assert sum(group.endswith("Config") for group in document) == 6
    assert console.value_of(document, console.ADVANCED, "grantTypes") == ["authorization_code", "refresh_token"]
    assert console.value_of(document, console.CORE, "clientType") == "Confidential"


def test_permissions_left_empty() -> None:
    assert console.permissions([]) == []
    assert console.permissions(["a", "b"]) == [{"type": "scopes", "values": ["a", "b"]}]


def test_lost_changes_are_those_that_were_sent_and_not_kept() -> None:
    sent = console.agent_access(STORED, add_grants=[TOKEN_EXCHANGE], overrides=True, client_side_tokens=True)
    saved = console.with_values(sent, console.OVERRIDES, statelessTokensEnabled=False)
    saved = console.with_values(saved, console.ADVANCED, grantTypes=[TOKEN_EXCHANGE, "authorization_code"])
    assert list(console.lost_changes(STORED, sent, saved)) == [f"{console.OVERRIDES}.statelessTokensEnabled"]
