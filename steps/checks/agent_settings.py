"""Checks of an AI agent's identity and of its Access tab (guide, tasks 3.1 and 3.2 step 4)."""

from __future__ import annotations

from collections.abc import Sequence

from steps.checks.documents import (
    TOKEN_EXCHANGE,
    grant_types,
    identity_of,
    identity_uid,
    setting,
)
from steps.checks.evidence import Answer, Members, brief
from steps.checks.verdict import Nonconformity, Remarks, check


@check("OBO-3.1-01")
def identity_linked(agent: Members, identity: Members | None, listed: Sequence[str], client_id: str) -> Remarks:
    """The agent is listed among the agents and linked to an identity record that has the same client ID."""
    if client_id not in listed:
        raise Nonconformity(f"{client_id} in the list of AI agents", f"{len(listed)} others")
    linked = identity_uid(agent)
    if not linked or identity is None or identity.get("_id") != linked:
        raise Nonconformity("a linked identity record", "none")
    if identity.get("oauth2ClientId") != client_id:
        raise Nonconformity(f"an identity record with oauth2ClientId {client_id}", repr(identity.get("oauth2ClientId")))
    return None


@check("OBO-3.1-03")
def not_renamed(renaming: Answer, found: Answer, client_id: str) -> Remarks:
    """An agent keeps its client ID: an attempt to rename it is refused or ignored."""
    if renaming.status >= 500:
        raise Nonconformity("a refusal (4xx), or the old client ID kept", brief(renaming))
    seen = identity_of(found.members).get("oauth2ClientId", client_id)
    if found.status != 200 or seen != client_id:
        raise Nonconformity(f"the agent under {client_id}", f"{found.status}, oauth2ClientId {seen!r}")
    return None


@check("OBO-3.2-01")
def agent_grants_exchange(document: Members) -> Remarks:
    """Token exchange is among the agent's grant types."""
    if TOKEN_EXCHANGE not in (found := grant_types(document)):
        raise Nonconformity(f"{TOKEN_EXCHANGE} among the agent's grant types", sorted(found))
    return None


@check("OBO-3.2-01")
def authenticates_in_body(document: Members) -> Remarks:
    """The agent's token endpoint authentication method is client_secret_post."""
    found = setting(document, "advancedOAuth2ClientConfig", "tokenEndpointAuthMethod")
    if found != "client_secret_post":
        raise Nonconformity("token endpoint authentication method client_secret_post", repr(found))
    return None


@check("OBO-3.2-01")
def overrides_on(document: Members) -> Remarks:
    """The three switches of the OAuth Provider Overrides tab are on."""
    switches = {
        "providerOverridesEnabled": "Enable OAuth2 Provider Overrides",
        "statelessTokensEnabled": "Use Client-Side Access & Refresh Tokens",
        "acceptAudienceParametersInTokenExchangeRequests": "Accept Audience Parameters in Token Exchange Requests",
    }
    off = [
        label for name, label in switches.items() if setting(document, "overrideOAuth2ClientConfig", name) is not True
    ]
    if off:
        raise Nonconformity("three switches on", f"off: {'; '.join(off)}")
    return None
