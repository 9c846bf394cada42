"""Most defects bend the authorization server of each realm alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from reference_server.defects.registry import Plant
from reference_server.oauth.authorization_server import AuthorizationServer

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


def in_each_realm(bend: Callable[[AuthorizationServer], None]) -> Plant:
    """The defect of a tenant each of whose authorization servers is bent that way."""

    @wraps(bend)
    def plant(tenant: Tenant) -> None:
        for server in tenant.oauth.values():
            bend(server)

    return plant
