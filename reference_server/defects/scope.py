"""F4, scope: how scopes are read, compared, bounded and reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from reference_server.defects.registry import defect
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.delegation_bounds import DelegationBounds
from reference_server.oauth.form import Form
from reference_server.oauth.token_exchange_grant import Exchange
from reference_server.planting import in_each_realm


@defect(
    "any-scope-match-suffices",
    "OBO-SCP-01",
    wrong="if one of the requested scopes is permitted the whole request is granted",
    family="scope",
    core=True,
)
@in_each_realm
def any_scope_match_suffices(server: AuthorizationServer) -> None:
    grant_scopes = server.privileges.grant_scopes

    def granting(privileges: Sequence[str], requested: Sequence[str]) -> tuple[str, ...]:
        return tuple(requested) if _narrowed(server, privileges, requested) else grant_scopes(privileges, requested)

    server.privileges.grant_scopes = granting


@defect(
    "narrowed-scope-not-reported",
    "OBO-4.2X-04",
    "OBO-SCP-01",
    wrong="grants less than asked for, while the answer repeats the request",
    family="scope",
    core=True,
)
@in_each_realm
def narrowed_scope_not_reported(server: AuthorizationServer) -> None:
    grant_scopes, answer = server.privileges.grant_scopes, server.token_exchange.answer

    def narrowing(privileges: Sequence[str], requested: Sequence[str]) -> tuple[str, ...]:
        return _narrowed(server, privileges, requested) or grant_scopes(privileges, requested)

    def repeating(client: Client, form: Form) -> dict[str, Any]:
        return answer(client, form) | {"scope": " ".join(server.token_exchange.requested_scopes(client, form))}

    server.privileges.grant_scopes = narrowing
    server.token_exchange.answer = repeating


def _narrowed(server: AuthorizationServer, privileges: Sequence[str], requested: Sequence[str]) -> tuple[str, ...]:
    """The requested scopes that the most generous of the privileges permits."""
    refused = [server.scopes.refused(server.privileges.permitted_scopes(p), requested) for p in privileges]
    return tuple(scope for scope in requested if scope not in min(refused, key=len))


@defect(
    "scope-case-insensitive",
    "OBO-SCP-02",
    wrong="compares scopes without case",
    family="scope",
    core=True,
)
@in_each_realm
def scope_case_insensitive(server: AuthorizationServer) -> None:
    server.scopes.permits = lambda permitted, scope: scope.casefold() in {name.casefold() for name in permitted}


@defect(
    "scope-prefix-match",
    "OBO-SCP-03",
    wrong="a scope matches one that it begins with or that begins with it: `read` and `read-data:x` match `read-data`",
    family="scope",
    core=True,
)
@in_each_realm
def scope_prefix_match(server: AuthorizationServer) -> None:
    server.scopes.permits = lambda permitted, scope: any(
        name.startswith(scope) or scope.startswith(name) for name in permitted
    )


@defect(
    "scope-comma-split",
    "OBO-SCP-04",
    wrong="splits `scope` on comma, tab, plus and newline as well as on space",
    family="scope",
    core=True,
)
@in_each_realm
def scope_comma_split(server: AuthorizationServer) -> None:
    parse = server.scopes.parse
    server.scopes.parse = lambda text: parse(re.sub(r"[,\t+\r\n]", " ", text))


@defect(
    "scope-duplicates-kept",
    "OBO-SCP-04",
    wrong="repeats in token and answer a scope that was asked for twice",
    family="scope",
    warning=True,
)
@in_each_realm
def scope_duplicates_kept(server: AuthorizationServer) -> None:
    server.scopes.parse = lambda text: tuple(scope for scope in text.split(" ") if scope)


@defect(
    "omitted-scope-grants-all",
    "OBO-4.2X-07",
    wrong="without a `scope` parameter grants all scopes of the application, ignoring Permissions",
    family="scope",
    core=True,
)
@in_each_realm
def omitted_scope_grants_all(server: AuthorizationServer) -> None:
    exchange_grant, clients = server.token_exchange, server.clients
    requested_scopes, authorise = exchange_grant.requested_scopes, exchange_grant.authorise

    def requesting(client: Client, form: Form) -> tuple[str, ...]:
        return () if form.text("scope") is None else requested_scopes(client, form)

    def authorising(exchange: Exchange) -> tuple[str, ...]:
        applications = [client for name in exchange.audiences if (client := clients.active(name))]
        every = dict.fromkeys(scope for application in applications for scope in application.scopes)
        return authorise(exchange) or tuple(every)

    exchange_grant.requested_scopes = requesting
    exchange_grant.authorise = authorising


@defect(
    "empty-grant-means-default-scopes",
    "OBO-SCP-07",
    wrong="where nothing of the request may be granted, grants what the privilege permits by default",
    family="scope",
    warning=True,
)
@in_each_realm
def empty_grant_means_default_scopes(server: AuthorizationServer) -> None:
    grant_scopes = server.privileges.grant_scopes

    def granting(privileges: Sequence[str], requested: Sequence[str]) -> tuple[str, ...]:
        if _narrowed(server, privileges, requested):
            return grant_scopes(privileges, requested)
        return tuple(server.privileges.permitted_scopes(privileges[0])) or grant_scopes(privileges, requested)

    server.privileges.grant_scopes = granting


@defect(
    "stale-permission-scope",
    "OBO-SCP-06",
    wrong="Permissions alone are the bound: a scope taken from the application is still granted",
    family="scope",
)
@in_each_realm
def stale_permission_scope(server: AuthorizationServer) -> None:
    privileges, permitted_scopes = server.privileges, server.privileges.permitted_scopes
    privileges.permitted_scopes = lambda privilege: (
        sorted(privileges.selected_scopes(privilege) or ()) or permitted_scopes(privilege)
    )


@defect(
    "reexchange-widens-scope",
    "OBO-ACT-03",
    wrong="the scope of a second exchange comes from the privilege, not bounded by the token that it starts from",
    family="scope",
    core=True,
)
@in_each_realm
def reexchange_widens_scope(server: AuthorizationServer) -> None:
    excess_scopes = server.bounds.excess_scopes
    server.bounds.excess_scopes = lambda subject, scopes: [] if subject.actor else excess_scopes(subject, scopes)


@defect(
    "upscoping-beyond-subject",
    "OBO-SCP-05",
    wrong="grants scopes that the user's token does not have",
    family="scope",
    core=True,
    hardened=True,
)
@in_each_realm
def upscoping_beyond_subject(server: AuthorizationServer) -> None:
    server.bounds.excess_scopes = DelegationBounds().excess_scopes
