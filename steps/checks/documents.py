"""Reading the documents of the tenant's administrative APIs: provider, clients, agents, applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.checks.evidence import Members, items_of, members_of

PASSWORD = "password"  # noqa: S105 - a grant type
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
LABELS = {"Resource Owner Password Credentials": PASSWORD, "Token Exchange": TOKEN_EXCHANGE}


def setting(document: Members, group: str, name: str) -> Any:
    """A value of a client's document, without the wrapper that tells whether it is inherited."""
    value = members_of(document.get(group)).get(name)
    return value.get("value") if isinstance(value, Mapping) and "inherited" in value else value


def grant_types(document: Members, group: str = "advancedOAuth2ClientConfig") -> set[str]:
    """The grant types of a client or provider, console labels turned into their registered values."""
    grants = items_of(setting(document, group, "grantTypes"))
    return {LABELS.get(grant, grant) for grant in grants if isinstance(grant, str)}


def identity_of(document: Members) -> dict[str, Any]:
    """The identity attributes in an AI agent's document; {} where it has none."""
    attributes = members_of(document.get("aiAgentIdentityAttributes"))
    return dict(members_of(attributes.get("value")) if "inherited" in attributes else attributes)


def identity_uid(document: Members) -> str | None:
    """The id of the identity record that an AI agent's document links to."""
    uid = document.get("aiAgentIdentityUid")
    return uid.get("value") if isinstance(uid, Mapping) else uid


def client_of(application: Members) -> str | None:
    """The client ID that an application's object links to."""
    return members_of(application.get("ssoEntities")).get("oidcId")
