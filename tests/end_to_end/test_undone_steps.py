"""An administrator left out one step of the guide: a run against what was made by hand says which one.

Each case undoes one step over the administration APIs and runs the suite with the eight hand-made variables alone. The
requirements of that step fail, and what builds on it fails or is not verified; each message names the step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from tests.end_to_end.conformance_run import hand_made_variables, run

Change = Callable[[Administration, Cast], object]
NO_LOGIN = {"OBO-4.1T-01", "OBO-4.1T-02", "OBO-2.2-03"}
NO_EXCHANGE = {"OBO-4.2X-01", "OBO-3.2-08", "OBO-3.2-09", "OBO-3.2-14"}
REFUSED = "Task 3.2, steps 4e and 4g .* or steps 5a to 5d"


@dataclass(frozen=True)
class Step:
    """`undo` undoes it, `named` is how every message names it, `failed` are the requirements that fail without it."""

    undo: Change
    named: str
    failed: set[str]


def without_exchange_at_the_provider(admin: Administration, _: Cast) -> None:
    grants = [grant for grant in admin.provider_grants() if grant != TOKEN_EXCHANGE]
    admin.save_provider(console.with_provider_grants(admin.provider(), grants))


def without_password_grant(admin: Administration, cast: Cast) -> None:
    document = admin.client(cast.application.client_id) or {}
    grants = [grant for grant in console.value_of(document, console.ADVANCED, "grantTypes") if grant != PASSWORD]
    admin.put_client(cast.application.client_id, console.with_values(document, console.ADVANCED, grantTypes=grants))


def switched_off(switch: str) -> Change:
    def undo(admin: Administration, cast: Cast) -> None:
        document = admin.agent(cast.agent.client_id) or {}
        admin.put_agent(cast.agent.client_id, console.with_values(document, console.OVERRIDES, **{switch: False}))

    return undo


def without_privilege(admin: Administration, cast: Cast) -> None:
    admin.delete("aiagentprivilege", cast.agent_privilege)


def privilege_with(field: str, value: list[Any]) -> Change:
    def undo(admin: Administration, cast: Cast) -> None:
        operation = {"operation": "replace", "field": field, "value": value}
        admin.patch("aiagentprivilege", cast.agent_privilege, [operation])

    return undo


STEPS = {
    "1.2a token exchange at the provider": Step(
        without_exchange_at_the_provider, "Task 1, step 2a", {"OBO-1-01", *NO_EXCHANGE}
    ),
    "2.2.4a password among the application's grants": Step(without_password_grant, "Task 2.2, step 4a", NO_LOGIN),
    "3.2.4e provider overrides": Step(switched_off("providerOverridesEnabled"), REFUSED, NO_EXCHANGE),
    "3.2.4f client-side tokens": Step(
        switched_off("statelessTokensEnabled"), "Task 3.2, steps 4e and 4f", {"OBO-3.2-03"}
    ),
    "3.2.4g audience parameters": Step(
        switched_off("acceptAudienceParametersInTokenExchangeRequests"), REFUSED, NO_EXCHANGE
    ),
    "3.2.5 a privilege": Step(without_privilege, REFUSED, NO_EXCHANGE),
    "3.2.5d the user among the subjects": Step(privilege_with("/subjects", []), REFUSED, NO_EXCHANGE),
    "3.2.5e the scope among the permissions": Step(
        privilege_with("/permissions", [{"type": "scopes", "values": ["write-data"]}]),
        "Task 3.2, step 5",
        {"OBO-3.2-11", "OBO-SCP-07", *NO_EXCHANGE},
    ),
}


@pytest.fixture
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_an_undone_step_is_named(step: Step, tenant: ReferenceServer, tmp_path: Path) -> None:
    with Http() as http:
        admin = Administration(http, tenant.url, "alpha", tenant.service_account)
        provisioning = Provisioning.begin(admin, tmp_path / "journal")
        cast = guide_cast(provisioning)
        provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
        step.undo(admin, cast)
    finished = run(hand_made_variables(tenant.url, cast), tmp_path / "results")
    assert finished.status == 1, finished.output
    messages = finished.messages("failed").values()
    assert not [message for message in messages if not re.search(step.named, message)]
    assert finished.outcomes("failed") == step.failed
