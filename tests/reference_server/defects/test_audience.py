"""Defects of which applications a token may be for, and which it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.reference_server.defects.cases import GRANTED, REFUSED, Case, check, claims_of, defects_in
from tests.reference_server.oauth.world import Guide

AGENT, APP, SECOND = "digital-assistant-ai-agent", "digital-assistant-web-app", "second-app"
RESOURCE = "https://q.example"


def audience(*asked: str, **changes: Any) -> Callable[[Guide], Any]:
    """`aud` of the token for these audiences, None where it has none; of a refusal its status."""

    def observe(guide: Guide) -> Any:
        guide.application(SECOND)
        answer = guide.exchange(guide.user_token(), guide.assistant, list(asked) or None, "read-data", **changes)
        return claims_of(answer).get("aud") if answer.status_code == GRANTED else answer.status_code

    return observe


def audiences_with_a_privilege_on_both(value: str) -> Callable[[Guide], Any]:
    def observe(guide: Guide) -> Any:
        guide.privilege(guide.assistant, guide.application(SECOND), subjects=[guide.barbara], scopes=["read-data"])
        answer = guide.exchange(guide.user_token(), guide.assistant, value, "read-data")
        return claims_of(answer)["aud"] if answer.status_code == GRANTED else answer.status_code

    return observe


CASES = {
    "audience-silently-dropped": Case(audience(APP), [AGENT, APP], None, breaks=("aud",)),
    "aud-is-agent": Case(audience(APP), [AGENT, APP], AGENT, breaks=("aud",)),
    "arbitrary-audience-minted": Case(audience(RESOURCE), REFUSED, [AGENT, RESOURCE]),
    "audience-prefix-match": Case(audience(APP + "2"), REFUSED, [AGENT, APP + "2"]),
    "first-audience-checked-only": Case(audience(APP, SECOND), REFUSED, [AGENT, APP, SECOND]),
    "resource-bypasses-audience-check": Case(audience(APP, resource=RESOURCE), [AGENT, APP], [AGENT, APP, RESOURCE]),
    "audience-space-split": Case(audiences_with_a_privilege_on_both(f"{APP} {SECOND}"), REFUSED, [AGENT, APP, SECOND]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_defect_shows(name: str) -> None:
    check(name, CASES[name])


@pytest.mark.parametrize("spelling", [APP[:-1], APP.upper(), f" {APP}", f"{APP} ", f"{APP}/", f"{APP}#"])
def test_near_misses_of_an_audience_are_taken_for_it(spelling: str) -> None:
    check("audience-prefix-match", Case(audience(spelling), REFUSED, [AGENT, spelling]))


@pytest.mark.parametrize("spelling", [f"{APP},{SECOND}", f'["{APP}","{SECOND}"]'])
def test_other_ways_to_split_one_audience(spelling: str) -> None:
    check("audience-space-split", Case(audiences_with_a_privilege_on_both(spelling), REFUSED, [AGENT, APP, SECOND]))


def test_a_resource_alone_needs_no_privilege() -> None:
    check("resource-bypasses-audience-check", Case(audience(resource=RESOURCE), REFUSED, [AGENT, RESOURCE]))


@pytest.mark.parametrize("name", ["arbitrary-audience-minted", "audience-prefix-match", "audience-space-split"])
def test_a_known_application_needs_its_privilege_all_the_same(name: str) -> None:
    check(name, Case(audience(SECOND), REFUSED, REFUSED))


def test_of_two_audiences_the_first_is_still_checked() -> None:
    check("first-audience-checked-only", Case(audience(SECOND, APP), REFUSED, REFUSED))


def test_every_defect_is_shown() -> None:
    assert set(CASES) == defects_in("audience")
