"""Finds managed objects by a property whose value no two of them share."""

from __future__ import annotations

from typing import Any


class UniqueIndex:
    """Value -> object ID, case-insensitive like the directory behind a tenant."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def owner(self, value: Any) -> str | None:
        """The ID of the object with that value."""
        return self._owners.get(self._key(value))

    def move(self, object_id: str, old: Any, new: Any) -> None:
        """The object's value changes; None stands for no value."""
        if old is not None:
            self._owners.pop(self._key(old), None)
        if new is not None:
            self._owners[self._key(new)] = object_id

    def _key(self, value: Any) -> str:
        return str(value).casefold()
