"""A load from end to end: what it finds, what it leaves, what it tells. Short, small, on loopback."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from http import HTTPStatus
from itertools import count
from pathlib import Path
from threading import Event
from urllib.parse import parse_qsl

import pytest

from fixtures.cast import Cast
from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from load import caller, refusals
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.http import OAuthAnswer, OAuthRequest
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import hand_made_variables
from tests.end_to_end.listing import listing, service_account_variables
from tests.load.load_run import LONGEST_SECONDS, ended, load, start
from tests.secrets.scan import Scan

FLOW = {caller.LOG_IN, caller.USERS_TOKEN, caller.EXCHANGE, caller.AGENTS_TOKEN, caller.BY_APPLICATION}


@pytest.fixture
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


@pytest.fixture
def by_hand(tenant: ReferenceServer, tmp_path: Path) -> Cast:
    """What an administrator made by following the guide."""
    with Http() as http:
        admin = Administration(http, tenant.url, "alpha", tenant.service_account)
        provisioning = Provisioning.begin(admin, tmp_path / "journals", kept=True)
        cast = guide_cast(provisioning)
        provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
        provisioning.journal.close()
        return cast


def test_a_load_of_two_workers_finds_every_answer_right_and_leaves_the_tenant_as_it_was(
    tenant: ReferenceServer, tmp_path: Path
) -> None:
    before = listing(tenant)
    finished = load(tmp_path, "--workers", "2", "--duration", "4", **service_account_variables(tenant))
    assert finished.status == 0, finished.output
    assert {*FLOW, *refusals.REFUSALS, refusals.REVOCATION} <= finished.counts().keys(), finished.output
    assert "wrong answers: 0, without an answer: 0" in finished.output
    assert {"report.html", "load_stats.csv", "load_failures.csv"} <= finished.texts().keys()
    assert listing(tenant) == before


def test_what_shows_only_among_several_users_is_a_failure_and_not_a_statistic(tmp_path: Path) -> None:
    finished = load(tmp_path, OBO_REFERENCE_DEFECT="subject-cache-cross-user")
    assert finished.status == 1, finished.output
    assert f"{caller.AGENTS_TOKEN}: wrong answer: expected sub as in the user's token" in finished.output


def test_a_load_that_is_ended_early_takes_away_what_it_made(tenant: ReferenceServer, tmp_path: Path) -> None:
    before, is_under_load = listing(tenant), under_load(tenant.tenant.oauth["alpha"])
    process = start(tmp_path, "--duration", "60", "--workers", "1", **service_account_variables(tenant))
    assert is_under_load.wait(LONGEST_SECONDS)
    process.send_signal(signal.SIGTERM)
    finished = ended(process, tmp_path)
    assert finished.status == 2, finished.output
    assert listing(tenant) == before


def test_the_hand_made_actors_are_enough_and_a_threshold_decides(
    tenant: ReferenceServer, by_hand: Cast, tmp_path: Path
) -> None:
    finished = load(tmp_path, "--fail-above-ms", "p50=0", **hand_made_variables(tenant.url, by_hand))
    assert finished.status == 1, finished.output
    assert "missed: p50 is" in finished.output
    assert "wrong answers: 0, without an answer: 0" in finished.output
    assert "not tried, for want of OBO_SECOND_END_USER_…: exchange refused: user" in finished.output


def test_nothing_that_is_written_holds_a_secret_even_if_the_tenant_repeats_it(
    tenant: ReferenceServer, by_hand: Cast, tmp_path: Path
) -> None:
    seen = repeat_secrets(tenant.tenant.oauth["alpha"])
    finished = load(tmp_path, **hand_made_variables(tenant.url, by_hand))
    assert finished.status == 1, finished.output
    assert "wrong answer" in finished.output
    texts = finished.texts()
    assert "wrong answer" in texts["report.html"]
    assert "wrong answer" in texts["load_failures.csv"]
    assert Scan({"secret": by_hand.secrets, "token": seen}).leaks(texts) == set()


def under_load(server: AuthorizationServer) -> Event:
    """Set once a server has refused a request of the load: what is tried before is granted."""
    own, refused = server.answer, Event()

    def answering(path: str, request: OAuthRequest) -> OAuthAnswer:
        answer = own(path, request)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            refused.set()
        return answer

    server.answer = answering  # type: ignore[method-assign]
    return refused


def repeat_secrets(server: AuthorizationServer) -> set[str]:
    """Let a server refuse every second introspection in the words of the request; returns the tokens that it issues."""
    own, seen, asked = server.answer, set[str](), count()

    def answering(path: str, request: OAuthRequest) -> OAuthAnswer:
        answer = own(path, request)
        seen.update(str(value) for name, value in answer.body.items() if name == "access_token")
        if "active" in answer.body and next(asked) % 2 and len(seen) > 4:
            said = " ".join(value for _, value in parse_qsl(request.body.decode()))
            return OAuthAnswer({"error": "invalid_request", "error_description": said}, HTTPStatus.BAD_REQUEST)
        return answer

    server.answer = answering  # type: ignore[method-assign]
    return seen
