"""The kinds of requests that a run sends, told apart by what goes over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE

ACCOUNT: Final = "log-in of the service account"
READING: Final = "administrative read"
CLIENT: Final = "write of an OAuth client"
AGENT: Final = "write of an AI agent"
USER: Final = "write of a user"
GROUP: Final = "write of a group"
APPLICATION: Final = "write of an application"
PRIVILEGE: Final = "write of a privilege"
CHANGE: Final = "change of the provider"
UNDOING: Final = "undoing of that change"
LOG_IN: Final = "log-in of a user"
EXCHANGE: Final = "exchange"
INTROSPECTION: Final = "introspection"
REVOCATION: Final = "revocation"
KEYS: Final = "keys"
METADATA: Final = "metadata"
DELETION: Final = "deletion"

WRITES: Final = (CLIENT, AGENT, USER, GROUP, APPLICATION, PRIVILEGE)
"""Administrative writes, one kind for each kind of object."""
OTHERS: Final = (
    ACCOUNT,
    METADATA,
    READING,
    CHANGE,
    LOG_IN,
    EXCHANGE,
    INTROSPECTION,
    KEYS,
    REVOCATION,
    DELETION,
    UNDOING,
)
KINDS: Final = (*OTHERS, *WRITES)
WHAT_CHANGES: Final = frozenset({*WRITES, CHANGE, UNDOING, DELETION})
"""What changes the tenant's configuration."""
ONCE_IN_A_RUN: Final = frozenset({ACCOUNT, METADATA, CHANGE, UNDOING, KEYS, GROUP})
"""Kinds of which a short run may have no more than one."""
OF_ANY_CLIENT: Final = frozenset({METADATA, LOG_IN, EXCHANGE, INTROSPECTION, REVOCATION, KEYS})
"""What applications and agents ask of a tenant, and a suite therefore judges; everything else is administration."""

_WRITTEN = {
    "/agents/OAuth2Client/": CLIENT,
    "/agents/AIAgent/": AGENT,
    "_user": USER,
    "_group": GROUP,
    "_application": APPLICATION,
    "_aiagentprivilege": PRIVILEGE,
}
_GRANTS = {PASSWORD: LOG_IN, TOKEN_EXCHANGE: EXCHANGE}
_ENDINGS = {"/introspect": INTROSPECTION, "/token/revoke": REVOCATION, "/jwk_uri": KEYS}


@dataclass(frozen=True)
class Sent:
    """A request as it arrived; `path` with its query, names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def kind(self) -> str | None:
        """Which kind it is of; None for one that no fault is for."""
        path = self.path.partition("?")[0]
        if path.startswith("/am/oauth2/"):
            return self._of_oauth(path)
        if self.method == "GET":
            return READING
        if self.method == "DELETE":
            return DELETION
        if path.endswith("/services/oauth-oidc"):
            return CHANGE if TOKEN_EXCHANGE.encode() in self.body else UNDOING
        return next(
            (kind for part, kind in _WRITTEN.items() if part in path.replace("/openidm/managed/alpha", "")), None
        )

    def _of_oauth(self, path: str) -> str | None:
        if "/.well-known/" in path:
            return METADATA
        if path == "/am/oauth2/access_token":
            return ACCOUNT
        if path.endswith("/access_token"):
            return _GRANTS.get(dict(parse_qsl(self.body.decode("utf-8", "replace"))).get("grant_type", ""))
        return next((kind for ending, kind in _ENDINGS.items() if path.endswith(ending)), None)
