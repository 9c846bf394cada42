"""How AM writes a configuration document: groups of attributes, the inherited wrapper, the revision.

Single reads wrap each value as `{"inherited": false, "value": …}` and leave the value out when it is unset; lists give
the values raw, unset ones as null. Requests may come in either form (recorded tenant).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]
Groups = dict[str, dict[str, Any]]

OVERRIDES = "overrideOAuth2ClientConfig"
ADVANCED = "advancedOAuth2ClientConfig"
SIGNING = "signEncOAuth2ClientConfig"
CORE = "coreOAuth2ClientConfig"
OPENID = "coreOpenIDClientConfig"
UMA = "coreUmaClientConfig"
GROUPS = (OVERRIDES, ADVANCED, SIGNING, CORE, OPENID, UMA)

SECRET = "userpassword"  # noqa: S105 - the name of the attribute
# Single reads leave these out altogether while they are unset.
_HIDDEN_WHILE_UNSET = frozenset({"agentgroup", "oidcClaimsClass", "customLoginUrlTemplate", "accessTokenModifierClass"})


def revision(document: Mapping[str, Any]) -> str:
    """A revision made from the content: a signed 32-bit number as text, the same for the same content."""
    checksum = zlib.crc32(json.dumps(document, sort_keys=True).encode())
    return str(checksum - (1 << 32) if checksum >= 1 << 31 else checksum)


def wrap(value: Any) -> Document:
    """The value as single reads show it."""
    return {"inherited": False} if value is None else {"inherited": False, "value": value}


def unwrap(value: Any) -> Any:
    """The raw value, whether it came wrapped or not."""
    if isinstance(value, dict) and "inherited" in value and value.keys() <= {"inherited", "value"}:
        return value.get("value")
    return value


def wrapped_groups(groups: Groups) -> Document:
    """The client groups as single reads show them: overrides raw, every other value wrapped."""
    shown: Document = {}
    for name, attributes in _present(groups):
        visible = {key: value for key, value in attributes.items() if value is not None or not _hidden(key)}
        shown[name] = visible if name == OVERRIDES else {key: wrap(value) for key, value in visible.items()}
    return shown


def raw_groups(groups: Groups) -> Document:
    """The client groups as lists show them."""
    return {name: dict(attributes) for name, attributes in _present(groups)}


def _present(groups: Groups) -> list[tuple[str, dict[str, Any]]]:
    return [(name, attributes) for name, attributes in groups.items() if attributes]


def _hidden(attribute: str) -> bool:
    return attribute in _HIDDEN_WHILE_UNSET
