"""The OAuth2 clients and AI agents of a realm: one name space, two types."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reference_server.am.defaults import client_defaults
from reference_server.am.documents import CORE, GROUPS, SECRET, Document, Groups, unwrap
from reference_server.am.registration import Registration
from reference_server.am.validation import check_client_id, check_group, check_identity, check_members, check_secret
from reference_server.clock import Clock
from reference_server.errors import bad_request, conflict, not_found
from reference_server.hashing import SecretHash
from reference_server.idm.objects import ManagedObjects

OAUTH2_CLIENT, AI_AGENT = "OAuth2Client", "AIAgent"
TYPE_NAMES = {AI_AGENT: "AI Agents", OAUTH2_CLIENT: "OAuth2 Clients"}
IDENTITY, IDENTITY_UID = "aiAgentIdentityAttributes", "aiAgentIdentityUid"


@dataclass
class AgentRecord:
    """An OAuth2 client or AI agent. `groups` has all six groups with raw values, a dropped one is empty."""

    id: str
    type: str
    registration: Registration
    groups: Groups = field(default_factory=dict)
    secret: SecretHash | None = None
    identity_uid: str | None = None

    @property
    def has_secret(self) -> bool:
        """Whether a secret was ever set."""
        return self.secret is not None

    def secret_matches(self, candidate: str) -> bool:
        """Whether the candidate is the client's secret; never for a client without one."""
        return self.secret is not None and self.secret.matches(candidate)


class AgentRegistry:
    """Keeps the agents of one realm and the identity (`managed/{realm}_aiagent`) of each AI agent."""

    def __init__(self, realm: str, managed: ManagedObjects, clock: Clock) -> None:
        self.realm = realm
        self._managed = managed
        self._clock = clock
        self._records: dict[str, AgentRecord] = {}

    def get(self, client_id: str) -> AgentRecord | None:
        """The client or agent of that ID, whichever type it has."""
        return self._records.get(client_id)

    def all(self, agent_type: str | None = None) -> list[AgentRecord]:
        """All of a type, or of both, in the order of their creation."""
        return [record for record in self._records.values() if agent_type in (None, record.type)]

    def equal(self, values: Mapping[str, Any], agent_type: str | None = None) -> list[AgentRecord]:
        """Those of a type, or of both, that may have these values: at most one where the ID is among them."""
        if "_id" not in values:
            return self.all(agent_type)
        record = self.get(values["_id"])
        return [record] if record is not None and agent_type in (None, record.type) else []

    def read(self, agent_type: str, client_id: str) -> AgentRecord:
        """The agent of that type and ID, or 404."""
        record = self._records.get(client_id)
        if record is None or record.type != agent_type:
            raise not_found()
        return record

    def write(self, agent_type: str, client_id: str, document: Document) -> tuple[AgentRecord, bool]:
        """Create or replace; whether it was created.

        On creation, groups and attributes left out take their defaults; on replacement what was sent is what is stored.
        """
        check_client_id(client_id)
        known = self._records.get(client_id)
        self.refuse_other_type(known, agent_type)
        self.check(agent_type, document)
        groups = self.groups_to_store(document, creating=known is None)
        record = AgentRecord(client_id, agent_type, self.registration(known), groups)
        record.secret = self.secret_to_keep(known, document)
        if agent_type == AI_AGENT:
            record.identity_uid = self._write_identity(record, known, document)
        self._records[client_id] = record
        return record, known is None

    def delete(self, record: AgentRecord) -> None:
        """Remove an agent; the identity of an AI agent goes with it, and with that its privileges."""
        del self._records[record.id]
        if record.identity_uid and self._managed.get(self._identity_type, record.identity_uid):
            self._managed.delete(self._identity_type, record.identity_uid)

    def identity(self, record: AgentRecord) -> Document | None:
        """The identity attributes of an AI agent as AM embeds them."""
        stored = self._managed.get(self._identity_type, record.identity_uid or "")
        members = ("_id", "_rev", "oauth2ClientId", "name", "description", "customAttributes")
        return None if stored is None else {name: stored.get(name) for name in members}

    def registration(self, known: AgentRecord | None) -> Registration:
        """A change keeps the registration; a client created anew under an old ID gets one of its own."""
        return known.registration if known else Registration(self._clock.now())

    def refuse_other_type(self, known: AgentRecord | None, agent_type: str) -> None:
        """An application's client ID can't become an AI agent's, nor the reverse."""
        if known is not None and known.type != agent_type:
            raise conflict(f"An agent of type {known.type} with this ID already exists")

    def check(self, agent_type: str, document: Document) -> None:
        """Refuse unknown members and values of the wrong type."""
        check_members(document, (*GROUPS, IDENTITY, IDENTITY_UID) if agent_type == AI_AGENT else GROUPS)
        defaults = client_defaults()
        for name in GROUPS:
            if document.get(name) is not None:
                check_group(name, self._raw(document[name]), defaults[name])
        check_secret(self.sent_secret(document))

    def groups_to_store(self, document: Document, *, creating: bool) -> Groups:
        """The groups with raw values, completed from the defaults on creation; the secret is kept elsewhere."""
        groups: Groups = {}
        for name, defaults in client_defaults().items():
            sent = self._raw(document.get(name) or {})
            groups[name] = {**defaults, **sent} if creating else sent
            groups[name].pop(SECRET, None)
        return groups

    def secret_to_keep(self, known: AgentRecord | None, document: Document) -> SecretHash | None:
        """A secret that was sent replaces the old one; null and absence keep it (recorded tenant)."""
        sent = self.sent_secret(document)
        if sent:
            return SecretHash(sent)
        return known.secret if known else None

    def sent_secret(self, document: Document) -> Any:
        """The secret in a request, None when there is none."""
        return unwrap((document.get(CORE) or {}).get(SECRET))

    @property
    def _identity_type(self) -> str:
        return f"{self.realm}_aiagent"

    def _write_identity(self, record: AgentRecord, known: AgentRecord | None, document: Document) -> str:
        attributes = unwrap(document.get(IDENTITY))
        if attributes is None and known is not None and known.identity_uid:
            return known.identity_uid
        check_identity(attributes)
        uid = self._identity_uid(known, document, attributes)
        stored = {name: attributes.get(name) for name in ("name", "description", "customAttributes")}
        self._managed.put(self._identity_type, uid, stored | {"oauth2ClientId": record.id})
        return uid

    def _identity_uid(self, known: AgentRecord | None, document: Document, attributes: Document) -> str:
        if known is not None and known.identity_uid:
            return known.identity_uid
        uid = unwrap(document.get(IDENTITY_UID)) or attributes.get("_id") or str(uuid.uuid4())
        if not isinstance(uid, str):
            raise bad_request("Data validation failed for the attribute, Ai Agent Identity Uid")
        if any(record.identity_uid == uid for record in self._records.values()):
            raise conflict("The identity belongs to another AI agent")
        return uid

    def _raw(self, group: Any) -> Any:
        return {name: unwrap(value) for name, value in group.items()} if isinstance(group, dict) else group
