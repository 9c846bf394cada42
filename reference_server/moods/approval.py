"""Approval by the user (OpenID CIBA Core)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_server.moods.refusals import refusing, told
from reference_server.moods.registry import mood
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.planting import in_each_realm

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


@mood(
    "approval-slow-down",
    differs="who polls before the user has decided is always told to slow down",
    allowed_by="OpenID CIBA Core section 11; OBO-HIL-01",
)
@in_each_realm
def approval_slow_down(server: AuthorizationServer) -> None:
    change = told("slow_down", instead_of=("authorization_pending",))
    server.ciba.check_decision = refusing(server.ciba.check_decision, change)


@mood(
    "approval-invalid-grant",
    differs="a request for approval that was denied or has expired is invalid_grant",
    allowed_by="OpenID CIBA Core section 11; OBO-HIL-02",
)
@in_each_realm
def approval_invalid_grant(server: AuthorizationServer) -> None:
    change = told("invalid_grant", instead_of=("access_denied", "expired_token"))
    server.ciba.check_decision = refusing(server.ciba.check_decision, change)


@mood("no-approval", differs="the provider has no backchannel grant", allowed_by="OpenID CIBA is no part of the guide")
def no_approval(tenant: Tenant) -> None:
    for realm in tenant.realms.values():
        shipped = realm.provider.completed({})["advancedOAuth2Config"]["grantTypes"]
        kept = [grant for grant in shipped if grant != terms.CIBA]
        realm.provider.write({"advancedOAuth2Config": {"grantTypes": kept}})
