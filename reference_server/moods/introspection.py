"""Introspection: who may ask, and how much is told (RFC 7662)."""

from __future__ import annotations

from typing import Any

from reference_server.moods.registry import mood
from reference_server.moods.tokens import without
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import OAuthError
from reference_server.oauth.form import Form
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

VENDOR = ("realm", "user_id", "subname", "auth_level", "authGrantId", "auditTrackingId", "expires_in")


@mood(
    "introspection-by-the-audience",
    differs="an agent's token is inactive to the agent: only the application may introspect it",
    allowed_by="RFC 7662 section 4; A-28, OBO-4.2I-01",
)
@in_each_realm
def introspection_by_the_audience(server: AuthorizationServer) -> None:
    may_see = server.introspection.may_see

    def may(caller: Client, token: Token) -> bool:
        return may_see(caller, token) and (token.actor is None or caller.id != token.client_id)

    server.introspection.may_see = may


@mood(
    "introspection-by-the-owner",
    differs="a token is inactive to everybody but the client that got it",
    allowed_by="RFC 7662 section 4; OBO-4.2I-08",
)
@in_each_realm
def introspection_by_the_owner(server: AuthorizationServer) -> None:
    server.introspection.may_see = lambda caller, token: caller.id == token.client_id


@mood(
    "introspection-forbidden-to-others",
    differs="who may not introspect a token gets 403 access_denied",
    allowed_by="RFC 7662 section 2.2 leaves room for an error; aic-api F18",
)
@in_each_realm
def introspection_forbidden_to_others(server: AuthorizationServer) -> None:
    introspection, answer = server.introspection, server.introspection.answer

    def answering(caller: Client, form: Form) -> dict[str, Any]:
        token = introspection.store.find(form.required("token"), terms.ACCESS_TOKEN)
        if token and introspection.status.is_active(token) and not introspection.may_see(caller, token):
            raise OAuthError("access_denied", "The client may not introspect this token", 403)
        return answer(caller, form)

    introspection.answer = answering


@mood(
    "lean-introspection",
    differs="tells nothing of the vendor's, only what RFC 7662 and RFC 8693 define",
    allowed_by="RFC 7662 section 2.2; OBO-4.1I-04",
)
@in_each_realm
def lean_introspection(server: AuthorizationServer) -> None:
    active = server.introspection.active
    server.introspection.active = lambda token: without(*VENDOR, "username")(active(token))


@mood(
    "rich-introspection",
    differs="tells aud, iat, nbf and jti as well, and members of the vendor's",
    allowed_by="RFC 7662 section 2.2",
)
@in_each_realm
def rich_introspection(server: AuthorizationServer) -> None:
    active = server.introspection.active
    more = {"roles": ["user"], "https://vendor.example/org": {"id": 1}, "acr": "0"}

    def rich(token: Token) -> dict[str, Any]:
        told = {name: token.claims[name] for name in ("aud", "iat", "nbf", "jti")}
        return {**more, **active(token), **told}

    server.introspection.active = rich


@mood(
    "login-name-as-username",
    differs="username is the name that the user logs in with",
    allowed_by="RFC 7662 section 2.2; A-12",
)
@in_each_realm
def login_name_as_username(server: AuthorizationServer) -> None:
    active = server.introspection.active

    def named(token: Token) -> dict[str, Any]:
        user = server.users.profile(token.end_user) if token.end_user else None
        return active(token) | ({"username": user["userName"]} if user else {})

    server.introspection.active = named
