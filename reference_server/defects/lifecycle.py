"""What should have ended and goes on: expiry, revocation, people and clients that are gone, caches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from reference_server.am.agents import AgentRecord, AgentRegistry
from reference_server.am.documents import Document
from reference_server.am.registration import Registration
from reference_server.defects.forged_tokens import decoded
from reference_server.defects.registry import defect
from reference_server.hashing import SecretHash
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.client_authentication import ClientAuthentication
from reference_server.oauth.clients import Client
from reference_server.oauth.token_status import TokenStatus
from reference_server.oauth.tokens import Token
from reference_server.planting import always, in_each_realm

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


def status_at_exchange(server: AuthorizationServer) -> TokenStatus:
    """The status of tokens as the exchange alone sees it."""
    server.exchange_tokens.status = copy(server.exchange_tokens.status)
    return server.exchange_tokens.status


def status_at_introspection(server: AuthorizationServer) -> TokenStatus:
    """The status of tokens as introspection alone sees it."""
    server.introspection.status = copy(server.introspection.status)
    return server.introspection.status


@defect(
    "expired-subject-accepted",
    "OBO-LIF-01",
    wrong="an expired subject token can be exchanged",
    family="lifecycle",
    core=True,
)
@in_each_realm
def expired_subject_accepted(server: AuthorizationServer) -> None:
    status_at_exchange(server).is_expired = always(False)


@defect(
    "introspection-ignores-exp",
    "OBO-LIF-01",
    wrong="an expired token introspects as active",
    family="lifecycle",
)
@in_each_realm
def introspection_ignores_exp(server: AuthorizationServer) -> None:
    status_at_introspection(server).is_expired = always(False)


@defect(
    "revoked-subject-accepted",
    "OBO-LIF-02",
    wrong="the exchange verifies JWTs by itself and never asks what was revoked",
    family="lifecycle",
    core=True,
)
@in_each_realm
def revoked_subject_accepted(server: AuthorizationServer) -> None:
    status = status_at_exchange(server)
    is_revoked, descends = status.is_revoked, status.descends_from_revoked
    status.is_revoked = lambda token: not token.stateless and is_revoked(token)
    status.descends_from_revoked = lambda token: not token.stateless and descends(token)


@defect(
    "revocation-noop-for-jwt",
    "OBO-4.1I-08",
    "OBO-LIF-02",
    "OBO-LIF-03",
    wrong="revoking a client-side token answers 200 and does nothing",
    family="lifecycle",
    core=True,
)
@in_each_realm
def revocation_noop_for_jwt(server: AuthorizationServer) -> None:
    original = server.revocation.revoke

    def revoke(token: Token) -> None:
        if not token.stateless:
            original(token)

    server.revocation.revoke = revoke


@defect(
    "revocation-keyed-by-raw-string",
    "OBO-LIF-04",
    wrong="what is revoked is a string, and the same token in another encoding that verifies lives on",
    family="lifecycle",
    core=True,
)
@in_each_realm
def revocation_keyed_by_raw_string(server: AuthorizationServer) -> None:
    revoked: set[str] = set()
    verify, revoke, covers = server.verification.claims, server.revocations.revoke, server.revocations.covers

    def revoke_string(token: Token) -> None:
        revoked.add(token.value)
        revoke(token)

    server.verification.decoded = decoded
    server.verification.claims = lambda value: verify(value.strip())
    server.revocations.revoke = revoke_string
    server.revocations.holds = lambda token: token.value in revoked or covers(token.grant_id or "")


@defect(
    "any-client-revokes",
    "OBO-LIF-03",
    wrong="a client can revoke the tokens of another",
    family="lifecycle",
)
@in_each_realm
def any_client_revokes(server: AuthorizationServer) -> None:
    server.revocation.may_revoke = always(True)


@defect(
    "revocation-kills-subject",
    "OBO-LIF-03",
    wrong="revoking an exchanged token revokes the token that it was exchanged from, and all of that one's grant",
    family="lifecycle",
)
@in_each_realm
def revocation_kills_subject(server: AuthorizationServer) -> None:
    original = server.revocation.revoke

    def revoke(token: Token) -> None:
        original(token)
        for identity in server.store.ancestors(token):
            server.revocations.revoke(replace(token, claims={**token.claims, "jti": identity}))

    server.revocation.revoke = revoke


@defect(
    "dead-chain-extendable",
    "OBO-LIF-05",
    wrong="descendants of a revoked token can be exchanged on",
    family="lifecycle",
    warning=True,
)
@in_each_realm
def dead_chain_extendable(server: AuthorizationServer) -> None:
    status_at_exchange(server).descends_from_revoked = always(False)


@defect(
    "perpetual-reexchange",
    "OBO-ACT-05",
    wrong="exchanging an exchanged token always gives a full new lifetime",
    family="lifecycle",
    core=True,
    warning=True,
)
@in_each_realm
def perpetual_reexchange(server: AuthorizationServer) -> None:
    original = server.bounds.not_after
    server.bounds.not_after = lambda subject: original(subject) if subject.actor is None else None


@defect(
    "exp-outlives-subject",
    "OBO-ACT-05",
    "OBO-LIF-11",
    wrong="an exchanged token outlives the token that it was exchanged from",
    family="lifecycle",
    core=True,
    warning=True,
    hardened=True,
)
@in_each_realm
def exp_outlives_subject(server: AuthorizationServer) -> None:
    server.bounds.not_after = always(None)


@defect(
    "disabled-user-can-login",
    "OBO-4.1T-07",
    wrong="a disabled user gets a token by password",
    family="lifecycle",
)
@in_each_realm
def disabled_user_can_login(server: AuthorizationServer) -> None:
    server.password.users = copy(server.password.users)
    server.password.users.is_active = always(True)


@defect(
    "disabled-user-exchange",
    "OBO-LIF-06",
    wrong="the token of a user who was disabled since can be exchanged",
    family="lifecycle",
    core=True,
)
@in_each_realm
def disabled_user_exchange(server: AuthorizationServer) -> None:
    status_at_exchange(server).subject_is_active = always(True)


@defect(
    "disabled-user-token-active",
    "OBO-LIF-06",
    wrong="the tokens of a disabled user introspect as active",
    family="lifecycle",
    warning=True,
)
@in_each_realm
def disabled_user_token_active(server: AuthorizationServer) -> None:
    status_at_introspection(server).subject_is_active = always(True)


@defect(
    "disabled-agent-works",
    "OBO-LIF-07",
    wrong="an agent that is switched off works on, and so do its tokens",
    family="lifecycle",
    core=True,
)
@in_each_realm
def disabled_agent_works(server: AuthorizationServer) -> None:
    original = server.clients.active

    def active(client_id: str) -> Client | None:
        client = server.clients.get(client_id)
        return client if client is not None and client.is_agent else original(client_id)

    server.clients.active = active


@defect(
    "disabled-audience-accepted",
    "OBO-LIF-12",
    wrong="an application that is switched off is still an audience",
    family="lifecycle",
)
@in_each_realm
def disabled_audience_accepted(server: AuthorizationServer) -> None:
    server.privileges.clients = copy(server.privileges.clients)
    server.privileges.clients.active = server.clients.get


@defect(
    "privilege-cached-after-delete",
    "OBO-LIF-08",
    wrong="what a privilege once granted to an agent for a user at an application is granted for ever",
    family="lifecycle",
    core=True,
)
@in_each_realm
def privilege_cached_after_delete(server: AuthorizationServer) -> None:
    granted: dict[tuple[str | None, str, str], set[str]] = defaultdict(set)
    original = server.privileges.grant

    def grant(agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        known = granted[agent.record.identity_uid, subject.subject, audience]
        application = server.clients.active(audience)
        if application is not None and known.intersection(application.scopes).issuperset(requested):
            return tuple(requested)
        scopes = original(agent, subject, audience, requested)
        known.update(scopes)
        return scopes

    server.privileges.grant = grant


@defect(
    "group-membership-cached",
    "OBO-LIF-09",
    wrong="the groups of a user are read once and never again",
    family="lifecycle",
    core=True,
)
@in_each_realm
def group_membership_cached(server: AuthorizationServer) -> None:
    server.users.groups_of = cache(server.users.groups_of)


@defect(
    "old-secret-still-valid",
    "OBO-LIF-10",
    wrong="after a rotation the former secrets of a client stay valid",
    family="lifecycle",
    core=True,
)
def old_secret_still_valid(tenant: Tenant) -> None:
    for name, server in tenant.oauth.items():
        keep_old_secrets(tenant.realms[name].agents, server.authentication)


def keep_old_secrets(agents: AgentRegistry, authentication: ClientAuthentication) -> None:
    """Remember each secret that another one replaces, and let it prove the client's identity."""
    former: dict[Registration, list[SecretHash]] = defaultdict(list)
    secret_to_keep, proves_identity = agents.secret_to_keep, authentication.proves_identity

    def remember(known: AgentRecord | None, document: Document) -> SecretHash | None:
        kept = secret_to_keep(known, document)
        if known is not None and known.secret is not None and kept is not known.secret:
            former[known.registration].append(known.secret)
        return kept

    def proves(client: Client, secret: str | None) -> bool:
        old = former[client.record.registration]
        return proves_identity(client, secret) or any(hashed.matches(secret or "") for hashed in old)

    agents.secret_to_keep = remember
    authentication.proves_identity = proves
