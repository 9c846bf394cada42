"""Everything that an administrator can see on a tenant, to compare before and after."""

from __future__ import annotations

import json
from typing import Any

from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from reference_server.server import ReferenceServer

KINDS = ("user", "group", "application", "aiagent", "aiagentprivilege")


def listing(server: ReferenceServer) -> dict[str, Any]:
    """Provider settings, OAuth clients, AI agents and managed objects of both realms."""
    found: dict[str, Any] = {}
    with Http() as http:
        for realm in ("alpha", "bravo"):
            admin = Administration(http, server.url, realm, server.service_account)
            managed = {kind: admin.query(kind, "true", ["*"]) for kind in KINDS}
            clients = {"provider": admin.provider(), "clients": admin.clients(), "agents": admin.agents()}
            found[realm] = clients | managed
    return found


def service_account_variables(server: ReferenceServer) -> dict[str, str]:
    """What lets a run do the guide's tasks on a server."""
    account = server.service_account
    return {
        "OBO_TENANT_URL": server.url,
        "OBO_SERVICE_ACCOUNT_ID": account.id,
        "OBO_SERVICE_ACCOUNT_JWK": json.dumps(account.jwk),
        "OBO_APPROVER_URL": server.approver_url("alpha"),
        "OBO_PROPAGATION_SECONDS": "0",
    }
