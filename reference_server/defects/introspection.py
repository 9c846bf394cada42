"""Introspection that answers whom it should not, tells what it should not, or tells it wrong."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any
from urllib.parse import urlsplit

from reference_server.defects.registry import defect
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.discovery import issuer_of
from reference_server.oauth.errors import OAuthError
from reference_server.oauth.form import Form
from reference_server.oauth.http import OAuthAnswer, OAuthRequest
from reference_server.oauth.token_issuer import new_id
from reference_server.oauth.tokens import Token
from reference_server.planting import always, in_each_realm

JWT_ANSWER = "application/token-introspection+jwt"


@defect(
    "active-as-string",
    "OBO-4.1I-01",
    "OBO-4.1I-08",
    "OBO-4.2I-01",
    wrong='active is the string "true" or "false"',
    family="introspection",
    core=True,
)
@in_each_realm
def active_as_string(server: AuthorizationServer) -> None:
    active = server.introspection.active
    server.introspection.active = lambda token: active(token) | {"active": "true"}
    server.introspection.inactive = always({"active": "false"})


@defect(
    "introspection-open",
    "OBO-4.1I-07",
    wrong="a caller without credentials, or with wrong ones, is answered like the token's own client",
    family="introspection",
    core=True,
)
@in_each_realm
def introspection_open(server: AuthorizationServer) -> None:
    original = server.introspect

    def introspect(request: OAuthRequest) -> Mapping[str, Any]:
        try:
            return original(request)
        except OAuthError as refusal:
            if refusal.error != "invalid_client":
                raise
        form = server.form_reader.read(request)
        token = server.store.find(form.required("token"), terms.ACCESS_TOKEN)
        owner = None if token is None else server.clients.active(token.client_id)
        return server.introspection.inactive() if owner is None else server.introspection.answer(owner, form)

    server.introspect = introspect


@defect(
    "inactive-leaks-claims",
    "OBO-4.1I-08",
    "OBO-SEC-02",
    wrong="about an inactive token introspection tells subject, expiry and actor",
    family="introspection",
    core=True,
)
@in_each_realm
def inactive_leaks_claims(server: AuthorizationServer) -> None:
    original = server.introspection.answer

    def answer(caller: Client, form: Form) -> dict[str, Any]:
        told = original(caller, form)
        token = server.store.find(form.required("token"), terms.ACCESS_TOKEN)
        leaked = {} if token is None else {name: token.claims.get(name) for name in ("sub", "exp", "act")}
        return {name: value for name, value in leaked.items() if value is not None} | told

    server.introspection.answer = answer


@defect(
    "jwt-introspection-leak",
    "OBO-SEC-02",
    wrong="to who accepts a JWT, introspection answers with one that tells an inactive token's claims",
    family="introspection",
    warning=True,
)
@in_each_realm
def jwt_introspection_leak(server: AuthorizationServer) -> None:
    introspect, body, headers = server.introspect, server.answers.body, server.answers.headers

    def answer(request: OAuthRequest) -> Mapping[str, Any]:
        told = introspect(request)
        if "jwt" not in (request.header(b"accept") or ""):
            return told
        token = server.store.find(server.form_reader.read(request).required("token"), terms.ACCESS_TOKEN)
        claims = {**({} if token is None else token.claims), **told}
        return {JWT_ANSWER: server.issuer.serialise({"iss": server.issuer_url, "token_introspection": claims})}

    def typed(answer: OAuthAnswer) -> list[tuple[bytes, bytes]]:
        if JWT_ANSWER not in answer.body:
            return headers(answer)
        others = [header for header in headers(answer) if header[0] != b"content-type"]
        return [(b"content-type", JWT_ANSWER.encode()), *others]

    server.introspect = answer
    server.answers.headers = typed
    server.answers.body = lambda answer: str(answer.body.get(JWT_ANSWER) or "").encode() or body(answer)


@defect(
    "introspection-omits-act",
    "OBO-4.2I-03",
    "OBO-JWT-03",
    wrong="introspection does not show who acts, the JWT does",
    family="introspection",
    core=True,
)
@in_each_realm
def introspection_omits_act(server: AuthorizationServer) -> None:
    original = server.introspection.active
    server.introspection.active = lambda token: without_act(original(token))


@defect(
    "introspection-hides-act-from-rs",
    "OBO-4.2I-08",
    wrong="introspection shows who acts to the token's own client alone",
    family="introspection",
    warning=True,
)
@in_each_realm
def introspection_hides_act_from_rs(server: AuthorizationServer) -> None:
    original = server.introspection.answer

    def answer(caller: Client, form: Form) -> dict[str, Any]:
        told = original(caller, form)
        return told if told.get("client_id") == caller.id else without_act(told)

    server.introspection.answer = answer


def without_act(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as if nobody acted for the user."""
    return {name: value for name, value in answer.items() if name != "act"}


@defect(
    "introspection-any-client",
    "OBO-SEC-01",
    wrong="every client may introspect every token of the realm",
    family="introspection",
    core=True,
    warning=True,
)
@in_each_realm
def introspection_any_client(server: AuthorizationServer) -> None:
    server.introspection.may_see = always(True)


@defect(
    "hint-trusted",
    "OBO-SEC-03",
    wrong="a token_type_hint other than access_token makes an access token inactive",
    family="introspection",
)
@in_each_realm
def hint_trusted(server: AuthorizationServer) -> None:
    original = server.introspection.answer

    def answer(caller: Client, form: Form) -> dict[str, Any]:
        misled = (form.text("token_type_hint") or terms.ACCESS_TOKEN) != terms.ACCESS_TOKEN
        return server.introspection.inactive() if misled else original(caller, form)

    server.introspection.answer = answer


@defect(
    "id-token-introspects-active",
    "OBO-SEC-03",
    wrong="an ID token introspects as an active access token",
    family="introspection",
    warning=True,
)
@in_each_realm
def id_token_introspects_active(server: AuthorizationServer) -> None:
    store = server.introspection.store = copy(server.introspection.store)
    is_kind = store.is_kind
    store.is_kind = lambda token, name: token.name == terms.ID_TOKEN or is_kind(token, name)


@defect(
    "exchanged-token-introspects-inactive",
    "OBO-4.2I-01",
    wrong="introspection knows no exchanged tokens",
    family="introspection",
)
@in_each_realm
def exchanged_token_introspects_inactive(server: AuthorizationServer) -> None:
    original = server.introspection.may_see
    server.introspection.may_see = lambda caller, token: token.actor is None and original(caller, token)


@defect(
    "introspection-sub-is-client",
    "OBO-4.1I-02",
    wrong="sub of a user's own token is the client ID",
    family="introspection",
)
@in_each_realm
def introspection_sub_is_client(server: AuthorizationServer) -> None:
    original = server.introspection.active

    def active(token: Token) -> dict[str, Any]:
        return original(token) | ({"sub": token.client_id} if token.actor is None else {})

    server.introspection.active = active


@defect(
    "introspection-scope-array",
    "OBO-4.1I-03",
    wrong="scope is a JSON array",
    family="introspection",
)
@in_each_realm
def introspection_scope_array(server: AuthorizationServer) -> None:
    original = server.introspection.active
    server.introspection.active = lambda token: original(token) | {"scope": token.scopes}


@defect(
    "introspection-client-id-is-caller",
    "OBO-4.1I-04",
    wrong="client_id is the client that asks",
    family="introspection",
)
@in_each_realm
def introspection_client_id_is_caller(server: AuthorizationServer) -> None:
    original = server.introspection.answer

    def answer(caller: Client, form: Form) -> dict[str, Any]:
        told = original(caller, form)
        return told | {"client_id": caller.id} if "client_id" in told else told

    server.introspection.answer = answer


@defect(
    "exp-in-milliseconds",
    "OBO-4.1I-05",
    wrong="exp is in milliseconds",
    family="introspection",
)
@in_each_realm
def exp_in_milliseconds(server: AuthorizationServer) -> None:
    original = server.introspection.active
    server.introspection.active = lambda token: original(token) | {"exp": token.expires_at * 1000}


@defect(
    "introspection-expires-in-constant",
    "OBO-4.1I-05",
    wrong="expires_in is the whole lifetime, however much of it is over",
    family="introspection",
)
@in_each_realm
def introspection_expires_in_constant(server: AuthorizationServer) -> None:
    server.introspection.remaining_seconds = lambda token: token.expires_at - token.issued_at


@defect(
    "issuer-from-host-header",
    "OBO-4.1I-06",
    wrong="iss is made from the host that the caller names",
    family="introspection",
)
@in_each_realm
def issuer_from_host_header(server: AuthorizationServer) -> None:
    original = server.introspect
    scheme, realm = urlsplit(server.issuer_url).scheme, server.issuer_url.rpartition("/")[2]

    def introspect(request: OAuthRequest) -> Mapping[str, Any]:
        told = original(request)
        host = request.header(b"x-forwarded-host") or request.header(b"host")
        return {**told, "iss": issuer_of(f"{scheme}://{host}", realm)} if "iss" in told and host else told

    server.introspect = introspect


@defect(
    "auth-grant-id-unstable",
    "OBO-LOG-01",
    wrong="authGrantId is another one in each answer",
    family="introspection",
    warning=True,
)
@in_each_realm
def auth_grant_id_unstable(server: AuthorizationServer) -> None:
    original = server.introspection.active
    server.introspection.active = lambda token: original(token) | {"authGrantId": new_id()}
