"""The doctor says before a run what a run finds out: which requirements the settings don't suffice for."""

from __future__ import annotations

import json
from pathlib import Path

from fixtures.doctor import coverage
from fixtures.settings import Settings
from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import hand_made_variables, run


def test_what_is_not_verified_by_hand_was_foretold(tmp_path: Path) -> None:
    with ReferenceServer() as server, Http() as http:
        admin = Administration(http, server.url, "alpha", server.service_account)
        with Provisioning.begin(admin, tmp_path) as provisioning:
            provisioning.enable_provider_grants(TOKEN_EXCHANGE)
            variables = hand_made_variables(server.url, guide_cast(provisioning))
            finished = run(variables, tmp_path / "allure")
    assert finished.status == 0, finished.output
    results = json.loads((tmp_path / "obo-results.json").read_text(encoding="utf-8"))
    found = {row["id"] for row in results["requirements"] if row["outcome"] == "not verified"}
    assert found
    assert set(coverage.lacking(Settings.read(variables))) == found
