"""Virtual properties: values computed from related objects whenever they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reference_server.idm import references
from reference_server.idm.relationships import Key, Links
from reference_server.idm.schema import ManagedType, VirtualProperty


class VirtualProperties:
    """Computes `subjectIDs`, `resourceData` and the like by following relationships."""

    def __init__(self, links: Links, get: Callable[[str, str], dict[str, Any] | None]) -> None:
        self._links = links
        self._get = get

    def value(self, managed_type: ManagedType, object_id: str, name: str) -> Any:
        """The property's value now."""
        prop = managed_type.virtuals[name]
        start = (f"managed/{managed_type.name}", object_id)
        ends = dict.fromkeys(end for path in prop.paths for end in self.follow(start, path))
        values = [value for end in ends if (value := self._project(prop, end)) is not None]
        if prop.many:
            return values
        return values[0] if values else None if prop.flatten else {}

    def follow(self, start: Key, path: Iterable[str]) -> list[Key]:
        """The objects at the end of a chain of relationships."""
        ends = [start]
        for field in path:
            ends = [target for key in ends for target in self._links.targets(key, field)]
        return ends

    def _project(self, prop: VirtualProperty, key: Key) -> Any:
        collection, object_id = key
        found = self._get(collection.removeprefix("managed/"), object_id) or {"_id": object_id}
        if prop.flatten:
            return found.get(prop.fields[0])
        shown = {name: found[name] for name in (*prop.fields, "_id", "_rev") if name in found}
        reference = {"_refResourceCollection": collection, "_refResourceId": object_id}
        return {**shown, **reference, "_ref": references.path(key)}
