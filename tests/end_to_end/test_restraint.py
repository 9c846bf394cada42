"""Runs that hold back: a tenant that is only read, and one that is in production."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.cast import Cast
from fixtures.restraint import PRODUCTION_IN_FLIGHT, PRODUCTION_REQUESTS_PER_SECOND
from fixtures.settings import Settings
from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import Finished, hand_made_variables, run
from tests.end_to_end.listing import listing, service_account_variables
from tests.end_to_end.request_log import RequestLog, logged

SERVICE_ACCOUNT_LOGIN = "/am/oauth2/access_token"
VERIFIED_BY_BEHAVIOUR = 80


@pytest.fixture(scope="module")
def tenant() -> ReferenceServer:
    return ReferenceServer()


@pytest.fixture(scope="module")
def log(tenant: ReferenceServer) -> Iterator[RequestLog]:
    with logged(tenant) as log:
        yield log


@pytest.fixture(scope="module")
def cast(tenant: ReferenceServer, log: RequestLog, tmp_path_factory: pytest.TempPathFactory) -> Cast:  # noqa: ARG001 - the server runs
    """What an administrator made by following the guide."""
    with Http() as http:
        admin = Administration(http, tenant.url, "alpha", tenant.service_account)
        provisioning = Provisioning.begin(admin, tmp_path_factory.mktemp("journal"))
        made = guide_cast(provisioning)
        provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
        provisioning.journal.close()
    return made


def results(finished: Finished) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((finished.results.parent / "obo-results.json").read_text(encoding="utf-8"))
    return document


def reasons(finished: Finished, outcome: str) -> dict[str, str]:
    return {found["id"]: found["reason"] for found in results(finished)["requirements"] if found["outcome"] == outcome}


@pytest.mark.parametrize(
    ("option", "selected"),
    [
        ("--read-only", "not beyond and not slow"),
        ("--production", "OBO-1-01 or OBO-2.1-02 or OBO-4.1T-01 or OBO-4.1T-04 or OBO-CLA-01 or OBO-4.2X-01"),
    ],
)
def test_nothing_is_changed_and_it_says_what_it_left_out(
    tenant: ReferenceServer, log: RequestLog, cast: Cast, tmp_path: Path, option: str, selected: str
) -> None:
    before = listing(tenant)
    variables = hand_made_variables(tenant.url, cast) | service_account_variables(tenant)
    log.requests.clear()
    finished = run(variables, tmp_path / "results", option, "-v", "-m", selected)
    administrative = {(method, path) for method, path in log.beside_oauth if path != SERVICE_ACCOUNT_LOGIN}

    assert finished.status == 0, finished.output
    assert f"mode: verify, {option}" in finished.output
    assert {method for method, _ in administrative} == {"GET"}
    assert listing(tenant) == before
    left_out = reasons(finished, "not verified")
    assert f"changes the tenant: {option} leaves it out" in left_out["OBO-2.1-02"]
    verified = reasons(finished, "verified")
    assert {"OBO-1-01", "OBO-4.1T-01", "OBO-4.1T-04", "OBO-4.2X-01"} <= set(verified)
    failed_logins = left_out.get("OBO-CLA-01", "").startswith("leaves failed log-ins")
    assert failed_logins is (option == "--production")


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_production_tries_one_scenario_with_wrong_passwords(
    tenant: ReferenceServer, log: RequestLog, cast: Cast, tmp_path: Path, workers: list[str]
) -> None:
    log.wrong_passwords = 0
    chosen = ("-m", "OBO-4.1T-04 or OBO-ERR-03", "-k", "password")
    finished = run(hand_made_variables(tenant.url, cast), tmp_path / "results", "--production", *chosen, *workers)
    outcomes = [scenario["outcome"] for scenario in results(finished)["scenarios"]]
    assert (outcomes.count("verified"), outcomes.count("not verified")) == (1, 2)
    assert log.wrong_passwords == 1


def test_production_goes_gently() -> None:
    settings = Settings(max_in_flight=8).gently(PRODUCTION_IN_FLIGHT, PRODUCTION_REQUESTS_PER_SECOND)
    assert (settings.max_in_flight, settings.requests_per_second) == (2, 5.0)


def test_with_the_hand_made_variables_alone_nothing_administrative_is_asked(
    tenant: ReferenceServer, log: RequestLog, cast: Cast, tmp_path: Path
) -> None:
    log.requests.clear()
    finished = run(hand_made_variables(tenant.url, cast), tmp_path / "results", "-m", "not slow")

    assert finished.status == 0, finished.output
    assert log.requests
    assert not log.beside_oauth
    unverified = reasons(finished, "not verified")
    assert {id for id, reason in unverified.items() if "OBO_" not in reason} == set()
    assert len(reasons(finished, "verified")) + len(reasons(finished, "warning")) >= VERIFIED_BY_BEHAVIOUR


def test_with_a_service_account_alone_there_is_nobody_to_read_with(tenant: ReferenceServer, tmp_path: Path) -> None:
    finished = run(service_account_variables(tenant), tmp_path / "results", "--read-only")
    assert finished.status == 4
    assert "--read-only: makes no actors of its own; set the eight hand-made variables" in finished.output
