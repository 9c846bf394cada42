"""The managed objects of a tenant: created, replaced, patched and deleted under the policies of their types."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference_server.errors import bad_request, not_found, precondition_failed
from reference_server.hashing import SecretHash
from reference_server.idm import patch
from reference_server.idm.messages import already_exists, no_such_entry
from reference_server.idm.policies import Policies
from reference_server.idm.relationship_fields import RelationshipFields
from reference_server.idm.relationships import Key
from reference_server.idm.revisions import Revisions
from reference_server.idm.schema import ManagedType
from reference_server.idm.unique_index import UniqueIndex
from reference_server.idm.virtual import VirtualProperties

Object = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """The outcome of a write: the object as stored, whether it is new, whether anything changed."""

    object: Object
    created: bool
    changed: bool


class ManagedObjects:
    """All managed objects of both realms. Stored objects are replaced, never changed in place, so they may be kept."""

    def __init__(self, types: Mapping[str, ManagedType]) -> None:
        self.types = types
        self.revisions = Revisions()
        self.policies = Policies(self._owner_of)
        self.fields = RelationshipFields(types, self.revisions, self._exists)
        self.virtuals = VirtualProperties(self.fields.links, self.get)
        self._objects: dict[str, dict[str, Object]] = {name: {} for name in types}
        self._passwords: dict[tuple[str, str], SecretHash] = {}
        self._indexes = {(name, field): UniqueIndex() for name, item in types.items() for field in item.unique}

    def type(self, name: str) -> ManagedType:
        """The managed type of that name, or 404."""
        if name not in self.types:
            raise not_found()
        return self.types[name]

    def get(self, type_name: str, object_id: str) -> Object | None:
        """The stored properties of an object, `_id` and `_rev` included; relationships and passwords are elsewhere."""
        return self._objects.get(type_name, {}).get(object_id)

    def read(self, type_name: str, object_id: str) -> Object:
        """The object, or the recorded 404."""
        found = self.get(self.type(type_name).name, object_id)
        if found is None:
            raise not_found(no_such_entry(self.types[type_name], object_id))
        return found

    def all(self, type_name: str) -> list[Object]:
        """All objects of a type in the order of their creation."""
        return list(self._objects[self.type(type_name).name].values())

    def equal(self, type_name: str, values: Mapping[str, Any]) -> list[Object]:
        """The objects that may have these values: at most one where the ID or a unique property is among them."""
        for field, value in values.items():
            if field == "_id" or (type_name, field) in self._indexes:
                found = self.get(type_name, value) if field == "_id" else self.find(type_name, field, value)
                return [] if found is None else [found]
        return self.all(type_name)

    def find(self, type_name: str, field: str, value: Any) -> Object | None:
        """The object with that value of a unique property, such as a user's userName (case does not matter)."""
        owner = self._owner_of(type_name, field, value)
        return None if owner is None else self.get(type_name, owner)

    def related(self, type_name: str, object_id: str, field: str) -> list[str]:
        """The IDs of the objects that a relationship property refers to."""
        return [target for _, target in self.fields.links.targets((f"managed/{type_name}", object_id), field)]

    def is_related(self, type_name: str, object_id: str, field: str, target_type: str, target: str) -> bool:
        """Whether a relationship property refers to an object."""
        return self.fields.connects(self.types[type_name], object_id, field, (f"managed/{target_type}", target))

    def password_matches(self, type_name: str, object_id: str, candidate: str) -> bool:
        """Whether the candidate is the user's password; never for a user without one."""
        stored = self._passwords.get((type_name, object_id))
        return stored is not None and stored.matches(candidate)

    def create(self, type_name: str, document: Object) -> Written:
        """Create an object under the ID it names, or a new one; 412 when the ID is taken."""
        managed_type = self.type(type_name)
        fallback = document.get("name") if managed_type.kind == "group" else None
        object_id = document.get("_id") or fallback or str(uuid.uuid4())
        if not isinstance(object_id, str):
            raise bad_request("An object ID must be a string")
        if self.get(type_name, object_id) is not None:
            raise precondition_failed(already_exists(managed_type, object_id))
        return self.put(type_name, object_id, document)

    def put(self, type_name: str, object_id: str, document: Object) -> Written:
        """Create the object or replace its properties.

        Relationships and passwords that the document doesn't mention stay as they are: a read doesn't show them,
        and what was read must be fit to be written back.
        """
        managed_type = self.type(type_name)
        self.policies.check_id(managed_type, object_id)
        return self._write(managed_type, object_id, document)

    def patch(self, type_name: str, object_id: str, operations: Any) -> Written:
        """Apply patch operations; all of them or none."""
        managed_type, stored = self.type(type_name), self.read(type_name, object_id)
        operations = patch.check_operations(operations)
        document = dict(stored)
        mentioned = patch.touched(operations) & managed_type.relationships.keys()
        for name in mentioned:
            document[name] = self.fields.value(managed_type, object_id, name)
        patch.apply(document, operations)
        for name in mentioned - document.keys():
            document[name] = [] if managed_type.relationships[name].many else None
        return self._write(managed_type, object_id, document)

    def delete(self, type_name: str, object_id: str) -> None:
        """Remove an object, its relationships on both sides, and what can't exist without it."""
        stored = self.read(type_name, object_id)
        for dependent_type, dependent in self.dependents(type_name, object_id):
            self.delete(dependent_type, dependent)
        self._reindex(self.types[type_name], object_id, stored, {})
        del self._objects[type_name][object_id]
        self._passwords.pop((type_name, object_id), None)
        self.fields.links.remove_all((f"managed/{type_name}", object_id))

    def dependents(self, type_name: str, object_id: str) -> list[tuple[str, str]]:
        """The privileges of an AI agent go with it (the type's onDelete hook on a tenant)."""
        managed_type = self.types[type_name]
        if managed_type.kind != "aiagent":
            return []
        privileges = f"{managed_type.realm}_aiagentprivilege"
        return [(privileges, privilege) for privilege in self.related(type_name, object_id, "privileges")]

    def _write(self, managed_type: ManagedType, object_id: str, document: Object) -> Written:
        stored = self.get(managed_type.name, object_id)
        properties = self._properties(managed_type, document, creating=stored is None)
        self.policies.check(managed_type, self._candidate(managed_type, object_id, properties, document))
        references = {name: document[name] for name in managed_type.relationships if name in document}
        targets = self.fields.resolve(managed_type, references)
        changed = stored is None or self._own(stored) != properties
        changed |= self._store_passwords(managed_type, object_id, document)
        changed |= self.fields.assign(managed_type, object_id, targets)
        if changed:
            self._reindex(managed_type, object_id, stored or {}, properties)
            revision = self.revisions.next()
            self._objects[managed_type.name][object_id] = {"_id": object_id, "_rev": revision, **properties}
        return Written(self.read(managed_type.name, object_id), stored is None, changed)

    def _properties(self, managed_type: ManagedType, document: Object, *, creating: bool) -> Object:
        """What of a document is stored: no metadata, nothing computed, no references, no passwords, no nulls."""
        elsewhere = managed_type.relationships.keys() | managed_type.virtuals.keys() | managed_type.protected
        sent = {name: value for name, value in document.items() if not name.startswith("_") and name not in elsewhere}
        defaults = managed_type.defaults if creating else {}
        return {name: value for name, value in (defaults | sent).items() if value is not None}

    def _candidate(
        self, managed_type: ManagedType, object_id: str, properties: Object, document: Object
    ) -> dict[str, Any]:
        """The object as it would be: what policies look at."""
        kept = {
            name: self.fields.value(managed_type, object_id, name)
            for name in managed_type.relationships
            if name in managed_type.required and name not in document
        }
        sent = {
            name: document[name] for name in (*managed_type.relationships, *managed_type.protected) if name in document
        }
        return {**properties, **kept, **sent, "_id": object_id}

    def _own(self, stored: Object) -> Object:
        return {name: value for name, value in stored.items() if name not in ("_id", "_rev")}

    def _store_passwords(self, managed_type: ManagedType, object_id: str, document: Object) -> bool:
        """Keep the digest of a password that was sent; whether there was one."""
        sent = [document[name] for name in managed_type.protected if document.get(name)]
        for password in sent:
            self._passwords[managed_type.name, object_id] = SecretHash(password)
        return bool(sent)

    def _reindex(self, managed_type: ManagedType, object_id: str, old: Object, new: Object) -> None:
        for field in managed_type.unique:
            self._indexes[managed_type.name, field].move(object_id, old.get(field), new.get(field))

    def _owner_of(self, type_name: str, field: str, value: Any) -> str | None:
        index = self._indexes.get((type_name, field))
        if index is None:
            raise KeyError(f"{field} of {type_name} is not unique")
        return index.owner(value)

    def _exists(self, key: Key) -> bool:
        collection, object_id = key
        prefix, _, type_name = collection.partition("/")
        return prefix != "managed" or self.get(type_name, object_id) is not None
