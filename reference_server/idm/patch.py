"""Patch operations on managed objects: add, replace and remove on a JSON pointer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reference_server.errors import bad_request
from reference_server.idm.references import identity
from reference_server.limits import MAX_DEPTH

Document = dict[str, Any]
_OPERATIONS = ("add", "replace", "remove")


def check_operations(operations: Any) -> list[Document]:
    """The operations of a request, or 400 when they aren't a list of well-formed ones."""
    if not isinstance(operations, list):
        raise bad_request("The patch request must be an array of operations")
    for operation in operations:
        if not isinstance(operation, dict) or operation.get("operation") not in _OPERATIONS:
            raise bad_request(f"A patch operation must be one of {', '.join(_OPERATIONS)}")
        if not isinstance(operation.get("field"), str) or not segments(operation["field"]):
            raise bad_request("A patch operation must name its field as a JSON pointer such as /description")
        if len(segments(operation["field"])) > MAX_DEPTH:
            raise bad_request("The field of a patch operation is nested too deeply")
    return operations


def touched(operations: Iterable[Document]) -> set[str]:
    """The properties that the operations change."""
    return {segments(operation["field"])[0] for operation in operations}


def segments(pointer: str) -> list[str]:
    """The parts of a JSON pointer; the leading slash is optional, as in CREST."""
    parts = pointer.removeprefix("/").split("/")
    return [part.replace("~1", "/").replace("~0", "~") for part in parts if part]


def apply(document: Document, operations: Iterable[Document]) -> None:
    """Change the document in place, one operation after the other."""
    for operation in operations:
        *parents, last = segments(operation["field"])
        missing: Any = None if operation["operation"] == "remove" else [] if last == "-" else {}
        holder = _holder(document, parents, missing)
        if holder is not None:
            _OPERATION[operation["operation"]](holder, last, operation.get("value"))


def _holder(document: Document, parents: list[str], missing: Any) -> Any:
    """The object or list that has the field, `missing` in place of an absent one; None when there is neither.

    A copy is made at each level, so that the stored object stays untouched.
    """
    holder: Any = document
    for part in parents:
        if isinstance(holder, list):
            key: Any = _index(holder, part)
            child = holder[key]
        else:
            key, child = part, holder.get(part)
        if child is None:
            child = missing if part is parents[-1] or missing is None else {}
        if child is None:
            return None
        if not isinstance(child, dict | list):
            raise bad_request(f"The field {part} has no members")
        holder[key] = child.copy()
        holder = holder[key]
    return holder


def _add(holder: Any, last: str, value: Any) -> None:
    if isinstance(holder, list):
        if identity(value) not in map(identity, holder):
            holder.insert(len(holder) if last == "-" else _index(holder, last), value)
    elif last == "-":
        raise bad_request("Only a list can be appended to")
    elif isinstance(value, list) and isinstance(holder.get(last), list):
        known = {identity(item) for item in holder[last]}
        holder[last] = holder[last] + [item for item in value if identity(item) not in known]
    else:
        holder[last] = value


def _replace(holder: Any, last: str, value: Any) -> None:
    holder[_index(holder, last) if isinstance(holder, list) else last] = value


def _remove(holder: Any, last: str, value: Any) -> None:
    if isinstance(holder, list):
        del holder[_index(holder, last)]
    elif value is not None and isinstance(holder.get(last), list):
        unwanted = {identity(item) for item in (value if isinstance(value, list) else [value])}
        holder[last] = [item for item in holder[last] if identity(item) not in unwanted]
    elif value is None or identity(holder.get(last)) == identity(value):
        holder.pop(last, None)


def _index(items: list[Any], part: str) -> int:
    if not part.isascii() or not part.isdigit() or len(part) > 9 or int(part) >= len(items):
        raise bad_request(f"The list has no item {part}")
    return int(part)


_OPERATION = {"add": _add, "replace": _replace, "remove": _remove}
