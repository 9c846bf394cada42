"""An administrator left out one step of the guide: a run against what was made by hand says which one.

Each case undoes one step over the administration APIs and runs the suite with the eight hand-made variables alone. The
requirements of that step fail, and what builds on it fails or is not verified; each message begins with the step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fixtures.cast import Cast
from fixtures.standing_cast import guide_cast
from fixtures.tenant import console
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import Finished, hand_made_variables, run

Change = Callable[[Administration, Cast], object]
SELECTED = "OBO-1-01 or OBO-2.2-03 or OBO-3.2-03 or OBO-3.2-08 or OBO-3.2-11 or OBO-4.1T-01 or OBO-4.2X-01"
NO_LOGIN = {"OBO-2.2-03", "OBO-4.1T-01"}
NO_EXCHANGE = {"OBO-3.2-08", "OBO-4.2X-01"}
EXCHANGE_REFUSED = "the exchange was refused with 400"
LOGIN_REFUSED = "the log-in was refused with 400"


@dataclass(frozen=True)
class Step:
    """`undo` undoes it, `named` are the words of the guide that begin every message, `failed` the requirements that
    fail without it. `changed` are variables that hold something else than the administrator's."""

    named: str
    failed: set[str]
    undo: Change = lambda _admin, _cast: None
    changed: dict[str, str] = field(default_factory=dict)


def without_grant_at_the_provider(grant: str) -> Change:
    def undo(admin: Administration, _: Cast) -> None:
        grants = [other for other in admin.provider_grants() if other != grant]
        admin.save_provider(console.with_provider_grants(admin.provider(), grants))

    return undo


def application_with(group: str, **values: Any) -> Change:
    def undo(admin: Administration, cast: Cast) -> None:
        document = admin.client(cast.application.client_id) or {}
        admin.put_client(cast.application.client_id, console.with_values(document, group, **values))

    return undo


def agent_with(group: str, **values: Any) -> Change:
    def undo(admin: Administration, cast: Cast) -> None:
        document = admin.agent(cast.agent.client_id) or {}
        admin.put_agent(cast.agent.client_id, console.with_values(document, group, **values))

    return undo


def without_privilege(admin: Administration, cast: Cast) -> None:
    admin.delete("aiagentprivilege", cast.agent_privilege)


def privilege_with(field: str, value: list[Any]) -> Change:
    def undo(admin: Administration, cast: Cast) -> None:
        operation = {"operation": "replace", "field": field, "value": value}
        admin.patch("aiagentprivilege", cast.agent_privilege, [operation])

    return undo


def inactive_user(admin: Administration, cast: Cast) -> None:
    operation = {"operation": "replace", "field": "/accountStatus", "value": "inactive"}
    admin.patch("user", cast.end_user.id or "", [operation])


STEPS = {
    "1.2a password at the provider": Step(
        "Task 1, Grant Types: *Resource Owner Password Credentials* seems not to be selected — " + LOGIN_REFUSED,
        {"OBO-1-01", *NO_LOGIN},
        without_grant_at_the_provider(PASSWORD),
    ),
    "1.2a token exchange at the provider": Step(
        "Task 1, Grant Types: *Token Exchange* seems not to be selected — " + EXCHANGE_REFUSED,
        {"OBO-1-01", *NO_EXCHANGE},
        without_grant_at_the_provider(TOKEN_EXCHANGE),
    ),
    "2.2.4a password among the application's grants": Step(
        "Task 2.2, Sign On: *Resource Owner Password Credentials* seems not to be among ",
        NO_LOGIN,
        application_with(console.ADVANCED, grantTypes=["authorization_code"]),
    ),
    "2.2.4b a scope of the application": Step(
        "Task 2.2, Sign On: a scope that was asked for seems not to be among the application's *Scopes*",
        NO_LOGIN,
        application_with(console.CORE, scopes=["write-data", "admin-action"]),
    ),
    "2.2.4d the application's authentication method": Step(
        "Task 2.2, Authentication: *Token Endpoint Authentication Method* seems not to be *client_secret_post*",
        NO_LOGIN,
        application_with(console.ADVANCED, tokenEndpointAuthMethod="client_secret_basic"),
    ),
    "3.2.4b token exchange among the AI agent's grants": Step(
        f"Task 3.2, Advanced: *{TOKEN_EXCHANGE}* seems not to be among the AI agent's *Grant Types*",
        NO_EXCHANGE,
        agent_with(console.ADVANCED, grantTypes=["authorization_code"]),
    ),
    "3.2.4c the AI agent's authentication method": Step(
        "Task 3.2, Advanced: *Token Endpoint Authentication Method* seems not to be *client_secret_post*",
        {"OBO-3.2-11", *NO_EXCHANGE},
        agent_with(console.ADVANCED, tokenEndpointAuthMethod="client_secret_basic"),
    ),
    "3.2.4e provider overrides": Step(
        "Task 3.2, OAuth Provider Overrides: *Enable OAuth2 Provider Overrides* seems to be off; or ",
        NO_EXCHANGE,
        agent_with(console.OVERRIDES, providerOverridesEnabled=False),
    ),
    "3.2.4f client-side tokens": Step(
        "Task 3.2, OAuth Provider Overrides: .*Use Client-Side Access & Refresh Tokens* seems to be off",
        {"OBO-3.2-03"},
        agent_with(console.OVERRIDES, statelessTokensEnabled=False),
    ),
    "3.2.4g audience parameters": Step(
        "Task 3.2, .*Accept Audience Parameters in Token Exchange Requests* seems to be off; or ",
        NO_EXCHANGE,
        agent_with(console.OVERRIDES, acceptAudienceParametersInTokenExchangeRequests=False),
    ),
    "3.2.5b a privilege on the application": Step(
        "Task 3.2, .*Applications: the application seems not to have been added as *Resource* — " + EXCHANGE_REFUSED,
        NO_EXCHANGE,
        without_privilege,
    ),
    "3.2.5d the user among the subjects": Step(
        "Task 3.2, .*neither *Subjects* nor *Subject Groups* seem to cover the user — " + EXCHANGE_REFUSED,
        NO_EXCHANGE,
        privilege_with("/subjects", []),
    ),
    "3.2.5e the scope among the permissions": Step(
        ".*Task 3.2, Applications: *Permissions* seem to ",
        {"OBO-3.2-11", *NO_EXCHANGE},
        privilege_with("/permissions", [{"type": "scopes", "values": ["write-data"]}]),
    ),
    "3.2.5e permissions left empty": Step(
        "Task 3.2, Applications: *Permissions* seem to hold more scopes than this run was told, or none",
        {"OBO-3.2-11"},
        privilege_with("/permissions", []),
    ),
}

CREDENTIALS = {
    "2.1.4b the application's secret": Step(
        "OBO_APPLICATION_CLIENT_SECRET: wrong credentials: .*(Task 2.1, step 4b ",
        set(),
        changed={"OBO_APPLICATION_CLIENT_SECRET": "not-the-secret"},
    ),
    "3.1.1 the AI agent's secret": Step(
        "OBO_AGENT_CLIENT_SECRET: wrong credentials: .*(Task 3.1, step 1 ",
        set(),
        changed={"OBO_AGENT_CLIENT_SECRET": "not-the-secret"},
    ),
    "4.1.1 an active user": Step(
        "OBO_END_USER_PASSWORD: wrong credentials: .*an account that is not active (Task 4.1, step 1 ",
        set(),
        inactive_user,
    ),
    "4.1.1 the user's password": Step(
        "OBO_END_USER_PASSWORD: wrong credentials: .*(Task 4.1, step 1 ",
        set(),
        changed={"OBO_END_USER_PASSWORD": "not-the-password"},
    ),
}
"""Of these the run itself is told before its first scenario: hundreds of log-ins would lock an account."""


@pytest.fixture
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


def pattern_of(step: Step) -> str:
    return re.escape(step.named).replace(re.escape(".*"), ".*")


def run_with(step: Step, tenant: ReferenceServer, folder: Path) -> Finished:
    """A run in which one step of the guide is not done."""
    with Http() as http:
        admin = Administration(http, tenant.url, "alpha", tenant.service_account)
        provisioning = Provisioning.begin(admin, folder / "journal")
        cast = guide_cast(provisioning)
        provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
        step.undo(admin, cast)
    variables = hand_made_variables(tenant.url, cast) | step.changed
    return run(variables, folder / "results", "-m", SELECTED)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_the_first_line_of_every_message_names_the_undone_step(
    step: Step, tenant: ReferenceServer, tmp_path: Path
) -> None:
    finished = run_with(step, tenant, tmp_path)
    assert finished.status == 1, finished.output
    first_lines = {message.partition("\n")[0] for message in finished.messages("failed").values()}
    assert not [line for line in first_lines if not re.match(pattern_of(step), line)]
    assert finished.outcomes("failed") == step.failed


@pytest.mark.parametrize("step", CREDENTIALS.values(), ids=CREDENTIALS)
def test_wrong_credentials_end_the_run_before_it_begins(step: Step, tenant: ReferenceServer, tmp_path: Path) -> None:
    finished = run_with(step, tenant, tmp_path)
    assert finished.status == 10, finished.output
    assert re.search(pattern_of(step), finished.output)
