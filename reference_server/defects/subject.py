"""F2, subject: on whose behalf the agent acts, and which tokens may say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reference_server.defects.registry import defect
from reference_server.idm.relationship_fields import Target
from reference_server.idm.schema import ManagedType, Relationship
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.form import Form
from reference_server.oauth.http import OAuthAnswer, OAuthRequest
from reference_server.oauth.token_exchange_grant import Exchange
from reference_server.oauth.token_issuer import Authorization
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


@defect(
    "sub-becomes-agent",
    "OBO-4.2I-02",
    "OBO-SUB-01",
    wrong="the top-level `sub` of the exchanged token is the agent",
    family="subject",
    core=True,
)
@in_each_realm
def sub_becomes_agent(server: AuthorizationServer) -> None:
    server.token_exchange.subject = lambda exchange: exchange.client.id


@defect(
    "requested-subject-honoured",
    "OBO-SUB-02",
    wrong="a parameter (requested_subject, subject, sub, username, login_hint, user_id) overrides the token's subject",
    family="subject",
    core=True,
)
@in_each_realm
def requested_subject_honoured(server: AuthorizationServer) -> None:
    exchange_grant, users = server.token_exchange, server.users
    subject, authentication = exchange_grant.subject, exchange_grant.authentication

    def requested(exchange: Exchange) -> str | None:
        for name in ("requested_subject", "subject", "sub", "username", "login_hint", "user_id"):
            value = exchange.form.text(name)
            if value is not None and (user := value if users.profile(value) else users.named(value)):
                return user
        return None

    def authenticating(exchange: Exchange) -> Mapping[str, Any]:
        user = requested(exchange)
        return authentication(exchange) if user is None else {**authentication(exchange), "subname": user}

    exchange_grant.subject = lambda exchange: requested(exchange) or subject(exchange)
    exchange_grant.authentication = authenticating


@defect(
    "subject-cache-cross-user",
    "OBO-SUB-01",
    wrong="the resolved subject is cached per agent and served to its next exchange, whoever that is for",
    family="subject",
    core=True,
)
@in_each_realm
def subject_cache_cross_user(server: AuthorizationServer) -> None:
    subject, authentication = server.token_exchange.subject, server.token_exchange.authentication
    subjects: dict[str, str] = {}
    authentications: dict[str, Mapping[str, Any]] = {}
    server.token_exchange.subject = lambda exchange: subjects.setdefault(exchange.client.id, subject(exchange))
    server.token_exchange.authentication = lambda exchange: authentications.setdefault(
        exchange.client.id, authentication(exchange)
    )


@defect(
    "subject-match-by-username",
    "OBO-SUB-05",
    wrong="matches Subjects by user name, so that a re-created or renamed account takes over the privilege",
    family="subject",
    core=True,
)
def subject_match_by_username(tenant: Tenant) -> None:
    assign, selected = tenant.managed.fields.assign, dict[str, set[str]]()

    def names(targets: Iterable[Target]) -> set[str]:
        users = (
            tenant.managed.get(collection.removeprefix("managed/"), user) or {} for (collection, user), _ in targets
        )
        return {str(user.get("userName")).casefold() for user in users}

    def assigning(managed_type: ManagedType, object_id: str, targets: Mapping[Relationship, list[Target]]) -> bool:
        for relationship, wanted in targets.items():
            if managed_type.kind == "aiagentprivilege" and relationship.name == "subjects":
                selected[object_id] = names(wanted)
        return assign(managed_type, object_id, targets)

    def match_by_name(server: AuthorizationServer) -> None:
        def selecting(privilege: str, user_id: str) -> bool:
            user = server.users.profile(user_id) or {}
            return str(user.get("userName")).casefold() in selected.get(privilege, ())

        server.privileges.selects_user = selecting

    tenant.managed.fields.assign = assigning
    in_each_realm(match_by_name)(tenant)


@defect(
    "id-token-as-access-token",
    "OBO-SUB-03",
    wrong="verifies signature and issuer of a subject token only: an ID token passes as an access token",
    family="subject",
    core=True,
)
@in_each_realm
def id_token_as_access_token(server: AuthorizationServer) -> None:
    _accept_as_access_token(server, terms.ID_TOKEN)


@defect(
    "refresh-token-as-access-token",
    "OBO-SUB-03",
    wrong="a refresh token passes as the access token that is exchanged",
    family="subject",
)
@in_each_realm
def refresh_token_as_access_token(server: AuthorizationServer) -> None:
    _accept_as_access_token(server, terms.REFRESH_TOKEN)


def _accept_as_access_token(server: AuthorizationServer, kind: str) -> None:
    subject_token = server.exchange_tokens.subject_token

    def accepting(value: str, token_type: str) -> Token | None:
        token = subject_token(value, token_type)
        return server.store.find(value, kind) if token is None and token_type == terms.ACCESS_TOKEN_TYPE else token

    server.exchange_tokens.subject_token = accepting


@defect(
    "cross-realm-token-accepted",
    "OBO-SUB-04",
    wrong="looks keys, tokens and people up in all realms: another realm's token may be exchanged and introspected",
    family="subject",
    core=True,
)
def cross_realm_token_accepted(tenant: Tenant) -> None:
    finders = [server.store.find for server in tenant.oauth.values()]
    judges = {server.issuer_url: server.status.is_active for server in tenant.oauth.values()}

    def find(value: str, name: str) -> Token | None:
        return next((token for finder in finders if (token := finder(value, name))), None)

    def trust_every_realm(server: AuthorizationServer) -> None:
        covers, may_see = server.privileges.covers, server.introspection.may_see
        server.store.find = find
        server.status.is_active = lambda token: judges[token.claims["iss"]](token)
        # The realm's privileges and audiences know nothing of another realm's people and clients.
        server.privileges.covers = lambda privilege, agent, subject: (
            subject.claims["iss"] != server.issuer_url or covers(privilege, agent, subject)
        )
        server.introspection.may_see = lambda caller, token: (
            token.claims["iss"] != server.issuer_url or may_see(caller, token)
        )

    in_each_realm(trust_every_realm)(tenant)


@defect(
    "realm-path-ignored",
    "OBO-SUB-04",
    wrong="the realm is not taken from the path: a client is served wherever it knocks, in the realm that knows it",
    family="subject",
)
def realm_path_ignored(tenant: Tenant) -> None:
    answers = [server.answer for server in tenant.oauth.values()]

    def serve(server: AuthorizationServer) -> None:
        own = server.answer

        def answering(path: str, request: OAuthRequest) -> OAuthAnswer:
            here = own(path, request)
            if here.body.get("error") != "invalid_client":
                return here
            anywhere = (answer(path, request) for answer in answers)
            return next((found for found in anywhere if found.body.get("error") != "invalid_client"), here)

        server.answer = answering

    in_each_realm(serve)(tenant)


@defect(
    "missing-subject-falls-back-to-client",
    "OBO-4.2X-05",
    wrong="where `subject_token` is empty or blank the client itself becomes the subject",
    family="subject",
    core=True,
)
@in_each_realm
def missing_subject_falls_back_to_client(server: AuthorizationServer) -> None:
    grant, privileges = server.token_exchange, server.privileges
    pairs, read, covers = server.form_reader.pairs, grant.read, privileges.covers

    def keeping_blanks(request: OAuthRequest) -> Iterable[tuple[str, str]]:
        return [(name, value or " ") if name == "subject_token" else (name, value) for name, value in pairs(request)]

    def own_token(client: Client, scopes: tuple[str, ...]) -> Token:
        authorization = server.client_credentials.authorization(client, scopes)
        claims = server.issuer.oauth_claims(authorization, terms.ACCESS_TOKEN, client.access_token_lifetime)
        return Token("", claims, stateless=False)

    def falling_back(client: Client, form: Form) -> Exchange:
        if not (form.text("subject_token") or "").isspace():
            return read(client, form)
        scopes, audiences = grant.requested_scopes(client, form), grant.audiences(client, form)
        return Exchange(client, form, own_token(client, scopes), grant.requested_type(form), audiences, scopes)

    server.form_reader.pairs = keeping_blanks
    grant.read = falling_back
    privileges.covers = lambda privilege, agent, subject: not subject.value or covers(privilege, agent, subject)


@defect(
    "client-token-as-user-subject",
    "OBO-SUB-06",
    wrong="a subject token without a user becomes one with the user that the agent last acted for",
    family="subject",
    warning=True,
)
@in_each_realm
def client_token_as_user_subject(server: AuthorizationServer) -> None:
    read, last = server.token_exchange.read, _last_user_tokens(server)

    def reading(client: Client, form: Form) -> Exchange:
        exchange = read(client, form)
        return (
            exchange if exchange.subject.end_user else replace(exchange, subject=last.get(client.id, exchange.subject))
        )

    server.token_exchange.read = reading


@defect(
    "cc-token-carries-user",
    "OBO-AUT-01",
    wrong="the user of an agent's last exchange leaks into the token that it gets for itself",
    family="subject",
)
@in_each_realm
def cc_token_carries_user(server: AuthorizationServer) -> None:
    authorization, last = server.client_credentials.authorization, _last_user_tokens(server)

    def leaking(client: Client, scopes: tuple[str, ...]) -> Authorization:
        own = authorization(client, scopes)
        return replace(own, authentication={"subname": last[client.id].end_user}) if client.id in last else own

    server.client_credentials.authorization = leaking


def _last_user_tokens(server: AuthorizationServer) -> dict[str, Token]:
    """The user's token that each agent exchanged last."""
    authorise, last = server.token_exchange.authorise, dict[str, Token]()

    def remembering(exchange: Exchange) -> tuple[str, ...]:
        scopes = authorise(exchange)
        if exchange.subject.end_user:
            last[exchange.client.id] = exchange.subject
        return scopes

    server.token_exchange.authorise = remembering
    return last
