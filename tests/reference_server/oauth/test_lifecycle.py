"""What ends: tokens expire and are revoked; users, agents, applications and privileges change. All of it at once."""

from __future__ import annotations

import pytest

from tests.reference_server.oauth.world import Guide, refusal, token_of


def test_expired_tokens_are_inactive_and_seed_nothing(guide: Guide) -> None:
    user_token, agent_token = guide.user_token(), guide.agent_token()
    guide.server.tenant.clock.advance(3600)

    assert not guide.is_active(user_token, guide.app)
    assert not guide.is_active(agent_token, guide.assistant)
    for token in (user_token, agent_token):
        assert refusal(guide.exchange(token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")


def test_a_revoked_user_token_is_inactive_and_seeds_nothing_and_nor_do_its_descendants(guide: Guide) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    guide.revoke(user_token, guide.app)

    assert not guide.is_active(user_token, guide.app)
    for token in (user_token, agent_token):
        assert refusal(guide.exchange(token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")
    assert guide.is_active(agent_token, guide.assistant)


def test_revoking_an_agent_token_ends_that_token_alone(guide: Guide) -> None:
    user_token = guide.user_token()
    first, second = guide.agent_token(user_token), guide.agent_token(user_token)
    guide.revoke(first, guide.app)
    assert guide.is_active(first, guide.assistant)

    guide.revoke(first, guide.assistant)
    guide.revoke(first, guide.assistant)

    assert not guide.is_active(first, guide.assistant)
    assert not guide.is_active(first, guide.app)
    assert guide.is_active(second, guide.assistant)
    assert guide.is_active(user_token, guide.app)


def test_revoking_a_refresh_token_ends_its_grant(guide: Guide) -> None:
    answer = guide.login(guide.barbara, guide.app).json()
    other = guide.user_token()
    guide.revoke(answer["refresh_token"], guide.app)

    assert not guide.is_active(answer["access_token"], guide.app)
    form = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    assert refusal(guide.post("/access_token", form | guide.app.credentials)) == (400, "invalid_grant")
    assert guide.is_active(other, guide.app)


def test_revoking_a_grant_ends_what_agents_could_make_of_its_tokens(guide: Guide) -> None:
    answer = guide.login(guide.barbara, guide.app, "openid read-data").json()
    agent_token = guide.agent_token(answer["access_token"])
    assert guide.agent_token(agent_token)

    guide.revoke(answer["refresh_token"], guide.app)

    assert refusal(guide.exchange(agent_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")


def test_an_opaque_token_can_be_revoked(guide: Guide) -> None:
    guide.change_provider("coreOAuth2Config", statelessTokensEnabled=False)
    token = guide.user_token()
    guide.revoke(token, guide.app)
    assert not guide.is_active(token, guide.app)


def test_revocation_asks_for_a_token_and_a_client_and_tells_nothing(guide: Guide) -> None:
    guide.revoke("unknown", guide.app)
    assert refusal(guide.post("/token/revoke", guide.app.credentials)) == (400, "invalid_request")
    assert refusal(guide.post("/token/revoke", {"token": guide.user_token()})) == (400, "invalid_client")


@pytest.mark.parametrize("end", ["disabled", "deleted"])
def test_a_user_who_is_gone_seeds_nothing(guide: Guide, end: str) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    if end == "disabled":
        guide.patch("user", guide.barbara.id, "accountStatus", "inactive")
    else:
        guide.delete("user", guide.barbara.id)

    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")
    assert not guide.is_active(user_token, guide.app)
    assert not guide.is_active(agent_token, guide.assistant)


def test_a_user_enabled_again_can_log_in(guide: Guide) -> None:
    guide.patch("user", guide.barbara.id, "accountStatus", "inactive")
    guide.patch("user", guide.barbara.id, "accountStatus", "active")
    assert guide.agent_token()


def test_a_user_re_created_under_the_same_name_is_somebody_else(guide: Guide) -> None:
    guide.delete("user", guide.barbara.id)
    namesake = guide.user(guide.barbara.username)
    token = token_of(guide.login(namesake, guide.app))
    assert refusal(guide.exchange(token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")


def test_a_renamed_user_stays_covered(guide: Guide) -> None:
    guide.patch("user", guide.barbara.id, "userName", guide.unique("barbara.smith"))
    token = token_of(guide.login(guide.barbara, guide.app, username=guide.unique("barbara.smith")))
    assert guide.exchange(token, guide.assistant, guide.app, "read-data").status_code == 200


@pytest.mark.parametrize("end", ["disabled", "deleted"])
def test_an_agent_that_is_gone_can_do_nothing_and_its_tokens_are_dead(guide: Guide, end: str) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    if end == "disabled":
        guide.change_client(guide.assistant, "core", kind="AIAgent", status="Inactive")
    else:
        guide.delete_client(guide.assistant, kind="AIAgent")

    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_client")
    form = {"token": agent_token, **guide.assistant.credentials}
    assert refusal(guide.post("/introspect", form)) == (400, "invalid_client")
    assert not guide.is_active(agent_token, guide.app)


def test_an_agent_re_created_under_the_same_id_starts_without_privileges(guide: Guide) -> None:
    guide.delete_client(guide.assistant, kind="AIAgent")
    again = guide.agent(guide.assistant.id, secret="a new one")
    assert refusal(guide.exchange(guide.user_token(), again, guide.app, "read-data")) == (400, "invalid_target")


@pytest.mark.parametrize("end", ["client disabled", "client deleted", "application deleted"])
def test_an_application_that_is_gone_is_no_audience(guide: Guide, end: str) -> None:
    second_app = guide.application("second-app")
    guide.privilege(guide.assistant, second_app, subjects=[guide.barbara])
    user_token = guide.user_token()
    assert guide.exchange(user_token, guide.assistant, second_app, "read-data").status_code == 200

    if end == "client disabled":
        guide.change_client(second_app, "core", status="Inactive")
    elif end == "client deleted":
        guide.delete_client(second_app)
    else:
        guide.delete("application", second_app.managed_id)

    assert refusal(guide.exchange(user_token, guide.assistant, second_app, "read-data")) == (400, "invalid_target")


def test_a_privilege_narrowed_or_deleted_is_so_at_once(guide: Guide) -> None:
    guide.patch("aiagentprivilege", guide.read_only, "permissions", [])
    user_token = guide.user_token()
    assert guide.exchange(user_token, guide.assistant, guide.app, "write-data").status_code == 200

    guide.patch("aiagentprivilege", guide.read_only, "permissions", [{"type": "scopes", "values": ["read-data"]}])
    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "write-data")) == (400, "invalid_scope")
    guide.patch("aiagentprivilege", guide.read_only, "subjects", [])
    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")
    guide.patch("aiagentprivilege", guide.read_only, "subjects", [guide.reference("user", guide.barbara.id)])
    assert guide.exchange(user_token, guide.assistant, guide.app, "read-data").status_code == 200
    guide.delete("aiagentprivilege", guide.read_only)
    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_target")


def test_a_scope_taken_from_the_application_is_no_longer_granted(guide: Guide) -> None:
    user_token = guide.user_token()
    guide.change_client(guide.app, "core", scopes=["openid"])
    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_scope")


def test_group_membership_counts_as_it_is_now(guide: Guide) -> None:
    member = guide.user("member")
    staff = guide.group("staff", member)
    guide.patch("aiagentprivilege", guide.read_only, "subjectGroups", [guide.reference("group", staff)])
    user_token = token_of(guide.login(member, guide.app))

    for members, status in (([member], 200), ([], 400), ([member], 200)):
        guide.patch("group", staff, "members", [guide.reference("user", user.id) for user in members])
        assert guide.exchange(user_token, guide.assistant, guide.app, "read-data").status_code == status


def test_a_rotated_secret_replaces_the_old_one_everywhere(guide: Guide) -> None:
    token = guide.agent_token()
    guide.change_client(guide.assistant, "core", kind="AIAgent", userpassword="a new one")
    new = {"client_id": guide.assistant.id, "client_secret": "a new one"}

    assert refusal(guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data")) == (
        400,
        "invalid_client",
    )
    assert guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **new).status_code == 200
    for path in ("/introspect", "/token/revoke"):
        assert refusal(guide.post(path, {"token": token, **guide.assistant.credentials})) == (400, "invalid_client")
        assert guide.post(path, {"token": token, **new}).status_code == 200


def test_without_a_provider_service_there_are_no_endpoints(guide: Guide) -> None:
    guide.administer("DELETE", f"{guide.config}/services/oauth-oidc")
    assert guide.login(guide.barbara, guide.app).status_code == 404
    assert guide.http.get(guide.oauth + "/.well-known/openid-configuration").status_code == 404
