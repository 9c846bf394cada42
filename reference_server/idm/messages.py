"""Messages of the directory behind IDM, escaped as a tenant escapes them (recorded tenant)."""

from __future__ import annotations

import html

from reference_server.idm.schema import ManagedType


def no_such_entry(managed_type: ManagedType, object_id: str) -> str:
    """Text of the 404 for an unknown object."""
    return _escaped(f"No Such Entry: The search base entry '{_entry(managed_type, object_id)}' does not exist")


def already_exists(managed_type: ManagedType, object_id: str) -> str:
    """Text of the 412 for an ID that is taken."""
    return _escaped(
        f"Entry Already Exists: The entry '{_entry(managed_type, object_id)}' cannot be added "
        "because an entry with that name already exists"
    )


def _entry(managed_type: ManagedType, object_id: str) -> str:
    return f"fr-idm-uuid={object_id},ou={managed_type.kind},o={managed_type.realm},o=root,ou=identities"


def _escaped(text: str) -> str:
    return html.escape(text).replace("&#x27;", "&#39;").replace("=", "&#61;")
