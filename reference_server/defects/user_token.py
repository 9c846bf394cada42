"""The password grant: who gets a user's token, and what is in it."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from reference_server.defects.registry import defect
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import OAuthError
from reference_server.oauth.form import Form
from reference_server.oauth.password_grant import PasswordGrant
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.tokens import Token
from reference_server.planting import always, in_each_realm, show

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


def scopes_at_login(server: AuthorizationServer) -> Scopes:
    """The rules for scopes as the password grant alone applies them."""
    server.password.scopes = copy(server.password.scopes)
    return server.password.scopes


@defect(
    "expires-in-as-string",
    "OBO-4.1T-01",
    wrong="expires_in of the password grant is a string",
    family="protocol",
)
@in_each_realm
def expires_in_as_string(server: AuthorizationServer) -> None:
    original = server.password.answer

    def answer(client: Client, form: Form) -> dict[str, Any]:
        body = original(client, form)
        return body | {"expires_in": str(body["expires_in"])}

    server.password.answer = answer


@defect(
    "ropc-grants-all-app-scopes",
    "OBO-4.1T-02",
    wrong="the password grant gives all scopes of the application, whichever are asked for",
    family="scope",
)
@in_each_realm
def ropc_grants_all_app_scopes(server: AuthorizationServer) -> None:
    scopes_at_login(server).requested = lambda text, client: tuple(client.scopes)


@defect(
    "unregistered-scope-granted",
    "OBO-4.1T-03",
    wrong="the password grant gives scopes that the application does not have",
    family="scope",
)
@in_each_realm
def unregistered_scope_granted(server: AuthorizationServer) -> None:
    scopes_at_login(server).grant = lambda permitted, requested: tuple(requested)


@defect(
    "user-enumeration-by-error",
    "OBO-4.1T-04",
    wrong="an unknown user is refused in other words than a wrong password",
    family="protocol",
    warning=True,
)
def user_enumeration_by_error(tenant: Tenant) -> None:
    for realm, server in tenant.oauth.items():
        tell_who_exists(server.password, partial(tenant.managed.find, f"{realm}_user", "userName"))


def tell_who_exists(grant: PasswordGrant, find: Callable[[str], object]) -> None:
    """Refuse a user name that finds nobody in words of its own."""
    original = grant.log_in

    def log_in(username: str, password: str) -> str:
        if find(username) is None:
            raise OAuthError("invalid_grant", "User not found")
        return original(username, password)

    grant.log_in = log_in


@defect(
    "password-not-checked",
    "OBO-4.1T-04",
    wrong="any password of an existing user will do",
    family="subject",
)
@in_each_realm
def password_not_checked(server: AuthorizationServer) -> None:
    server.users.password_matches = always(True)


@defect(
    "act-on-user-token",
    "OBO-4.1I-02",
    wrong="in a user's own token the application acts",
    family="actor",
)
@in_each_realm
def act_on_user_token(server: AuthorizationServer) -> None:
    def act(token: Token) -> dict[str, Any]:
        return {} if token.end_user is None or token.actor is not None else {"act": {"sub": token.client_id}}

    show(server, act)
