"""An administrator left out one step of the guide: a run against what was made by hand says which one.

Each case undoes one step over the administration APIs, runs the suite with the eight hand-made variables alone, and
expects failures that name the step, in that step's scenarios and those that build on it, and in no others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fixtures.cast import Cast
from fixtures.tenant import console
from fixtures.tenant.admin import Administration
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE

EXCHANGES = "OBO-4.2X-01"
LOGS_IN = "OBO-4.1T-01"
ALL_BY_EXCHANGE = {EXCHANGES}
Change = Callable[[Administration, Cast], Any]


@dataclass(frozen=True)
class Undone:
    """`undo` undoes the step, `names` is how messages call it, `failed` are the requirements that must fail."""

    undo: Change
    names: str
    failed: frozenset[str]


def without_provider_grant(admin: Administration, _: Cast) -> None:
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
        admin.patch(
            "aiagentprivilege", cast.agent_privilege, [{"operation": "replace", "field": field, "value": value}]
        )

    return undo
