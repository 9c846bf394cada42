"""Checks of what the administrator finds of a client and its application (guide, tasks 2.1 and 2.2)."""

from __future__ import annotations

from steps.checks.documents import (
    client_of,
    grant_types,
    identity_of,
    setting,
)
from steps.checks.evidence import Answer, Members, brief, error_code, items_of, members_of
from steps.checks.verdict import Nonconformity, Remark, Remarks, check


@check("OBO-2.1-01", "OBO-3.1-01")
def confidential_client(document: Members, client_id: str, name: str, agent_type: str | None = None) -> Remarks:
    """The client is confidential and has the chosen client ID and name; of an agent, it is of agent type."""
    problems = []
    if document.get("_id") != client_id:
        problems.append(f"client ID {document.get('_id')!r}")
    if str(setting(document, "coreOAuth2ClientConfig", "clientType")).lower() != "confidential":
        problems.append(f"client type {setting(document, 'coreOAuth2ClientConfig', 'clientType')!r}")
    names = [*items_of(setting(document, "coreOAuth2ClientConfig", "clientName")), identity_of(document).get("name")]
    if name not in names:
        problems.append(f"name {names!r}")
    if agent_type is not None and members_of(document.get("_type")).get("_id") != agent_type:
        problems.append(f"type {members_of(document.get('_type')).get('_id')!r}")
    if problems:
        kind = f"a confidential client of type {agent_type}" if agent_type else "a confidential client"
        raise Nonconformity(f"{kind} {client_id} with the name {name}", ", ".join(problems))
    return None


@check("OBO-2.1-01")
def linked_to_client(application: Members, client_id: str) -> Remarks:
    """The application's object refers to its OAuth client."""
    if (found := client_of(application)) != client_id:
        raise Nonconformity(f"the application's object linked to {client_id}", repr(found))
    return None


@check("OBO-2.1-01")
def has_owner(application: Members) -> Remarks:
    """The application has at least one owner; a tenant that doesn't tell its owners is warned of."""
    if "owners" not in application:
        return [Remark("SHOULD", "the tenant does not tell the application's owners")]
    if not application["owners"]:
        raise Nonconformity("at least one owner", "none")
    return None


@check("OBO-2.2-01")
def grant_added(before: Members, after: Members, grant: str) -> Remarks:
    """Adding a grant type keeps those that were there."""
    if (found := grant_types(after)) != (wanted := grant_types(before) | {grant}):
        raise Nonconformity(f"grant types {sorted(wanted)}", sorted(found))
    return None


@check("OBO-2.2-01")
def change_effective(answer: Answer) -> Remarks:
    """The saved grant type takes effect within the propagation limit."""
    if answer.status != 200 or not answer.members.get("access_token"):
        raise Nonconformity("a token by the added grant type", brief(answer), error=error_code(answer))
    return None
