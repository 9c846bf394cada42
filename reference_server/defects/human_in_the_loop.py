"""Approval that is not the user's, or is worth more than the user said (OpenID CIBA Core)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference_server.defects.registry import defect
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.backchannel_authentication import HINTS
from reference_server.oauth.backchannel_requests import BackchannelRequest, Decision
from reference_server.oauth.form import Form
from reference_server.planting import always, in_each_realm


@defect(
    "ciba-auth-req-id-unbound",
    "OBO-HIL-03",
    wrong="an auth_req_id works for every client with the grant, and more than once",
    family="beyond the guide",
    core=True,
)
@in_each_realm
def ciba_auth_req_id_unbound(server: AuthorizationServer) -> None:
    server.ciba.belongs_to = always(True)
    server.ciba.is_redeemed = always(False)


@defect(
    "ciba-auto-approve",
    "OBO-HIL-01",
    wrong="a request needs no user, it is approved from the start",
    family="beyond the guide",
)
@in_each_realm
def ciba_auto_approve(server: AuthorizationServer) -> None:
    original = server.ciba.decision
    server.ciba.decision = lambda request: original(request) or "approve"


@defect(
    "ciba-multiple-hints",
    "OBO-HIL-01",
    wrong="of several hints the first decides who is asked",
    family="beyond the guide",
)
@in_each_realm
def ciba_multiple_hints(server: AuthorizationServer) -> None:
    original = server.backchannel_authentication.hint

    def hint(claims: Mapping[str, Any]) -> str:
        return next((name for name in HINTS if claims.get(name)), "") or original(claims)

    server.backchannel_authentication.hint = hint


@defect(
    "ciba-denial-ignored",
    "OBO-HIL-02",
    wrong="a request that the user denied can be redeemed",
    family="beyond the guide",
)
@in_each_realm
def ciba_denial_ignored(server: AuthorizationServer) -> None:
    original = server.ciba.decision

    def decision(request: BackchannelRequest) -> Decision | None:
        return original(request) and "approve"

    server.ciba.decision = decision


@defect(
    "ciba-scope-not-bound",
    "OBO-HIL-04",
    wrong="the token has the scope of the poll, not the one that the user approved",
    family="beyond the guide",
)
@in_each_realm
def ciba_scope_not_bound(server: AuthorizationServer) -> None:
    original = server.ciba.granted_scopes

    def granted_scopes(request: BackchannelRequest, form: Form) -> tuple[str, ...]:
        return server.scopes.parse(form.text("scope") or "") or original(request, form)

    server.ciba.granted_scopes = granted_scopes
