"""How many things each container of a tenant holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from typing import Any

_BELOW = "reference_server."
_BOOKKEEPING = "_due", "_seconds"
_FEW = 30  # a mapping of the tenant's parts, rather than of what it keeps


def census(root: Any) -> dict[str, int]:
    """Path of attributes -> number of elements, of all containers that the parts of an object own."""
    counted: dict[str, int] = {}
    seen: set[int] = set()
    waiting = [("", root)]
    while waiting:
        path, part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        for name, value in _members(part):
            below = f"{path}.{name}".lstrip(".")
            if isinstance(value, dict | list | set) and isinstance(value, Sized):
                counted[below] = len(value)
            if name not in _BOOKKEEPING:
                waiting.append((below, value))
    return counted


def _members(part: Any) -> Iterator[tuple[str, Any]]:
    if type(part).__module__.startswith(_BELOW):
        yield from vars(part).items() if hasattr(part, "__dict__") else ()
    elif isinstance(part, Mapping) and len(part) <= _FEW:
        yield from ((str(name), value) for name, value in part.items())
