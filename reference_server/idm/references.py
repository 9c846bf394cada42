"""References to objects as they go over the wire (`_ref`, `_refProperties`)."""

from __future__ import annotations

from typing import Any

from reference_server.errors import bad_request
from reference_server.idm.relationships import Key, Link

Reference = dict[str, Any]


def parse(value: Any) -> Key:
    """The object that a reference in a request names, by `_ref` or by collection and ID."""
    if isinstance(value, dict):
        ref = value.get("_ref")
        if ref is None and "_refResourceCollection" in value:
            ref = f"{value['_refResourceCollection']}/{value.get('_refResourceId', '')}"
        collection, _, object_id = ref.rpartition("/") if isinstance(ref, str) else ("", "", "")
        if collection and object_id:
            return collection, object_id
    raise bad_request("The reference of a relationship needs a _ref such as managed/<type>/<id>")


def same(value: Any, other: Any) -> bool:
    """Whether two references lead to the same object; anything else is compared as it is."""
    if isinstance(value, dict) and isinstance(other, dict) and "_ref" in value and "_ref" in other:
        return bool(value["_ref"] == other["_ref"])
    return bool(value == other)


def show(link: Link, target: Key) -> Reference:
    """A link as the property of one side shows it."""
    collection, object_id = target
    return {
        "_ref": f"{collection}/{object_id}",
        "_refResourceCollection": collection,
        "_refResourceId": object_id,
        "_refProperties": {"_id": link.id, "_rev": link.rev, **link.properties},
    }
