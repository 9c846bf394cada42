"""The managed types of a tenant, read from the JSON schemas next to this module (recorded tenant, May to July 2026)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Property = dict[str, Any]

_FOLDER = Path(__file__).parent / "schemas"
KINDS = ("user", "group", "role", "application", "aiagent", "aiagentprivilege")
# Applications show only what is set; the other types show null or an empty list for what isn't.
_SHOWS_ONLY_WHAT_IS_SET = ("application",)


@dataclass(frozen=True)
class Relationship:
    """A property that refers to other managed objects."""

    name: str
    many: bool
    targets: tuple[str, ...]  # collections, such as managed/alpha_user
    reverse: str | None  # the property on the other side, None when the reference goes one way


@dataclass(frozen=True)
class VirtualProperty:
    """A property computed from the objects at the end of chains of relationships."""

    name: str
    many: bool
    paths: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...]
    flatten: bool  # the bare value of the one field instead of an object


class ManagedType:
    """One type of managed objects in one realm, such as alpha_user."""

    def __init__(self, kind: str, realm: str) -> None:
        self.kind = kind
        self.realm = realm
        self.name = f"{realm}_{kind}"
        text = (_FOLDER / f"{kind}.json").read_text("utf-8")
        self.schema: dict[str, Any] = json.loads(text.replace("{realm}", realm).replace("{Realm}", realm.capitalize()))
        self.shows_unset = kind not in _SHOWS_ONLY_WHAT_IS_SET

    @property
    def properties(self) -> dict[str, Property]:
        """All properties by name."""
        return self.schema["properties"]  # type: ignore[no-any-return]

    @property
    def required(self) -> list[str]:
        """Names of the properties that every object must have."""
        return self.schema["required"]  # type: ignore[no-any-return]

    @cached_property
    def relationships(self) -> dict[str, Relationship]:
        """The relationship properties by name."""
        found = {}
        for name, definition in self.properties.items():
            item = definition.get("items", definition)
            if item["type"] == "relationship":
                targets = tuple(entry["path"] for entry in item["resourceCollection"])
                many = definition["type"] == "array"
                found[name] = Relationship(name, many, targets, item.get("reversePropertyName"))
        return found

    @cached_property
    def virtuals(self) -> dict[str, VirtualProperty]:
        """The computed properties by name."""
        return {name: _virtual(name, item) for name, item in self.properties.items() if item.get("isVirtual")}

    @cached_property
    def stored(self) -> dict[str, Property]:
        """The properties that an object itself holds and that may be read."""
        return {
            name: item
            for name, item in self.properties.items()
            if name not in self.relationships and name not in self.virtuals and item.get("scope") != "private"
        }

    @cached_property
    def protected(self) -> frozenset[str]:
        """The properties that can be written and compared, never read."""
        return frozenset(name for name, item in self.properties.items() if item.get("isProtected"))

    @cached_property
    def default_fields(self) -> tuple[str, ...]:
        """What a read shows when it names no fields."""
        readable = [*self.stored, *self.virtuals]
        return tuple(name for name in readable if self.properties[name].get("returnByDefault", True))

    @cached_property
    def fields_after_write(self) -> tuple[str, ...]:
        """What the answer to a write shows: also the properties that a read leaves out by default."""
        return (*self.stored, *self.virtuals)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Values that a new object gets when none is sent."""
        return {name: item["default"] for name, item in self.stored.items() if "default" in item}

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """The properties whose value no two objects may share."""
        return tuple(name for name, item in self.stored.items() if _has_policy(item, "unique"))


def load_types(realms: Iterable[str]) -> dict[str, ManagedType]:
    """The managed types of the realms, by name."""
    types = (ManagedType(kind, realm) for realm in realms for kind in KINDS)
    return {managed_type.name: managed_type for managed_type in types}


def _has_policy(definition: Property, policy: str) -> bool:
    return any(entry["policyId"] == policy for entry in definition.get("policies", ()))


def _virtual(name: str, definition: Property) -> VirtualProperty:
    query = definition.get("queryConfig", {})
    paths = query.get("referencedRelationshipFields", [])
    return VirtualProperty(
        name,
        many=definition["type"] == "array",
        paths=tuple((path,) if isinstance(path, str) else tuple(path) for path in paths),
        fields=tuple(query.get("referencedObjectFields", ())),
        flatten=query.get("flattenProperties", False),
    )
