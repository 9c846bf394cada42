"""Clients that are taken for somebody without proof, or for somebody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import TYPE_CHECKING

from reference_server.am.agents import AgentRecord, AgentRegistry
from reference_server.am.documents import Document
from reference_server.defects.registry import defect
from reference_server.hashing import SecretHash
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.client_authentication import Credentials
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import OAuthError, invalid_audience, invalid_client
from reference_server.oauth.form import Form
from reference_server.oauth.http import OAuthRequest
from reference_server.oauth.tokens import Token
from reference_server.planting import always, in_each_realm

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


@defect(
    "exchange-unauthenticated",
    "OBO-CLA-01",
    wrong="for an exchange the client ID is enough, the secret may be left out",
    family="client authentication",
    core=True,
)
@in_each_realm
def exchange_unauthenticated(server: AuthorizationServer) -> None:
    trust_client_id(server, terms.TOKEN_EXCHANGE)


@defect(
    "ropc-client-auth-skipped",
    "OBO-4.1T-05",
    wrong="for the password grant the client ID is enough, the secret may be left out",
    family="client authentication",
)
@in_each_realm
def ropc_client_auth_skipped(server: AuthorizationServer) -> None:
    trust_client_id(server, terms.PASSWORD)


def trust_client_id(server: AuthorizationServer, grant_type: str) -> None:
    """Take a request with this grant type and without any secret for the client that it names."""
    original = server.token_endpoint.authentication
    server.token_endpoint.authentication = copy(original)

    def authenticate(request: OAuthRequest, form: Form) -> Client:
        bare = request.header(b"authorization") is None and form.text("client_secret") is None
        trusted = bare and form.text("grant_type") == grant_type
        client = server.clients.active(form.text("client_id") or "") if trusted else None
        return client or original.authenticate(request, form)

    server.token_endpoint.authentication.authenticate = authenticate


@defect(
    "secret-prefix-compare",
    "OBO-CLA-02",
    wrong="the last character of a secret, and all that follows it, makes no difference",
    family="client authentication",
    core=True,
)
def secret_prefix_compare(tenant: Tenant) -> None:
    for realm in tenant.realms.values():
        keep_prefixes(realm.agents)


class PrefixHash(SecretHash):
    """A secret of which all but the last character is compared."""

    def __init__(self, secret: str) -> None:
        self._compared = max(len(secret) - 1, 1)
        super().__init__(secret)

    def _hash(self, text: str) -> bytes:
        return super()._hash(text[: self._compared])


def keep_prefixes(agents: AgentRegistry) -> None:
    """Keep of each new secret what a careless comparison needs."""
    original = agents.secret_to_keep

    def secret_to_keep(known: AgentRecord | None, document: Document) -> SecretHash | None:
        sent = agents.sent_secret(document)
        return PrefixHash(sent) if sent else original(known, document)

    agents.secret_to_keep = secret_to_keep


@defect(
    "empty-secret-accepted",
    "OBO-CLA-02",
    wrong="an empty client_secret passes for the right one",
    family="client authentication",
)
@in_each_realm
def empty_secret_accepted(server: AuthorizationServer) -> None:
    original = server.authentication.authenticate

    def authenticate(request: OAuthRequest, form: Form) -> Client:
        empty = ("client_secret", "") in server.form_reader.pairs(request)
        client = server.clients.active(form.text("client_id") or "") if empty else None
        return client or original(request, form)

    server.authentication.authenticate = authenticate


@defect(
    "client-id-confusion",
    "OBO-CLA-04",
    wrong="the client of a Basic header is authenticated, the client_id of the body acts",
    family="client authentication",
    core=True,
)
@in_each_realm
def client_id_confusion(server: AuthorizationServer) -> None:
    original = server.authentication.authenticate

    def authenticate(request: OAuthRequest, form: Form) -> Client:
        header, named = request.header(b"authorization"), form.text("client_id")
        if header is None or named is None or form.text("client_secret") is not None:
            return original(request, form)
        shown = server.authentication.basic(header)
        caller, acting = server.clients.active(shown.client_id), server.clients.active(named)
        if caller is None or acting is None or not server.authentication.proves_identity(caller, shown.secret):
            raise invalid_client()
        return acting

    server.authentication.authenticate = authenticate


@defect(
    "two-auth-methods-accepted",
    "OBO-CLA-03",
    wrong="of credentials in header and body the first that are right decide",
    family="client authentication",
)
@in_each_realm
def two_auth_methods_accepted(server: AuthorizationServer) -> None:
    original = server.authentication.authenticate

    def authenticate(request: OAuthRequest, form: Form) -> Client:
        header, secret = request.header(b"authorization"), form.text("client_secret")
        if header is None or secret is None:
            return original(request, form)
        shown = server.authentication.basic(header)
        in_body = form.text("client_id") or shown.client_id
        for client_id, candidate in ((shown.client_id, shown.secret), (in_body, secret)):
            client = server.clients.active(client_id)
            if client is not None and server.authentication.proves_identity(client, candidate):
                return client
        raise invalid_client()

    server.authentication.authenticate = authenticate


@defect(
    "non-agent-may-exchange",
    "OBO-CLA-05",
    wrong="a confidential client with the exchange grant may exchange although it is no agent",
    family="client authentication",
)
@in_each_realm
def non_agent_may_exchange(server: AuthorizationServer) -> None:
    exempt(server, lambda client: not client.is_agent and not client.is_public)


@defect(
    "public-client-exchange",
    "OBO-CLA-05",
    wrong="a public client with the exchange grant may exchange",
    family="client authentication",
)
@in_each_realm
def public_client_exchange(server: AuthorizationServer) -> None:
    exempt(server, lambda client: not client.is_agent and client.is_public)


def exempt(server: AuthorizationServer, exempted: Callable[[Client], bool]) -> None:
    """Let these clients exchange without a privilege, within the scopes of the application."""
    check_client, audiences = server.token_exchange.check_client, server.token_exchange.audiences
    grant = server.privileges.grant

    def check(client: Client) -> None:
        if not exempted(client):
            check_client(client)

    def every_audience(client: Client, form: Form) -> tuple[str, ...]:
        asked = tuple(form.every("audience")) if exempted(client) else ()
        return asked or audiences(client, form)

    def grant_any(agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        if not exempted(agent):
            return grant(agent, subject, audience, requested)
        application = server.clients.active(audience)
        if application is None:
            raise invalid_audience()
        return server.scopes.grant(application.scopes, requested)

    server.token_exchange.check_client = check
    server.token_exchange.audiences = every_audience
    server.privileges.grant = grant_any


@defect(
    "refresh-cross-client",
    "OBO-4.1T-08",
    wrong="a refresh token works for every client that has the refresh grant",
    family="client authentication",
)
@in_each_realm
def refresh_cross_client(server: AuthorizationServer) -> None:
    granted_scopes = server.refresh.granted_scopes

    def granted(client: Client, token: Token, text: str | None) -> tuple[str, ...]:
        if client.id == token.client_id:
            return granted_scopes(client, token, text)
        return server.scopes.grant(token.scopes, server.scopes.parse(text or "") or token.scopes)

    server.refresh.belongs_to = always(True)
    server.refresh.granted_scopes = granted


@defect(
    "client-enumeration",
    "OBO-CLA-06",
    wrong="an unknown client ID is refused in other words than a wrong secret",
    family="client authentication",
    warning=True,
)
@in_each_realm
def client_enumeration(server: AuthorizationServer) -> None:
    original = server.authentication.identify

    def identify(credentials: Credentials) -> Client:
        if server.clients.get(credentials.client_id) is None:
            raise invalid_client("Client not found")
        return original(credentials)

    server.authentication.identify = identify


@defect(
    "www-authenticate-missing",
    "OBO-CLA-06",
    wrong="the 401 after a Basic header has no challenge",
    family="client authentication",
    warning=True,
)
@in_each_realm
def www_authenticate_missing(server: AuthorizationServer) -> None:
    original = server.authentication.authenticate

    def authenticate(request: OAuthRequest, form: Form) -> Client:
        try:
            return original(request, form)
        except OAuthError as refusal:
            refusal.challenge = None
            raise

    server.authentication.authenticate = authenticate
