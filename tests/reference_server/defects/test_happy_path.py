"""A defect is subtle: unless it is about the guide's own example, the example works as ever."""

from __future__ import annotations

import pytest

from reference_server.defects.registry import load
from tests.reference_server.defects.planted import guide_with

PLAIN = {
    "active-as-string",
    "actor-token-required",
    "exchange-echoes-subject-token",
    "exchanged-token-introspects-inactive",
    "act-as-string",
    "introspection-omits-act",
    "expires-in-as-string",
    "act-missing",
    "act-sub-is-app",
    "sub-becomes-agent",
    "agent-save-loses-override-flags",
    "agent-stored-as-plain-client",
    "app-scopes-stored-as-one-string",
    "provider-save-drops-urn-grants",
}
"""Defects that show in the example itself."""


@pytest.mark.parametrize("name", sorted(load().keys() - PLAIN))
def test_the_guides_example_works(name: str) -> None:
    with guide_with(name) as guide:
        user_token = guide.user_token()
        agent_token = guide.agent_token(user_token)

        assert guide.introspect(user_token, guide.app)["active"] is True
        told = guide.introspect(agent_token, guide.assistant)
        assert told["active"] is True
        assert told["sub"] == guide.barbara.id
        assert told["act"]["sub"] == guide.assistant.id
