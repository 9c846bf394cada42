"""References to objects as they go over the wire (`_ref`, `_refProperties`)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

from reference_server.errors import bad_request
from reference_server.idm.relationships import Key, Link

Reference = dict[str, Any]


def parse(value: Any) -> Key:
    """The object that a reference in a request names, by `_ref` or by collection and ID, or 400."""
    key = _key(value)
    if key is None:
        raise bad_request("The reference of a relationship needs a _ref such as managed/<type>/<id>")
    return key


def identity(value: Any) -> Key | str:
    """What two references to the same object have in common; of anything else, its JSON text."""
    return _key(value) or json.dumps(value, sort_keys=True)


def path(key: Key) -> str:
    """The `_ref` of an object: a path, so blanks and the like in the ID are percent-encoded."""
    collection, object_id = key
    return f"{collection}/{quote(object_id, safe='~!$&()*+,;=:@', errors='replace')}"


def show(link: Link, target: Key) -> Reference:
    """A link as the property of one side shows it."""
    collection, object_id = target
    return {
        "_ref": path(target),
        "_refResourceCollection": collection,
        "_refResourceId": object_id,
        "_refProperties": {"_id": link.id, "_rev": link.rev, **link.properties},
    }


def _key(value: Any) -> Key | None:
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("_ref"), str):
        collection, _, object_id = value["_ref"].rpartition("/")
        object_id = unquote(object_id)
    else:
        collection, object_id = value.get("_refResourceCollection"), value.get("_refResourceId")
    found = isinstance(collection, str) and isinstance(object_id, str) and collection and object_id
    return (collection, object_id) if found else None
