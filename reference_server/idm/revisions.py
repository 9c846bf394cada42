"""Revisions of managed objects: the server instance's UUID and a counter."""

from __future__ import annotations

import itertools
import uuid


class Revisions:
    """Hands out `<uuid>-<n>`, each once."""

    def __init__(self) -> None:
        self._instance = uuid.uuid4()
        self._counter = itertools.count(1)

    def next(self) -> str:
        """A revision, or ID of a relationship, that was never used before."""
        return f"{self._instance}-{next(self._counter)}"
