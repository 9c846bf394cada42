"""The exchange: what it asks for, what comes of it, and whose name is on it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reference_server.am.agents import OAUTH2_CLIENT, AgentRegistry
from reference_server.defects.registry import defect
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import OAuthError, invalid_audience, invalid_exchange
from reference_server.oauth.form import Form
from reference_server.oauth.http import OAuthRequest
from reference_server.oauth.token_exchange_grant import Exchange
from reference_server.oauth.token_issuer import Authorization, IssuedToken
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm, show

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


def subjects(server: AuthorizationServer) -> Mapping[str | None, Token]:
    """The subject token of each exchange, by the grant id of what came of it."""
    found: dict[str | None, Token] = {}
    original = server.token_exchange.authorization

    def authorization(exchange: Exchange, scopes: tuple[str, ...]) -> Authorization:
        made = original(exchange, scopes)
        found[made.grant_id] = exchange.subject
        return made

    server.token_exchange.authorization = authorization
    return found


@defect(
    "actor-token-required",
    "OBO-4.2X-01",
    wrong="an exchange without actor_token is refused",
    family="actor",
)
@in_each_realm
def actor_token_required(server: AuthorizationServer) -> None:
    original = server.exchange_tokens.check_actor

    def check_actor(client: Client, form: Form) -> None:
        if form.text("actor_token") is None:
            raise invalid_exchange()
        original(client, form)

    server.exchange_tokens.check_actor = check_actor


@defect(
    "issued-token-type-missing",
    "OBO-4.2X-02",
    wrong="the answer does not say the type of the issued token",
    family="protocol",
)
@in_each_realm
def issued_token_type_missing(server: AuthorizationServer) -> None:
    original = server.token_exchange.answer

    def answer(client: Client, form: Form) -> dict[str, Any]:
        return {name: value for name, value in original(client, form).items() if name != "issued_token_type"}

    server.token_exchange.answer = answer


@defect(
    "exchange-echoes-subject-token",
    "OBO-4.2X-02",
    wrong="the token that comes out is the one that went in",
    family="subject",
)
@in_each_realm
def exchange_echoes_subject_token(server: AuthorizationServer) -> None:
    original = server.token_exchange.answer
    server.token_exchange.answer = lambda client, form: (
        original(client, form) | {"access_token": form.text("subject_token")}
    )


@defect(
    "subject-token-type-ignored",
    "OBO-4.2X-06",
    wrong="subject_token_type is not read",
    family="subject",
)
@in_each_realm
def subject_token_type_ignored(server: AuthorizationServer) -> None:
    pairs, genuine = server.form_reader.pairs, server.exchange_tokens.genuine

    def overruled(request: OAuthRequest) -> list[tuple[str, str]]:
        sent = [(name, value) for name, value in pairs(request) if name != "subject_token_type"]
        return [*sent, ("subject_token_type", terms.ACCESS_TOKEN_TYPE)]

    def any_type(value: str, token_type: str) -> Token | None:
        return genuine(value, token_type) or genuine(value, terms.ID_TOKEN_TYPE)

    server.form_reader.pairs = overruled
    server.exchange_tokens.subject_token = any_type


@defect(
    "requested-token-type-ignored",
    "OBO-4.2X-06",
    wrong="an access token is issued whatever was asked for, and labelled as what was asked for",
    family="protocol",
)
@in_each_realm
def requested_token_type_ignored(server: AuthorizationServer) -> None:
    server.token_exchange.requested_type = lambda form: form.text("requested_token_type") or terms.ACCESS_TOKEN_TYPE
    server.token_exchange.issue = lambda exchange, authorization: server.issuer.access_token(authorization)


@defect(
    "empty-audience-wildcard",
    "OBO-4.2X-07",
    wrong="an exchange without audience is for every application of the realm",
    family="audience",
)
def empty_audience_wildcard(tenant: Tenant) -> None:
    for name, server in tenant.oauth.items():
        default_to_every_application(server, tenant.realms[name].agents)


def default_to_every_application(server: AuthorizationServer, registry: AgentRegistry) -> None:
    """Where no audience is named, let one privilege do for all applications."""
    audiences, authorise = server.token_exchange.audiences, server.token_exchange.authorise

    def every(client: Client, form: Form) -> tuple[str, ...]:
        named = form.every("audience") or not client.accept_audience
        return audiences(client, form) if named else tuple(record.id for record in registry.all(OAUTH2_CLIENT))

    def one_for_all(exchange: Exchange) -> tuple[str, ...]:
        if exchange.form.every("audience"):
            return authorise(exchange)
        for audience in exchange.audiences:
            with contextlib.suppress(OAuthError):
                return server.privileges.grant(exchange.client, exchange.subject, audience, exchange.scopes)
        raise invalid_audience()

    server.token_exchange.audiences = every
    server.token_exchange.authorise = one_for_all


@defect(
    "exchange-consumes-subject-token",
    "OBO-4.2X-08",
    wrong="a subject token can be exchanged once",
    family="subject",
)
@in_each_realm
def exchange_consumes_subject_token(server: AuthorizationServer) -> None:
    consumed: set[str] = set()
    issue, may_seed = server.token_exchange.issue, server.exchange_tokens.may_seed

    def consume(exchange: Exchange, authorization: Authorization) -> IssuedToken:
        consumed.add(exchange.subject.id)
        return issue(exchange, authorization)

    server.token_exchange.issue = consume
    server.exchange_tokens.may_seed = lambda token: token.id not in consumed and may_seed(token)


@defect(
    "act-as-string",
    "OBO-4.2I-03",
    wrong="act is a string",
    family="actor",
)
@in_each_realm
def act_as_string(server: AuthorizationServer) -> None:
    show(server, lambda token: {} if token.actor is None else {"act": token.actor["sub"]})


@defect(
    "spurious-nested-act",
    "OBO-4.2I-04",
    wrong="a first exchange names an actor before the agent",
    family="actor",
    warning=True,
)
@in_each_realm
def spurious_nested_act(server: AuthorizationServer) -> None:
    original = server.token_exchange.actor

    def actor(exchange: Exchange) -> Mapping[str, Any]:
        return {"act": {"sub": "token-exchange-service"}, **original(exchange)}

    server.token_exchange.actor = actor


@defect(
    "introspection-scope-from-subject",
    "OBO-4.2I-05",
    wrong="introspection of an exchanged token shows the scope of the token that it was exchanged from",
    family="scope",
)
@in_each_realm
def introspection_scope_from_subject(server: AuthorizationServer) -> None:
    subject_of, original = subjects(server), server.introspection.active

    def active(token: Token) -> dict[str, Any]:
        return original(token) | {"scope": " ".join(subject_of.get(token.grant_id, token).scopes)}

    server.introspection.active = active


@defect(
    "exchanged-client-id-stays-app",
    "OBO-4.2I-06",
    wrong="client_id of an exchanged token is that of the token that it was exchanged from",
    family="actor",
)
@in_each_realm
def exchanged_client_id_stays_app(server: AuthorizationServer) -> None:
    subject_of = subjects(server)
    show(server, lambda token: {"client_id": subject_of.get(token.grant_id, token).client_id})


@defect(
    "user-fields-become-agent",
    "OBO-4.2I-06",
    wrong="user_id and username of an exchanged token name the agent",
    family="subject",
)
@in_each_realm
def user_fields_become_agent(server: AuthorizationServer) -> None:
    original = server.introspection.active

    def active(token: Token) -> dict[str, Any]:
        told = original(token)
        names = ("user_id", "username") if token.actor is not None else ()
        return told | {name: token.client_id for name in names if name in told}

    server.introspection.active = active


@defect(
    "exchange-issuer-differs",
    "OBO-4.2I-07",
    wrong="iss of an exchanged token is the root of the server",
    family="token integrity",
)
@in_each_realm
def exchange_issuer_differs(server: AuthorizationServer) -> None:
    root = server.issuer_url.partition("/realms/")[0]
    show(server, lambda token: {} if token.actor is None else {"iss": root})


@defect(
    "audit-id-reused",
    "OBO-LOG-01",
    wrong="authGrantId and auditTrackingId of an exchanged token are those of its subject token",
    family="protocol",
    warning=True,
)
@in_each_realm
def audit_id_reused(server: AuthorizationServer) -> None:
    subject_of = subjects(server)

    def trail(token: Token) -> dict[str, Any]:
        subject = subject_of.get(token.grant_id, token)
        names = ("authGrantId", "auditTrackingId")
        return {name: subject.claims[name] for name in names if name in subject.claims}

    show(server, trail)
