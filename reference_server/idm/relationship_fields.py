"""Relationship properties of objects: what they show, and what a write makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reference_server.errors import bad_request
from reference_server.idm import references
from reference_server.idm.relationships import End, Key, Link, Links
from reference_server.idm.revisions import Revisions
from reference_server.idm.schema import ManagedType, Relationship

Target = tuple[Key, dict[str, Any]]  # the object, and the properties of the relationship itself


class RelationshipFields:
    """Reads and assigns the relationship properties of managed objects; the other side follows by itself."""

    def __init__(self, types: Mapping[str, ManagedType], revisions: Revisions, exists: Callable[[Key], bool]) -> None:
        self.links = Links()
        self._types = types
        self._revisions = revisions
        self._exists = exists

    def value(self, managed_type: ManagedType, object_id: str, name: str) -> Any:
        """The property as a read shows it: a list of references, or one reference or null."""
        key = (f"managed/{managed_type.name}", object_id)
        shown = [references.show(link, end.key) for end, link in self.links.of(key, name).items()]
        if managed_type.relationships[name].many:
            return shown
        return shown[0] if shown else None

    def connects(self, managed_type: ManagedType, object_id: str, name: str, target: Key) -> bool:
        """Whether the property refers to an object."""
        end = End(target, managed_type.relationships[name].reverse)
        return end in self.links.of((f"managed/{managed_type.name}", object_id), name)

    def resolve(self, managed_type: ManagedType, sent: Mapping[str, Any]) -> dict[Relationship, list[Target]]:
        """The objects that the references of a request lead to; 400 for one that is not there."""
        resolved = {}
        for name, value in sent.items():
            relationship = managed_type.relationships[name]
            items = (value or []) if relationship.many else [] if value is None else [value]
            targets = {references.parse(item): self._own_properties(item) for item in items}
            for key in targets:
                self.check_target(relationship, key)
            resolved[relationship] = list(targets.items())
        return resolved

    def check_target(self, relationship: Relationship, key: Key) -> None:
        """A reference leads to an object that exists and is of a type that the property takes."""
        if key[0] not in relationship.targets or not self._exists(key):
            raise bad_request(f"The referenced relationship '{key[0]}/{key[1]}', does not exist")

    def assign(self, managed_type: ManagedType, object_id: str, targets: Mapping[Relationship, list[Target]]) -> bool:
        """Make each property refer to its targets and to nothing else; whether that changed anything."""
        own = (f"managed/{managed_type.name}", object_id)
        changed = False
        for relationship, wanted in targets.items():
            present = {end.key: link for end, link in self.links.of(own, relationship.name).items()}
            keys = {key for key, _ in wanted}
            for key, link in present.items():
                if key not in keys:
                    self.links.remove(link)
                    changed = True
            for key, properties in wanted:
                if key not in present:
                    self._connect(own, relationship, key, properties)
                    changed = True
        return changed

    def _connect(self, own: Key, relationship: Relationship, target: Key, properties: dict[str, Any]) -> None:
        reverse = self._reverse(relationship, target)
        if reverse is not None and not reverse.many:
            # The other side has room for one: it lets go of what it referred to before.
            for link in list(self.links.of(target, reverse.name).values()):
                self.links.remove(link)
        ends = (End(own, relationship.name), End(target, relationship.reverse))
        self.links.add(Link(self._revisions.next(), self._revisions.next(), ends, properties))

    def _reverse(self, relationship: Relationship, target: Key) -> Relationship | None:
        if relationship.reverse is None:
            return None
        return self._types[target[0].removeprefix("managed/")].relationships[relationship.reverse]

    def _own_properties(self, reference: Any) -> dict[str, Any]:
        properties = reference.get("_refProperties") if isinstance(reference, dict) else None
        if not isinstance(properties, dict):
            return {}
        return {name: value for name, value in properties.items() if not name.startswith("_")}
