"""Provisioning does the guide's tasks, and undoes them whatever happens in between."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.tenant import console
from fixtures.tenant.actors import Agent, Application, EndUser
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import HarnessError, Refused
from fixtures.tenant.exchange import Request
from fixtures.tenant.http import Http
from fixtures.tenant.journal import Journal
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.undo import undo_all
from tests.tenant.observers import Disturbance, Recorder

Inventory = Callable[[], dict[str, Any]]


def guide(provisioning: Provisioning) -> tuple[EndUser, Application, Agent]:
    """The guide's tasks 1 to 3 and 4.1 step 1."""
    provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
    user = provisioning.create_user("barbara.jensen")
    application = provisioning.create_application(owners=[user])
    scopes = ["openid", "read-data", "write-data"]
    application = provisioning.configure_application(application, add_grants=[PASSWORD], scopes=scopes)
    agent = provisioning.configure_agent(provisioning.create_agent())
    privilege = provisioning.create_privilege(agent, application)
    provisioning.complete_privilege(privilege, subjects=[user], permissions=["read-data"])
    return user, application, agent


def test_the_guide_works(provisioning: Provisioning, oauth: OAuth) -> None:
    user, application, agent = guide(provisioning)
    token = oauth.password(user, by=application, scope="openid read-data").members["access_token"]
    exchanged = oauth.exchange(token, by=agent, audience=application.client_id, scope="read-data")
    seen = oauth.introspect(exchanged.members["access_token"], by=agent).members
    assert (seen["sub"], seen["act"], seen["scope"]) == (user.id, {"sub": agent.client_id}, "read-data")
    assert provisioning.findings == []


def test_everything_is_undone_in_reverse_order(
    admin: Administration, sent: Recorder, inventory: Inventory, tmp_path: Path
) -> None:
    before = inventory()
    provisioning = Provisioning.begin(admin, tmp_path)
    guide(provisioning)
    provisioning.create_group("members")
    provisioning.create_client("other", grants=["client_credentials"])
    sent.requests.clear()
    assert provisioning.remove_all() == []
    kinds = re.findall(r"(?:alpha_|agents/)(\w+)/", "\n".join(line for line in sent.lines() if "DELETE" in line))
    assert kinds == ["OAuth2Client", "group", "aiagentprivilege", "AIAgent", "application", "OAuth2Client", "user"]
    assert inventory() == before
    assert list(tmp_path.iterdir()) == []


def test_names_belong_to_the_run(provisioning: Provisioning) -> None:
    user, application, agent = guide(provisioning)
    run = provisioning.naming.run
    assert re.fullmatch(r"[a-z0-9]{10}", run)
    assert user.username == f"obo-{run}-barbara.jensen"
    assert application.client_id == f"obo-{run}-digital-assistant-web-app"
    assert re.fullmatch(r"[A-Za-z0-9_-]+", agent.client_id)


def test_journal_is_written_before_the_request_and_holds_no_secret(
    admin: Administration, http: Http, tmp_path: Path
) -> None:
    class Check(Recorder):
        def sending(self, request: Request) -> None:
            if request.method == "PUT" and request.json.get("userName"):
                (journal,) = tmp_path.glob("journal-*.jsonl")
                assert request.json["_id"] in journal.read_text()
                self.requests.append(request)

    check = Check()
    http.observers.append(check)
    with Provisioning.begin(admin, tmp_path) as provisioning:
        user, application, agent = guide(provisioning)
        text = provisioning.journal.path.read_text()
        assert len(check.requests) == 1
        assert not any(secret in text for secret in (user.password, application.client_secret, agent.client_secret))


def test_account_can_be_made_inactive(provisioning: Provisioning, oauth: OAuth) -> None:
    user, application, _ = guide(provisioning)
    provisioning.set_user_status(user, "inactive")
    assert oauth.password(user, by=application, scope="openid").status == 400
    provisioning.set_user_status(user, "active")
    assert oauth.password(user, by=application, scope="openid").status == 200


def test_attributes_that_the_tenant_demands_are_sent(admin: Administration, tmp_path: Path) -> None:
    with Provisioning.begin(admin, tmp_path, user_attributes={"telephoneNumber": "555"}) as provisioning:
        user = provisioning.create_user("barbara.jensen")
        stored = admin.read("user", user.id or "") or {}
    assert stored["telephoneNumber"] == "555"
    assert (stored["givenName"], stored["sn"]) == ("Barbara", "Jensen")


class TestProvider:
    def test_grants_that_are_there_are_not_saved_again(self, provisioning: Provisioning, sent: Recorder) -> None:
        assert provisioning.enable_provider_grants(PASSWORD) == []
        assert not any(line.startswith("PUT") for line in sent.lines())
        assert provisioning.journal.open_entries() == []

    def test_only_the_added_grant_is_taken_away_again(self, admin: Administration, tmp_path: Path) -> None:
        before = admin.provider()
        provisioning = Provisioning.begin(admin, tmp_path)
        assert provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE) == [TOKEN_EXCHANGE]
        somebody = admin.provider()
        somebody["coreOAuth2Config"]["codeLifetime"] = 77
        somebody["advancedOAuth2Config"]["grantTypes"].remove("implicit")
        admin.save_provider(somebody)
        assert provisioning.remove_all() == []
        after = admin.provider()
        admin.save_provider(before)
        assert after["coreOAuth2Config"]["codeLifetime"] == 77
        grants = set(before["advancedOAuth2Config"]["grantTypes"]) - {"implicit"}
        assert set(after["advancedOAuth2Config"]["grantTypes"]) == grants

    def test_grant_that_somebody_took_away_meanwhile(self, admin: Administration, tmp_path: Path) -> None:
        before = admin.provider()
        provisioning = Provisioning.begin(admin, tmp_path)
        provisioning.enable_provider_grants(TOKEN_EXCHANGE)
        admin.save_provider(before)
        assert provisioning.remove_all() == []
        assert set(admin.provider_grants()) == set(before["advancedOAuth2Config"]["grantTypes"])


class TestInterrupted:
    @pytest.mark.parametrize("what", ["alpha_user", "OAuth2Client", "alpha_application", "AIAgent", "aiagentprivilege"])
    def test_create_is_undone_although_its_answer_was_lost(
        self, admin: Administration, http: Http, inventory: Inventory, tmp_path: Path, what: str
    ) -> None:
        before = inventory()
        http.observers.append(Disturbance(lambda sent: sent.method == "PUT" and what in sent.url, KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt), Provisioning.begin(admin, tmp_path) as provisioning:
            guide(provisioning)
        assert inventory() == before

    def test_provider_save_is_undone_too(
        self, admin: Administration, http: Http, inventory: Inventory, tmp_path: Path
    ) -> None:
        before = inventory()
        http.observers.append(Disturbance(lambda sent: sent.url.endswith("oauth-oidc"), KeyboardInterrupt()))
        http.observers.append(Disturbance(lambda sent: sent.method == "PUT", KeyboardInterrupt()))
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt), Provisioning.begin(admin, tmp_path) as provisioning:
                provisioning.enable_provider_grants(TOKEN_EXCHANGE)
        assert inventory() == before

    def test_killed_run_is_undone_from_its_journal(
        self, admin: Administration, inventory: Inventory, tmp_path: Path
    ) -> None:
        before = inventory()
        killed = Provisioning.begin(admin, tmp_path)
        guide(killed)
        killed.journal.close()  # as the system does when it ends a process
        left = Journal.take_over(killed.journal.path)
        assert left
        assert undo_all(admin, [left]) == []
        assert inventory() == before


class TestFailures:
    def test_something_that_exists_already_is_neither_replaced_nor_removed(
        self, admin: Administration, provisioning: Provisioning, tmp_path: Path
    ) -> None:
        group = provisioning.create_group("members")
        somebody = Provisioning(admin, Journal(tmp_path / "other", provisioning.naming.run, admin.tenant_url, "alpha"))
        with pytest.raises(Refused):
            somebody.create_group("members")
        assert somebody.remove_all() == []
        assert admin.read("group", group)

    def test_undoing_goes_on_after_a_failure_and_can_be_repeated(
        self, admin: Administration, http: Http, inventory: Inventory, tmp_path: Path
    ) -> None:
        before = inventory()
        provisioning = Provisioning.begin(admin, tmp_path)
        guide(provisioning)
        fault = HarnessError("the tenant is away")
        http.observers.append(Disturbance(lambda sent: sent.method == "DELETE" and "AIAgent" in sent.url, fault))
        left = provisioning.remove_all()
        assert left == [f"AI agent obo-{provisioning.naming.run}-digital-assistant-ai-agent: the tenant is away"]
        assert provisioning.journal.path.exists()
        assert provisioning.remove_all() == []
        assert inventory() == before

    def test_what_is_left_is_reported(self, admin: Administration, http: Http, tmp_path: Path) -> None:
        provisioning = Provisioning.begin(admin, tmp_path)
        http.observers.append(Disturbance(lambda sent: sent.method == "DELETE", HarnessError("the tenant is away")))
        with pytest.raises(HarnessError, match=r"run reap.*the tenant is away"), provisioning:
            provisioning.create_user("barbara.jensen")
        assert provisioning.remove_all() == []

    def test_what_somebody_deleted_meanwhile_is_said(self, admin: Administration, provisioning: Provisioning) -> None:
        agent = provisioning.create_agent()
        admin.delete_agent(agent.client_id)
        with pytest.raises(HarnessError, match="somebody else deleted it"):
            provisioning.configure_agent(agent)

    def test_settings_that_the_tenant_did_not_keep_are_noted(
        self, admin: Administration, provisioning: Provisioning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        agent = provisioning.create_agent()
        save = admin.put_agent
        monkeypatch.setattr(
            admin,
            "put_agent",
            lambda *args: console.with_values(save(*args), console.OVERRIDES, statelessTokensEnabled=False),
        )
        provisioning.configure_agent(agent)
        assert provisioning.findings == [
            f"{agent.client_id}: {console.OVERRIDES}.statelessTokensEnabled was not saved as it was set"
        ]
