"""What the actors of a fuzzed tenant are called. Both realms have them all, under the same names and UUIDs."""

from __future__ import annotations

import uuid

REALMS = ("alpha", "bravo")
USER, OTHER_USER, GROUP, ROLE = "user", "other-user", "group", "role"
APPLICATION, AGENT, BASIC_CLIENT = "application", "agent", "basic-client"
CLIENTS = (APPLICATION, AGENT, BASIC_CLIENT)
PRIVILEGE = "privilege"
SCOPES = ("openid", "read-data", "write-data")

SECRET = "Secret-of-every-client"
PASSWORD = "Pa55word-of-every-user"
SECRETS = (SECRET, PASSWORD)

LIVE = (
    "user token",
    "agent token",
    "opaque token",
    "ID token",
    "refresh token",
    "expired token",
    "revoked token",
    "request ID",
    "approved request ID",
    "binding message",
    "signed request",
    "assertion",
    "realm",
)
"""What only a running tenant has. A description says `<user token>`; whoever sends the request puts the value in."""
TOKENS = LIVE[:7]


def live(name: str) -> str:
    """How a description names a live value of the realm that a request goes to."""
    return f"<{name}>"


def foreign(name: str) -> str:
    """How a description names a live value of the other realm."""
    return f"<{name} of the other realm>"


def identifier(name: str) -> str:
    """The UUID of an actor."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def mark(realm: str) -> str:
    """A word that stands in objects of this realm, and must stand in no answer of the other one."""
    return f"only-in-{realm}"
