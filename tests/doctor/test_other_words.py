"""Servers that are right and refuse in other words: the doctor takes none of them for another fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.tenant.actors import Secret
from reference_server.server import ReferenceServer
from tests.doctor.hand_made import HandMade, guide_done
from tests.doctor.test_undone_steps import CASES


def wrong_agent_secret(set_up: HandMade) -> None:
    assert set_up.settings.agent
    wrong = replace(set_up.settings.agent, client_secret=Secret("wrong-secret-of-nobody"))
    set_up.settings = replace(set_up.settings, agent=wrong)


def wrong_password(set_up: HandMade) -> None:
    assert set_up.settings.end_user
    wrong = replace(set_up.settings.end_user, password=Secret("wrong-password-of-nobody"))
    set_up.settings = replace(set_up.settings, end_user=wrong)


BREAKS = {name: case.break_it for name, case in CASES.items()}
BREAKS |= {"wrong AI agent's secret": wrong_agent_secret, "wrong password": wrong_password}
REFUSALS = [
    ("unauthorized-client-401", "wrong AI agent's secret", "3.1.1"),
    ("invalid-client-403", "wrong AI agent's secret", "3.1.1"),
    ("login-refused-401", "wrong password", "4.1.1"),
    ("login-access-denied", "wrong password", "4.1.1"),
    ("client-grant-unsupported", "application without password grant", "2.2.4a"),
    ("client-grant-unsupported", "agent without token exchange", "3.2.4b"),
    ("unknown-grant-invalid-request", "password grant off at the provider", "1.2a"),
    ("unknown-grant-invalid-request", "token exchange off at the provider", "1.2a"),
    ("policy-unauthorized-client", "user not covered", "3.2.5d-s"),
    ("policy-invalid-target", "user not covered", "3.2.5d-s"),
    ("unknown-audience-invalid-client", "no privilege", "3.2.5b"),
    ("scope-errors-invalid-request", "permission lacking", "3.2.5e-i"),
    ("scope-errors-invalid-request", "application without its scopes", "2.2.4b"),
    ("no-metadata", "no provider", "1.2"),
]
READY = ["scope-left-out", "opaque-user-tokens", "age-form", "introspection-forbidden-to-others", "clock-ahead"]


@pytest.mark.parametrize(("mood", "broken", "step"), REFUSALS)
def test_refusal_in_other_words(mood: str, broken: str, step: str, tmp_path: Path) -> None:
    with ReferenceServer(moods=[mood]) as server, guide_done(server, tmp_path) as set_up:
        BREAKS[broken](set_up)
        assert step in set_up.hindrance().steps


@pytest.mark.parametrize("mood", READY)
def test_tenant_that_is_ready_in_other_words(mood: str, tmp_path: Path) -> None:
    with ReferenceServer(moods=[mood]) as server, guide_done(server, tmp_path) as set_up:
        assert {finding.level for finding in set_up.findings()} == {"ok"}
