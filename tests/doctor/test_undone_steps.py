"""Steps of the guide that an administrator forgot: each is named, by what a service account reads and without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from fixtures.tenant import console
from fixtures.tenant.console import Document
from fixtures.tenant.creation import replacing
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from tests.doctor.hand_made import HandMade, named

GUIDE = "guide step not done"
Break = Callable[[HandMade], None]
every_way = pytest.mark.parametrize("read", [True, False], ids=["with a service account", "without one"])


def provider_without(grant: str) -> Break:
    def undo(set_up: HandMade) -> None:
        admin = set_up.provisioning.admin
        document = admin.provider()
        grants = [name for name in console.provider_grants(document) if name != grant]
        admin.save_provider(console.with_provider_grants(document, grants))

    return undo


def without_provider(set_up: HandMade) -> None:
    set_up.server.tenant.realms["alpha"].provider.delete()


def agents_off(set_up: HandMade) -> None:
    admin = set_up.provisioning.admin
    document = admin.provider()
    admin.save_provider(document | {"aiAgentsConfig": document["aiAgentsConfig"] | {"aiAgentsEnabled": False}})


def application_with(group: str, **values: object) -> Break:
    def undo(set_up: HandMade) -> None:
        set_up.provisioning.edit_application(set_up.cast.application, _with(group, values))

    return undo


def agent_with(group: str, **values: object) -> Break:
    def undo(set_up: HandMade) -> None:
        set_up.provisioning.edit_agent(set_up.cast.agent, _with(group, values))

    return undo


def _with(group: str, values: dict[str, object]) -> Callable[[Document], Document]:
    return lambda document: console.with_values(document, group, **values)


def without_application(set_up: HandMade) -> None:
    set_up.provisioning.admin.delete_client(set_up.cast.application.client_id)


def without_agent(set_up: HandMade) -> None:
    set_up.provisioning.admin.delete_agent(set_up.cast.agent.client_id)


def without_privilege(set_up: HandMade) -> None:
    set_up.provisioning.admin.delete("aiagentprivilege", set_up.cast.agent_privilege)


def without_subjects(set_up: HandMade) -> None:
    _patch_privilege(set_up, "subjects", [])


def with_other_permissions(set_up: HandMade) -> None:
    _patch_privilege(set_up, "permissions", console.permissions(["write-data"]))


def _patch_privilege(set_up: HandMade, field: str, value: object) -> None:
    privilege = set_up.cast.agent_privilege
    set_up.provisioning.admin.patch("aiagentprivilege", privilege, [replacing(field, value)])


def without_user(set_up: HandMade) -> None:
    set_up.provisioning.admin.delete("user", set_up.cast.end_user.id or "")


def disabled_user(set_up: HandMade) -> None:
    set_up.provisioning.set_user_status(set_up.cast.end_user, "inactive")


@dataclass(frozen=True)
class Undone:
    """A way to undo a step; the step and a word of the remedy; the setting to look at, and whether both ways tell."""

    break_it: Break
    step: str
    remedy: str
    variable: str | None = None
    without_account: bool = True


METHOD = "tokenEndpointAuthMethod"
CASES = {
    "password grant off at the provider": Undone(provider_without(PASSWORD), "1.2a", "Resource Owner Password"),
    "token exchange off at the provider": Undone(provider_without(TOKEN_EXCHANGE), "1.2a", "Token Exchange"),
    "no provider": Undone(without_provider, "1.2", "add the service"),
    "AI agents off": Undone(agents_off, "3.1.1", "_action=enable", "OBO_TENANT_URL", without_account=False),
    "no application": Undone(
        without_application, "2.1.4a", "create it", "OBO_APPLICATION_CLIENT_ID", without_account=False
    ),
    "application without password grant": Undone(
        application_with(console.ADVANCED, grantTypes=["authorization_code"]), "2.2.4a", "add Resource Owner"
    ),
    "application without its scopes": Undone(
        application_with(console.CORE, scopes=["openid", "read-data"]), "2.2.4b", "add them", "OBO_APPLICATION_SCOPES"
    ),
    "application with another method": Undone(
        application_with(console.ADVANCED, **{METHOD: "client_secret_basic"}), "2.2.4d", "client_secret_post"
    ),
    "no AI agent": Undone(without_agent, "3.1.1", "create it", "OBO_AGENT_CLIENT_ID", without_account=False),
    "agent without token exchange": Undone(
        agent_with(console.ADVANCED, grantTypes=["authorization_code"]), "3.2.4b", TOKEN_EXCHANGE
    ),
    "agent with another method": Undone(
        agent_with(console.ADVANCED, **{METHOD: "client_secret_basic"}), "3.2.4c", "client_secret_post"
    ),
    "overrides off": Undone(
        agent_with(console.OVERRIDES, providerOverridesEnabled=False), "3.2.4e", "checkbox", without_account=False
    ),
    "no client-side tokens": Undone(
        agent_with(console.OVERRIDES, statelessTokensEnabled=False), "3.2.4f", "checkbox", without_account=False
    ),
    "audience parameters not accepted": Undone(
        agent_with(console.OVERRIDES, acceptAudienceParametersInTokenExchangeRequests=False), "3.2.4g", ""
    ),
    "no privilege": Undone(without_privilege, "3.2.5b", "add the application"),
    "user not covered": Undone(without_subjects, "3.2.5d-s", "select the user", "OBO_END_USER_USERNAME"),
    "permission lacking": Undone(with_other_permissions, "3.2.5e-i", "permissions", "OBO_AGENT_SCOPES"),
    "no user": Undone(without_user, "4.1.1", "create the user", "OBO_END_USER_USERNAME", without_account=False),
    "user disabled": Undone(disabled_user, "4.1.1", "activate", "OBO_END_USER_USERNAME", without_account=False),
}
TOLD_BY_BEHAVIOUR = {name: case for name, case in CASES.items() if case.without_account}


@every_way
def test_nothing_is_undone(set_up: HandMade, read: bool) -> None:
    findings = set_up.findings(set_up.account if read else None)
    assert {finding.level for finding in findings} == {"ok"}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_undone_step_as_an_administrator_reads_it(set_up: HandMade, case: Undone) -> None:
    case.break_it(set_up)
    found = set_up.hindrance(set_up.account)
    assert named(found) == (GUIDE, case.step, case.variable)
    assert case.remedy in (found.remedy or "")
    assert found.console_path


@pytest.mark.parametrize("case", TOLD_BY_BEHAVIOUR.values(), ids=TOLD_BY_BEHAVIOUR)
def test_undone_step_as_the_tenant_behaves(set_up: HandMade, case: Undone) -> None:
    case.break_it(set_up)
    found = set_up.hindrance()
    assert named(found) == (GUIDE, case.step, case.variable)
    assert case.remedy in (found.remedy or "")
    assert "account" not in (found.remedy or "") or case.step == "3.2.4g"


def test_overrides_off_are_among_the_steps_to_go_through(set_up: HandMade) -> None:
    CASES["overrides off"].break_it(set_up)
    assert "3.2.4e" in set_up.hindrance().steps


@pytest.mark.parametrize("name", ["no application", "no AI agent", "no user", "user disabled"])
def test_without_an_account_it_looks_like_wrong_credentials(set_up: HandMade, name: str) -> None:
    CASES[name].break_it(set_up)
    found = set_up.hindrance()
    assert found.cause == "wrong credentials"
    assert found.steps


def test_several_steps_are_told_at_once(set_up: HandMade) -> None:
    for name in ("application without password grant", "audience parameters not accepted", "permission lacking"):
        CASES[name].break_it(set_up)
    findings = [found for found in set_up.findings(set_up.account) if found.level == "hindrance"]
    assert [found.steps[0] for found in findings] == ["2.2.4a", "3.2.4g", "3.2.5e-i"]


def test_the_grants_of_a_tenant_that_a_run_sets_up_itself_are_only_noted(set_up: HandMade) -> None:
    provider_without(TOKEN_EXCHANGE)(set_up)
    findings = set_up.findings(set_up.account, application=None, agent=None, end_user=None)
    (noted,) = [found for found in findings if found.level != "ok"]
    assert noted.level == "note"
    assert noted.steps == ("1.2a",)


def test_second_actors_are_tried_too(set_up: HandMade) -> None:
    settings = set_up.settings
    assert settings.agent
    assert settings.application
    assert settings.end_user
    wrong = replace(settings.end_user, password=settings.agent.client_secret)
    findings = set_up.findings(
        second_agent=replace(settings.agent, client_id="nobody"),
        second_application=settings.application,
        second_end_user=wrong,
    )
    assert [named(found) for found in findings if found.level == "hindrance"] == [
        ("wrong credentials", "3.1.1", "OBO_SECOND_AGENT_CLIENT_SECRET"),
        ("wrong credentials", "4.1.1", "OBO_SECOND_END_USER_PASSWORD"),
    ]
