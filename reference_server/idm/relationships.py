"""The relationships between managed objects, seen from both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

Key = tuple[str, str]  # collection, such as managed/alpha_user, and object ID
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class End(NamedTuple):
    """One side of a link: an object, and the property that shows the link there (None: the other side doesn't tell)."""

    key: Key
    field: str | None


@dataclass(frozen=True)
class Link:
    """A relationship of two objects; both sides show the same `_refProperties`."""

    id: str
    rev: str
    ends: tuple[End, End]
    properties: dict[str, Any] = field(default_factory=dict)


class Links:
    """All links of a tenant, indexed by object and property and then by the other side, in the order of their creation.

    A property of one object refers to a property of another at most once.
    """

    def __init__(self) -> None:
        self._index: dict[Key, dict[str | None, dict[End, Link]]] = {}

    def of(self, key: Key, field_name: str | None) -> Mapping[End, Link]:
        """The links that the property of the object shows, by the side that each refers to."""
        return self._index.get(key, _NOTHING).get(field_name, _NOTHING)

    def targets(self, key: Key, field_name: str) -> list[Key]:
        """The objects that the property refers to."""
        return [end.key for end in self.of(key, field_name)]

    def add(self, link: Link) -> None:
        """Make a link known on both sides."""
        one, other = link.ends
        for end, opposite in ((one, other), (other, one)):
            self._index.setdefault(end.key, {}).setdefault(end.field, {})[opposite] = link

    def remove(self, link: Link) -> None:
        """Take a link away from both sides."""
        one, other = link.ends
        for end, opposite in ((one, other), (other, one)):
            self._index.get(end.key, {}).get(end.field, {}).pop(opposite, None)

    def remove_all(self, key: Key) -> None:
        """Take away every link of an object, whichever side it is on."""
        for links in self._index.pop(key, {}).values():
            for link in list(links.values()):
                self.remove(link)
