"""The relationships between managed objects, seen from both sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str]  # collection, such as managed/alpha_user, and object ID


@dataclass(frozen=True)
class End:
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

    def other(self, key: Key, field_name: str | None) -> End:
        """The side that the given one refers to."""
        first, second = self.ends
        return second if (first.key, first.field) == (key, field_name) else first


class Links:
    """All links of a tenant, indexed by object and property, each in the order of its creation."""

    def __init__(self) -> None:
        self._index: dict[Key, dict[str | None, dict[str, Link]]] = {}

    def of(self, key: Key, field_name: str | None) -> list[Link]:
        """The links that the property of the object shows."""
        return list(self._index.get(key, {}).get(field_name, {}).values())

    def targets(self, key: Key, field_name: str) -> list[Key]:
        """The objects that the property refers to."""
        return [link.other(key, field_name).key for link in self.of(key, field_name)]

    def add(self, link: Link) -> None:
        """Make a link known on both sides."""
        for end in link.ends:
            self._index.setdefault(end.key, {}).setdefault(end.field, {})[link.id] = link

    def remove(self, link: Link) -> None:
        """Take a link away from both sides."""
        for end in link.ends:
            self._index.get(end.key, {}).get(end.field, {}).pop(link.id, None)

    def remove_all(self, key: Key) -> None:
        """Take away every link of an object, whichever side it is on."""
        for links in self._index.pop(key, {}).values():
            for link in list(links.values()):
                self.remove(link)
