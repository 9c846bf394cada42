"""Each legal mood shows, and the guide's own flow goes on in it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from reference_server import moods
from tests.moods.probes import observe
from tests.reference_server.defects.in_process import guide_with

LEGAL = sorted(name for name, mood in moods.load().items() if mood.legal)
ELSEWHERE = {"issuer-without-port", "clock-ahead", "compressed"}
"""Shows under another address, in what is there by chance, or below what a client library lets see."""


@cache
def on_a_clean_tenant() -> dict[str, Any]:
    with guide_with() as guide:
        return observe(guide)


@pytest.mark.parametrize("name", LEGAL)
def test_a_legal_mood_shows_and_the_guides_flow_goes_on(name: str) -> None:
    with guide_with(in_moods=[name]) as guide:
        user_token = guide.user_token()
        agent_token = guide.agent_token(user_token)
        told = [guide.introspect(agent_token, caller) for caller in (guide.assistant, guide.app)]
        seen = observe(guide)

    assert any(answer["active"] is True for answer in told)
    assert name in ELSEWHERE or seen != on_a_clean_tenant()


def test_two_clean_tenants_look_the_same() -> None:
    with guide_with() as guide:
        assert observe(guide) == on_a_clean_tenant()


def test_legal_moods_go_together() -> None:
    together = ["invalid-client-401", "aud-array", "age-form", "usr-form", "scope-narrowed", "terse-errors", "hs256"]
    with guide_with(in_moods=together) as guide:
        agent_token = guide.agent_token()
        told = guide.introspect(agent_token, guide.assistant)
        wrong = guide.login(guide.barbara, guide.app, client_secret="wrong")

    assert told["act"] == {"sub": f"(age!{guide.assistant.id})"}
    assert told["sub"] == f"(usr!{guide.barbara.id})"
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})


def test_the_default_port_is_left_out_of_the_issuer() -> None:
    with guide_with(in_moods=["issuer-without-port"]) as guide:
        tenant = guide.server.tenant
    tenant = type(tenant)("https://tenant.example")
    moods.find("issuer-without-port").plant(tenant)
    assert tenant.oauth["alpha"].discovery.metadata()["issuer"].startswith("https://tenant.example/am/")
