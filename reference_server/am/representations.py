"""How the agents of a realm look in answers: single reads wrapped, lists raw."""

from __future__ import annotations

from typing import Any

from reference_server.am.agents import AI_AGENT, IDENTITY, IDENTITY_UID, TYPE_NAMES, AgentRecord, AgentRegistry
from reference_server.am.documents import CORE, SECRET, Document, raw_groups, revision, wrap, wrapped_groups


def single(registry: AgentRegistry, record: AgentRecord) -> Document:
    """The answer to a read or write of one agent."""
    identity = {IDENTITY: wrap(registry.identity(record)), IDENTITY_UID: wrap(record.identity_uid)}
    return _assembled(record, wrapped_groups(record.groups), identity)


def list_item(registry: AgentRegistry, record: AgentRecord) -> Document:
    """The agent as an item of a list."""
    identity = {IDENTITY: registry.identity(record), IDENTITY_UID: record.identity_uid}
    return _assembled(record, raw_groups(record.groups), identity)


def type_description(agent_type: str) -> dict[str, Any]:
    """The `_type` of an agent."""
    return {"_id": agent_type, "name": TYPE_NAMES[agent_type], "collection": True}


def _assembled(record: AgentRecord, groups: Document, identity: Document) -> Document:
    if record.has_secret and CORE in groups:
        # Null tells of a secret, no key of none; the value itself is never shown.
        groups[CORE] = {SECRET: None, **groups[CORE]}
    content = {**groups, **(identity if record.type == AI_AGENT else {}), "_type": type_description(record.type)}
    return {"_id": record.id, "_rev": revision(content), **content}
