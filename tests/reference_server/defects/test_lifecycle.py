"""Defects of what should have ended."""

from __future__ import annotations

import pytest

from tests.reference_server.defects.forgery import is_exchanged
from tests.reference_server.defects.planted import guide_with, planted
from tests.reference_server.oauth.administration import Client
from tests.reference_server.oauth.test_token_integrity import high_s_twin
from tests.reference_server.oauth.world import Guide, token_of

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def expire(guide: Guide) -> None:
    """Let all tokens expire."""
    guide.server.tenant.clock.advance(3600)


@planted("expired-subject-accepted")
def test_an_expired_token_is_exchanged(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    expire(guide)
    assert is_exchanged(guide, user_token) is wrong
    assert not guide.is_active(user_token, guide.app)


@planted("introspection-ignores-exp")
def test_an_expired_token_is_active(guide: Guide, wrong: bool) -> None:
    user_token, agent_token = guide.user_token(), guide.agent_token()
    expire(guide)
    assert guide.introspect(user_token, guide.app)["active"] is wrong
    assert guide.introspect(agent_token, guide.assistant)["active"] is wrong
    assert not is_exchanged(guide, user_token)


@planted("revoked-subject-accepted")
def test_a_revoked_token_is_exchanged(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    guide.revoke(user_token, guide.app)
    assert is_exchanged(guide, user_token) is wrong
    assert not guide.is_active(user_token, guide.app)


@planted("revocation-noop-for-jwt")
def test_a_revoked_jwt_stays_active(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    guide.revoke(user_token, guide.app)
    assert guide.is_active(user_token, guide.app) is wrong
    assert is_exchanged(guide, user_token) is wrong


@planted("revocation-keyed-by-raw-string")
@pytest.mark.parametrize("spelling", ["twin", "padding", "blank", "bits"])
def test_a_revoked_token_lives_on_in_another_encoding(guide: Guide, wrong: bool, spelling: str) -> None:
    user_token = guide.user_token()
    guide.revoke(user_token, guide.app)
    bits = user_token[:-1] + BASE64URL[BASE64URL.index(user_token[-1]) ^ 1]
    others = {"twin": high_s_twin(user_token), "padding": user_token + "==", "blank": f" {user_token}", "bits": bits}
    assert not guide.is_active(user_token, guide.app)
    assert guide.is_active(others[spelling], guide.app) is wrong
    assert is_exchanged(guide, others[spelling]) is wrong


@pytest.mark.parametrize("guide", ["revocation-keyed-by-raw-string"], indirect=True)
def test_even_so_what_came_of_a_revoked_token_seeds_nothing(guide: Guide) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    guide.revoke(user_token, guide.app)
    assert not is_exchanged(guide, agent_token)


@planted("any-client-revokes")
def test_another_client_revokes(guide: Guide, wrong: bool) -> None:
    agent_token = guide.agent_token()
    guide.revoke(agent_token, guide.client("other", advanced={"tokenEndpointAuthMethod": "client_secret_post"}))
    assert guide.is_active(agent_token, guide.assistant) is not wrong


@planted("revocation-kills-subject")
def test_revoking_what_came_of_a_token_revokes_it(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    guide.revoke(guide.agent_token(user_token), guide.assistant)
    assert guide.is_active(user_token, guide.app) is not wrong


@planted("dead-chain-extendable")
def test_what_came_of_a_revoked_token_is_exchanged_on(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    guide.revoke(user_token, guide.app)
    assert is_exchanged(guide, agent_token) is wrong
    assert not is_exchanged(guide, user_token)


@planted("perpetual-reexchange")
def test_each_exchange_prolongs_access(guide: Guide, wrong: bool) -> None:
    agent_token = guide.agent_token()
    guide.server.tenant.clock.advance(100)
    again = guide.agent_token(agent_token)
    assert (guide.verified(again)["exp"] > guide.verified(agent_token)["exp"]) is wrong


@pytest.mark.parametrize("wrong", [True, False])
def test_on_a_hardened_tenant_an_exchanged_token_outlives_its_subject_token(wrong: bool) -> None:
    with guide_with(*(["exp-outlives-subject"] if wrong else []), hardened=True) as guide:
        user_token = guide.user_token()
        guide.server.tenant.clock.advance(100)
        agent_token = guide.agent_token(user_token)
        guide.server.tenant.clock.advance(100)
        expiries = [guide.verified(t)["exp"] for t in (user_token, agent_token, guide.agent_token(agent_token))]
    assert (expiries[0] < expiries[1] < expiries[2]) is wrong
    assert (expiries[0] == expiries[1] == expiries[2]) is not wrong


@planted("disabled-user-can-login")
def test_a_disabled_user_logs_in(guide: Guide, wrong: bool) -> None:
    guide.patch("user", guide.barbara.id, "accountStatus", "inactive")
    assert (guide.login(guide.barbara, guide.app).status_code == 200) is wrong
    assert guide.login(guide.barbara, guide.app, password="wrong").status_code == 400


@planted("disabled-user-exchange")
def test_the_token_of_a_disabled_user_is_exchanged(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    guide.patch("user", guide.barbara.id, "accountStatus", "inactive")
    assert is_exchanged(guide, user_token) is wrong
    assert not guide.is_active(user_token, guide.app)


@planted("disabled-user-token-active")
def test_the_token_of_a_disabled_user_is_active(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    agent_token = guide.agent_token(user_token)
    guide.patch("user", guide.barbara.id, "accountStatus", "inactive")
    assert guide.is_active(agent_token, guide.assistant) is wrong
    assert not is_exchanged(guide, user_token)


@planted("disabled-agent-works")
def test_a_disabled_agent_works_on(guide: Guide, wrong: bool) -> None:
    user_token, agent_token = guide.user_token(), guide.agent_token()
    guide.change_client(guide.assistant, "core", kind="AIAgent", status="Inactive")
    assert is_exchanged(guide, user_token) is wrong
    assert guide.is_active(agent_token, guide.app) is wrong


@planted("disabled-audience-accepted")
def test_a_disabled_application_is_an_audience(guide: Guide, wrong: bool) -> None:
    second = guide.application("second-app")
    guide.privilege(guide.assistant, second, subjects=[guide.barbara])
    user_token = guide.user_token()
    guide.change_client(second, "core", status="Inactive")
    answer = guide.exchange(user_token, guide.assistant, second, "read-data")
    assert (answer.status_code == 200) is wrong


@planted("privilege-cached-after-delete")
@pytest.mark.parametrize("change", ["narrowed", "subject removed", "deleted"])
def test_a_privilege_outlives_its_end(guide: Guide, wrong: bool, change: str) -> None:
    user_token = guide.user_token()
    assert is_exchanged(guide, user_token)
    if change == "narrowed":
        narrowed = [{"type": "scopes", "values": ["write-data"]}]
        guide.patch("aiagentprivilege", guide.read_only, "permissions", narrowed)
    elif change == "subject removed":
        guide.patch("aiagentprivilege", guide.read_only, "subjects", [])
    else:
        guide.delete("aiagentprivilege", guide.read_only)
    assert is_exchanged(guide, user_token) is wrong


@pytest.mark.parametrize("guide", ["privilege-cached-after-delete"], indirect=True)
def test_even_so_a_privilege_that_comes_later_counts(guide: Guide) -> None:
    user_token = guide.user_token()
    assert guide.exchange(user_token, guide.assistant, guide.app, "write-data").status_code == 400
    guide.patch("aiagentprivilege", guide.read_only, "permissions", [])
    assert guide.exchange(user_token, guide.assistant, guide.app, "write-data").status_code == 200


@planted("group-membership-cached")
def test_a_member_stays_a_member(guide: Guide, wrong: bool) -> None:
    member = guide.user("member")
    staff = guide.group("staff", member)
    guide.patch("aiagentprivilege", guide.read_only, "subjectGroups", [guide.reference("group", staff)])
    user_token = token_of(guide.login(member, guide.app))
    assert is_exchanged(guide, user_token)
    guide.patch("group", staff, "members", [])
    assert is_exchanged(guide, user_token) is wrong


@planted("old-secret-still-valid")
def test_a_rotated_secret_still_works(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    guide.change_client(guide.assistant, "core", kind="AIAgent", userpassword="a new one")
    new = Client(guide.assistant.id, "a new one")
    assert is_exchanged(guide, user_token) is wrong
    assert guide.exchange(user_token, new, guide.app, "read-data").status_code == 200
    assert guide.exchange(user_token, Client(new.id, "another"), guide.app, "read-data").status_code == 400
