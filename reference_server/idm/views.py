"""What a read shows of a managed object: the properties that the type returns, or those that `_fields` names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reference_server.idm.objects import ManagedObjects, Object
from reference_server.idm.schema import ManagedType
from reference_server.limits import MAX_FIELD_DEPTH
from reference_server.query_filter import Lookup

Shown = dict[str, Any]


class Views:
    """Renders managed objects, with relationships and virtual properties as of now."""

    def __init__(self, managed: ManagedObjects) -> None:
        self._managed = managed

    def show(self, managed_type: ManagedType, stored: Object, fields: str = "", *, after_write: bool = False) -> Shown:
        """The object with `_id`, `_rev` and the comma-separated fields, or with the default ones.

        `*` stands for the default properties, `*_ref` for all relationships, `members/userName` for a property of
        the related objects, `ssoEntities/oidcId` for a member of a property. What leads from object to object further
        than `MAX_FIELD_DEPTH` allows leads nowhere.
        """
        names = [name.strip().removeprefix("/") for name in fields.split(",") if name.strip()]
        default = managed_type.fields_after_write if after_write else managed_type.default_fields
        shown: Shown = {"_id": stored["_id"], "_rev": stored["_rev"]}
        for name in self._expanded(managed_type, names or ["*"], default):
            self._add(shown, managed_type, stored, name)
        return shown

    def lookup(self, managed_type: ManagedType, stored: Object) -> Lookup:
        """Values of the object by name of the property, for a query filter."""
        return lambda name: self.value(managed_type, stored, name)

    def value(self, managed_type: ManagedType, stored: Object, name: str) -> Any:
        """One property of the object as it is now; None when it is unset or unknown."""
        if name in managed_type.relationships:
            return self._managed.fields.value(managed_type, stored["_id"], name)
        if name in managed_type.virtuals:
            return self._managed.virtuals.value(managed_type, stored["_id"], name)
        return stored.get(name)

    def references(self, managed_type: ManagedType, stored: Object, name: str, fields: str) -> list[Shown]:
        """The relationship itself as a collection, each item with the named fields of the object it leads to."""
        value = self.value(managed_type, stored, name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        return [self._reference_item(item, fields) for item in items]

    def _expanded(self, managed_type: ManagedType, names: Iterable[str], default: Iterable[str]) -> Iterable[str]:
        for name in names:
            if name == "*":
                yield from default
            elif name == "*_ref":
                yield from managed_type.relationships
            elif name not in ("_id", "_rev") and name.count("/") < MAX_FIELD_DEPTH:
                yield name

    def _add(self, shown: Shown, managed_type: ManagedType, stored: Object, pointer: str) -> None:
        name, _, rest = pointer.partition("/")
        value = self.value(managed_type, stored, name)
        if name in managed_type.relationships and rest:
            shown[name] = self._merged(shown.get(name), value, rest)
        elif rest:
            found = self._member(value, rest)
            if found is not None:
                shown[pointer] = found
        elif value is not None:
            shown[name] = value
        elif self._shows_unset(managed_type, name):
            shown[name] = [] if managed_type.properties[name]["type"] == "array" else None

    def _shows_unset(self, managed_type: ManagedType, name: str) -> bool:
        if name in managed_type.protected:
            return False
        return name in managed_type.relationships or (managed_type.shows_unset and name in managed_type.properties)

    def _merged(self, known: Any, value: Any, fields: str) -> Any:
        """References with fields of the related objects, added to those that earlier fields brought in."""
        if isinstance(value, list):
            known = known or [{} for _ in value]
            return [self._merged(old, item, fields) for old, item in zip(known, value, strict=True)]
        if value is None:
            return None
        return {**value, **(known or {}), **self._related(value, fields)}

    def _related(self, reference: Shown, fields: str) -> Shown:
        type_name = reference["_refResourceCollection"].removeprefix("managed/")
        target = self._managed.get(type_name, reference["_refResourceId"])
        if target is None:
            return {}
        return self.show(self._managed.types[type_name], target, fields)

    def _reference_item(self, reference: Shown, fields: str) -> Shown:
        target = self._related(reference, fields)
        metadata = {
            "_id": reference["_refProperties"]["_id"],
            "_rev": reference["_refProperties"]["_rev"],
            "_ref": reference["_ref"],
            "_refResourceCollection": reference["_refResourceCollection"],
            "_refResourceId": reference["_refResourceId"],
            "_refResourceRev": target.get("_rev"),
            "_refProperties": reference["_refProperties"],
        }
        return {**target, **metadata} if fields else metadata

    def _member(self, value: Any, pointer: str) -> Any:
        for part in pointer.split("/"):
            value = value.get(part) if isinstance(value, dict) else None
        return value
