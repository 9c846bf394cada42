"""Documents of a tenant's administrative APIs, as the checks' tests need them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Document = dict[str, Any]

SECRET = 'made-up/"secret"-of-a-client'


def wrapped(value: Any) -> Document:
    """A setting as newer tenants show it, with the mark whether it is inherited."""
    return {"inherited": False, "value": value}


def as_it_is(value: Any) -> Any:
    """A setting as older tenants show it."""
    return value


both_forms = pytest.mark.parametrize("form", [as_it_is, wrapped], ids=["plain", "wrapped"])


def client(form: Callable[[Any], Any] = as_it_is, **changes: Any) -> Document:
    """A confidential client `app` called App; changes are client type, names, or members of the document."""
    core = {
        "clientType": form(changes.pop("client_type", "Confidential")),
        "clientName": form(changes.pop("names", ["App"])),
    }
    return {"_id": "app", "_type": {"_id": "OAuth2Client"}, "coreOAuth2ClientConfig": core} | changes


def granting(*grants: str, form: Callable[[Any], Any] = as_it_is, **settings: Any) -> Document:
    """A client's document with these grant types and further advanced settings."""
    return {"advancedOAuth2ClientConfig": {"grantTypes": form(list(grants))} | settings}


SWITCHES = (
    "providerOverridesEnabled",
    "statelessTokensEnabled",
    "acceptAudienceParametersInTokenExchangeRequests",
)
