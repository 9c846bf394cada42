"""What AM refuses in a configuration document: unknown members and values of the wrong type, always with 400."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from reference_server.errors import bad_request

_ENUMERATIONS: dict[str, tuple[str, ...]] = {
    "status": ("Active", "Inactive"),
    "clientType": ("Confidential", "Public"),
    "tokenEndpointAuthMethod": (
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
        "none",
    ),
}
_CLIENT_ID = re.compile(r"[A-Za-z0-9._~:@+-]+")


def check_client_id(client_id: str) -> None:
    """Refuse a client ID that is empty or has a slash, a blank, a control or a non-ASCII character.

    The console takes letters, digits, dash and underscore (guide 2.1 step 4a); the API takes a few more.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise bad_request("Invalid client ID: only letters, digits, dash, underscore and . ~ : @ + are allowed")


def check_members(document: Mapping[str, Any], valid: Iterable[str]) -> None:
    """Refuse members that the resource doesn't have, naming those it has."""
    names = sorted(valid)
    if not document.keys() <= {*names, "_id", "_rev", "_type"}:
        raise bad_request("Invalid attribute specified.", {"validAttributes": names})


def check_group(name: str, group: Any, defaults: Mapping[str, Any]) -> None:
    """Refuse a group that isn't an object, and values whose type differs from the default's.

    Attributes without a default come from other releases and pass: what is stored is what was sent.
    """
    if not isinstance(group, dict):
        raise _invalid(name)
    for attribute, value in group.items():
        if value is not None and not _acceptable(attribute, value, defaults.get(attribute)):
            raise _invalid(attribute)


def check_secret(value: Any) -> None:
    """A client secret is text."""
    if value is not None and not isinstance(value, str):
        raise _invalid("userpassword")


def check_identity(value: Any) -> None:
    """The identity attributes of an AI agent are an object with a name."""
    if not isinstance(value, dict):
        raise _invalid("aiAgentIdentityAttributes")
    if not isinstance(value.get("name"), str) or not value["name"]:
        raise _invalid("name")
    for attribute, kind in {"_id": str, "description": str, "customAttributes": dict}.items():
        if not isinstance(value.get(attribute), kind | None):
            raise _invalid(attribute)


def _acceptable(attribute: str, value: Any, default: Any) -> bool:
    if attribute in _ENUMERATIONS:
        return value in _ENUMERATIONS[attribute]
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool | None)
    if isinstance(default, int):
        return isinstance(value, int)
    if isinstance(default, str):
        return isinstance(value, str)
    return True


def _invalid(attribute: str) -> Exception:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", attribute)
    return bad_request(f"Data validation failed for the attribute, {words[:1].upper()}{words[1:]}")
