"""No password, client secret, key or token of a run shows anywhere, least of all where scenarios fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.cast import Cast
from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import hand_made_variables, run
from tests.end_to_end.listing import service_account_variables

SHORTEST_PIECE = 24
LOUD = ("--showlocals", "--tb=long", "-vv", "-rA", "--capture=no", "--log-level=DEBUG", "-o", "log_cli=true")


@pytest.fixture
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


def issued(tenant: ReferenceServer) -> set[str]:
    """Every token that the tenant issued, of all kinds and both realms, and what was good for one (`auth_req_id`)."""
    servers = tenant.tenant.oauth.values()
    requests = {request for server in servers for request in server.backchannel_requests._by_id._entries}
    stores = [server.store for server in servers]
    return requests | {token for store in stores for token in [*store._recent_jwts, *store._references._entries]}


def found_in(texts: dict[str, str], secrets: set[str]) -> list[str]:
    """Places that show a secret, whole or a long piece of it."""
    pieces = {secret[:SHORTEST_PIECE] for secret in secrets} | {secret[-SHORTEST_PIECE:] for secret in secrets}
    pieces = {piece for piece in pieces if not piece.startswith("eyJ")} | {s for s in secrets if s.startswith("eyJ")}
    return [place for place, text in texts.items() if any(piece in text for piece in pieces)]


def everything(output: str, folder: Path) -> dict[str, str]:
    """All that a run wrote, by place."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-result.json") for path in files)
    return {"terminal": output} | {path.name: path.read_text(encoding="utf-8", errors="replace") for path in files}


def made_by_hand(tenant: ReferenceServer, folder: Path) -> Cast:
    """Tasks 2 and 3, but no token exchange at the provider: most scenarios will fail."""
    with Http() as http:
        admin = Administration(http, tenant.url, "alpha", tenant.service_account)
        return guide_cast(Provisioning.begin(admin, folder))


def test_failing_scenarios_show_no_secret(tenant: ReferenceServer, tmp_path: Path) -> None:
    cast = made_by_hand(tenant, tmp_path / "journal")
    results = tmp_path / "written" / "allure"
    junit = f"--junitxml={tmp_path / 'written' / 'junit.xml'}"
    finished = run(hand_made_variables(tenant.url, cast), results, junit, *LOUD)
    assert finished.status == 1
    assert TOKEN_EXCHANGE in finished.output
    secrets = {cast.application.client_secret, cast.agent.client_secret, cast.end_user.password} | issued(tenant)
    assert len(secrets) > 100
    assert not found_in(everything(finished.output, results.parent), secrets)


def test_a_run_by_service_account_shows_no_secret(tenant: ReferenceServer, tmp_path: Path) -> None:
    results = tmp_path / "written" / "allure"
    junit = f"--junitxml={tmp_path / 'written' / 'junit.xml'}"
    finished = run(service_account_variables(tenant), results, junit, *LOUD)
    assert finished.status == 0, finished.output
    key = tenant.service_account.jwk
    secrets = {str(key[name]) for name in ("d", "p", "q", "dp", "dq", "qi")} | issued(tenant)
    secrets |= set(tenant.tenant.sessions._by_token)
    assert not found_in(everything(finished.output, results.parent), secrets)


def test_the_scan_finds_a_planted_leak(tenant: ReferenceServer, tmp_path: Path) -> None:
    cast = made_by_hand(tenant, tmp_path / "journal")
    texts = {"terminal": f"client_secret is {cast.agent.client_secret}", "other": "nothing"}
    assert found_in(texts, {cast.agent.client_secret}) == ["terminal"]
