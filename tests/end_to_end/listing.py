"""Everything that an administrator can see on a tenant, to compare before and after."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any, Protocol

from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.service_account import ServiceAccountKey

KINDS = ("user", "group", "application", "aiagent", "aiagentprivilege")


class Server(Protocol):
    """A tenant, and who may administer it."""

    @property
    def url(self) -> str: ...

    @property
    def service_account(self) -> ServiceAccountKey: ...

    def approver_url(self, realm: str, /) -> str: ...


def listing(server: Server, session: Administration | None = None) -> dict[str, Any]:
    """Provider settings, OAuth clients, AI agents and managed objects of both realms; `session` spares a log-in."""
    found: dict[str, Any] = {}
    with nullcontext(session.http) if session else Http() as http:
        session = session or Administration(http, server.url, "alpha", server.service_account)
        for realm in ("alpha", "bravo"):
            admin = session.in_realm(realm)
            managed = {kind: admin.query(kind, "true", ["*"]) for kind in KINDS}
            clients = {"provider": admin.provider(), "clients": admin.clients(), "agents": admin.agents()}
            found[realm] = clients | managed
    return found


def difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The parts of two listings that differ."""
    return "\n".join(
        f"{realm} {kind}:\n- {before[realm][kind]}\n+ {after[realm][kind]}"
        for realm in before
        for kind in before[realm]
        if before[realm][kind] != after[realm][kind]
    )


def service_account_variables(server: Server) -> dict[str, str]:
    """What lets a run do the guide's tasks on a server."""
    account = server.service_account
    return {
        "OBO_TENANT_URL": server.url,
        "OBO_SERVICE_ACCOUNT_ID": account.id,
        "OBO_SERVICE_ACCOUNT_JWK": json.dumps(dict(account.jwk)),
        "OBO_APPROVER_URL": server.approver_url("alpha"),
        "OBO_PROPAGATION_SECONDS": "0",
    }
