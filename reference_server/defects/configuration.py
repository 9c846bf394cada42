"""F1, configuration: what is saved at the provider, at applications and at agents, and whether it is heeded."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from reference_server.am.agents import AI_AGENT, OAUTH2_CLIENT, AgentRecord, AgentRegistry
from reference_server.am.documents import ADVANCED, CORE, OVERRIDES, SECRET, Document, Groups
from reference_server.am.provider import ProviderService
from reference_server.defects.registry import defect
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.form import Form
from reference_server.oauth.token_issuer import Authorization
from reference_server.planting import in_each_realm
from reference_server.service_accounts import AM_SCOPE, IDM_SCOPE
from reference_server.sessions import Session

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

Change = Callable[[AgentRecord, AgentRecord | None, Document], None]


def when_saved(registry: AgentRegistry, change: Change) -> None:
    """Let a save end with a change of the record; what was there before, and the request, are given as well."""
    write = registry.write

    def writing(agent_type: str, client_id: str, document: Document) -> tuple[AgentRecord, bool]:
        before = registry.get(client_id)
        record, created = write(agent_type, client_id, document)
        change(record, before, document)
        return record, created

    registry.write = writing


@defect(
    "provider-grant-list-ignored",
    "OBO-1-03",
    wrong="reads only the client's grant list: switching a grant off at the provider changes nothing",
    family="configuration",
    core=True,
)
@in_each_realm
def provider_grant_list_ignored(server: AuthorizationServer) -> None:
    server.token_endpoint.provider_has = lambda *_: True


@defect(
    "client-grant-list-ignored",
    "OBO-2.2-02",
    "OBO-3.2-02",
    "OBO-AUT-01",
    wrong="reads only the provider's grant list: any client may use any enabled grant",
    family="configuration",
    core=True,
)
@in_each_realm
def client_grant_list_ignored(server: AuthorizationServer) -> None:
    server.token_endpoint.client_has = lambda *_: True


@defect(
    "provider-save-drops-urn-grants",
    "OBO-1-01",
    wrong="keeps short grant names when the provider is saved, silently discards those that are URNs",
    family="configuration",
)
@in_each_realm
def provider_save_drops_urn_grants(server: AuthorizationServer) -> None:
    completed = server.realm.provider.completed

    def dropping(document: Document) -> Groups:
        groups = completed(document)
        advanced = groups["advancedOAuth2Config"]
        short = [grant for grant in advanced["grantTypes"] or [] if not grant.startswith("urn:")]
        return groups | {"advancedOAuth2Config": advanced | {"grantTypes": short}}

    server.realm.provider.completed = dropping


@defect(
    "provider-save-resets-siblings",
    "OBO-1-02",
    wrong="a save of the provider that leaves a setting as it is counts as not sending it, and puts its default back",
    family="configuration",
    warning=True,
)
@in_each_realm
def provider_save_resets_siblings(server: AuthorizationServer) -> None:
    provider, write = server.realm.provider, server.realm.provider.write
    provider.write = lambda document: write({name: _changed(provider, name, document[name]) for name in document})


def _changed(provider: ProviderService, name: str, group: Document) -> Document:
    """What a save changes in one group; the grant types are what it is for."""
    before = (provider.document or {}).get(name, {})
    if not isinstance(group, dict):
        return group
    return {key: value for key, value in group.items() if key == "grantTypes" or before.get(key) != value}


@defect(
    "admin-api-accepts-agent-token",
    "OBO-1-04",
    wrong="any valid access token of a realm opens the admin interface",
    family="configuration",
)
def admin_api_accepts_agent_token(tenant: Tenant) -> None:
    find = tenant.sessions.find
    session = Session("", frozenset({AM_SCOPE, IDM_SCOPE}), math.inf)

    def opens(server: AuthorizationServer, value: str) -> bool:
        token = server.store.find(value, terms.ACCESS_TOKEN)
        return token is not None and server.status.is_active(token)

    def finding(token: str) -> Session | None:
        return find(token) or (session if any(opens(server, token) for server in tenant.oauth.values()) else None)

    tenant.sessions.find = finding


@defect(
    "app-created-public",
    "OBO-2.1-01",
    wrong='creates the client of an application as public although "Web" was chosen; it needs no secret',
    family="configuration",
)
@in_each_realm
def app_created_public(server: AuthorizationServer) -> None:
    authentication = server.authentication
    proves_identity, method_is_registered = authentication.proves_identity, authentication.method_is_registered

    def create(record: AgentRecord, before: AgentRecord | None, _: Document) -> None:
        grants = record.groups[ADVANCED].get("grantTypes") or []
        if before is None and record.type == OAUTH2_CLIENT and "authorization_code" in grants:
            record.groups[CORE]["clientType"] = "Public"

    when_saved(server.realm.agents, create)
    authentication.proves_identity = lambda client, secret: (
        proves_identity(client, secret) or client.record.secret_matches(secret or "")
    )
    authentication.method_is_registered = lambda client, method: (
        method_is_registered(client, method) or method == client.authentication_method
    )


@defect(
    "client-id-collision-overwrites",
    "OBO-2.1-02",
    wrong="creating an agent under the client ID of an application replaces the application's record, and the reverse",
    family="configuration",
)
@in_each_realm
def client_id_collision_overwrites(server: AuthorizationServer) -> None:
    server.realm.agents.refuse_other_type = lambda *_: None


@defect(
    "secret-readable-in-admin-get",
    "OBO-2.1-03",
    wrong="a read of an application or agent shows its client secret",
    family="configuration",
)
@in_each_realm
def secret_readable_in_admin_get(server: AuthorizationServer) -> None:
    secrets: dict[str, str] = {}

    def keep(record: AgentRecord, _: AgentRecord | None, document: Document) -> None:
        sent = server.realm.agents.sent_secret(document) or secrets.get(record.id)
        if sent:
            record.groups[CORE][SECRET] = secrets[record.id] = sent

    when_saved(server.realm.agents, keep)


@defect(
    "app-grant-replaced-not-added",
    "OBO-2.2-01",
    wrong="adding a grant type to an application replaces its list with the one added",
    family="configuration",
)
@in_each_realm
def app_grant_replaced_not_added(server: AuthorizationServer) -> None:
    def keep_the_added(record: AgentRecord, before: AgentRecord | None, _: Document) -> None:
        if before is None or record.type != OAUTH2_CLIENT:
            return
        known, sent = before.groups[ADVANCED].get("grantTypes") or [], record.groups[ADVANCED].get("grantTypes") or []
        added = [grant for grant in sent if grant not in known]
        record.groups[ADVANCED]["grantTypes"] = added or sent

    when_saved(server.realm.agents, keep_the_added)


@defect(
    "app-scopes-stored-as-one-string",
    "OBO-2.2-03",
    wrong="stores the scopes of an application as one scope with commas in it",
    family="configuration",
)
@in_each_realm
def app_scopes_stored_as_one_string(server: AuthorizationServer) -> None:
    def join(record: AgentRecord, _: AgentRecord | None, __: Document) -> None:
        scopes = record.groups[CORE].get("scopes")
        if scopes and record.type == OAUTH2_CLIENT:
            record.groups[CORE]["scopes"] = [",".join(scopes)]

    when_saved(server.realm.agents, join)


@defect(
    "auth-method-not-enforced",
    "OBO-2.2-04",
    wrong="the registered authentication method is stored and never consulted",
    family="configuration",
    warning=True,
)
@in_each_realm
def auth_method_not_enforced(server: AuthorizationServer) -> None:
    server.authentication.method_is_registered = lambda *_: True


@defect(
    "agent-stored-as-plain-client",
    "OBO-3.1-01",
    wrong="an agent is stored as an ordinary client, which no privilege reaches",
    family="configuration",
)
@in_each_realm
def agent_stored_as_plain_client(server: AuthorizationServer) -> None:
    registry = server.realm.agents
    write, read, refuse_other_type = registry.write, registry.read, registry.refuse_other_type

    def as_asked(record: AgentRecord | None, agent_type: str) -> str:
        """An agent is still found under its own path."""
        return OAUTH2_CLIENT if record and record.identity_uid and agent_type == AI_AGENT else agent_type

    def writing(agent_type: str, client_id: str, document: Document) -> tuple[AgentRecord, bool]:
        record, created = write(agent_type, client_id, document)
        answered = replace(record)
        record.type = OAUTH2_CLIENT
        return answered, created

    registry.write = writing
    registry.read = lambda agent_type, client_id: read(as_asked(registry.get(client_id), agent_type), client_id)
    registry.refuse_other_type = lambda known, agent_type: refuse_other_type(known, as_asked(known, agent_type))


@defect(
    "agent-save-loses-override-flags",
    "OBO-3.2-01",
    wrong="accepts the checkboxes of the provider overrides and stores false",
    family="configuration",
)
@in_each_realm
def agent_save_loses_override_flags(server: AuthorizationServer) -> None:
    flags = ("providerOverridesEnabled", "statelessTokensEnabled", "acceptAudienceParametersInTokenExchangeRequests")

    def lose(record: AgentRecord, _: AgentRecord | None, __: Document) -> None:
        if record.type == AI_AGENT:
            record.groups[OVERRIDES] |= dict.fromkeys(flags, False)

    when_saved(server.realm.agents, lose)


@defect(
    "stateless-flag-ignored",
    "OBO-3.2-03",
    wrong="gives an agent a reference token although client-side tokens are ticked",
    family="configuration",
)
@in_each_realm
def stateless_flag_ignored(server: AuthorizationServer) -> None:
    is_stateless = server.issuer.is_stateless

    def ignoring(authorization: Authorization) -> bool:
        return is_stateless(authorization) and not authorization.client.is_agent

    server.issuer.is_stateless = ignoring


@defect(
    "overrides-flag-ignored",
    "OBO-3.2-04",
    wrong="an agent's own settings apply although the provider overrides are not enabled",
    family="configuration",
    warning=True,
)
@in_each_realm
def overrides_flag_ignored(server: AuthorizationServer) -> None:
    get = server.clients.get

    class UngatedAgent(Client):
        @property
        def overrides(self) -> Document:
            return dict(self._group(OVERRIDES))

    def getting(client_id: str) -> Client | None:
        client = get(client_id)
        return UngatedAgent(client.record, client.provider) if client and client.is_agent else client

    server.clients.get = getting


@defect(
    "audience-accepted-when-disabled",
    "OBO-3.2-05",
    wrong="copies the audience into the token although the agent's settings do not accept audiences",
    family="configuration",
)
@in_each_realm
def audience_accepted_when_disabled(server: AuthorizationServer) -> None:
    audiences = server.token_exchange.audiences

    def accepting(client: Client, form: Form) -> tuple[str, ...]:
        return tuple(dict.fromkeys(form.every("audience"))) or audiences(client, form)

    server.token_exchange.audiences = accepting
