"""Wrong secrets, and service accounts that can't do what is asked of them: never taken for a fault of the tenant."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from fixtures.doctor.examination import demand_ready
from fixtures.settings import ServiceAccount
from fixtures.target import Target, open_http
from fixtures.tenant.actors import Secret
from fixtures.tenant.errors import HarnessError
from tests.doctor.hand_made import HandMade, named, only_hindrance

CREDENTIALS = "wrong credentials"
WRONG = Secret("wrong-secret-of-nobody")
OTHER_KEY = json.loads(RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048)))
WRONG_ACTORS = {
    "application": ("client_secret", "2.1.4b", "OBO_APPLICATION_CLIENT_SECRET"),
    "agent": ("client_secret", "3.1.1", "OBO_AGENT_CLIENT_SECRET"),
    "end_user": ("password", "4.1.1", "OBO_END_USER_PASSWORD"),
}
wrong_actors = pytest.mark.parametrize(("actor", "wrong"), WRONG_ACTORS.items(), ids=WRONG_ACTORS)


@wrong_actors
@pytest.mark.parametrize("read", [True, False], ids=["with a service account", "without one"])
def test_wrong_secret(set_up: HandMade, actor: str, wrong: tuple[str, str, str], read: bool) -> None:
    field, step, variable = wrong
    changed = replace(getattr(set_up.settings, actor), **{field: WRONG})
    found = set_up.hindrance(set_up.account if read else None, **{actor: changed})
    assert named(found) == (CREDENTIALS, step, variable)
    assert variable.rpartition("_")[0] in (found.remedy or "")


@wrong_actors
def test_wrong_secret_ends_a_run_before_it_begins(set_up: HandMade, actor: str, wrong: tuple[str, str, str]) -> None:
    settings = replace(set_up.settings, **{actor: replace(getattr(set_up.settings, actor), **{wrong[0]: WRONG})})
    with open_http(settings) as http, pytest.raises(HarnessError, match=f"^{wrong[2]}: {CREDENTIALS}"):
        demand_ready(Target(set_up.server.url, "alpha", False, None, settings), http, None)


def test_each_secret_is_tried_once_so_that_nobody_is_locked_out(set_up: HandMade) -> None:
    assert set_up.settings.end_user
    set_up.findings(end_user=replace(set_up.settings.end_user, password=WRONG))
    passwords = [dict(request.form or ()).get("password") for request in set_up.sent.requests]
    assert Counter(passwords)[WRONG] == 1


def test_wrong_secret_where_no_grant_type_is_offered(set_up: HandMade, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set_up.settings.agent
    monkeypatch.setattr(set_up.server.tenant.oauth["alpha"].token_endpoint, "grants", {})
    findings = set_up.findings(agent=replace(set_up.settings.agent, client_secret=WRONG))
    assert [named(found)[2] for found in findings if found.cause == CREDENTIALS] == ["OBO_AGENT_CLIENT_SECRET"]


ACCOUNTS = {
    "unknown": (ServiceAccount("00000000-0000-0000-0000-000000000000", OTHER_KEY), "does not log"),
    "key of another": (None, "does not log"),
}


@pytest.mark.parametrize(("account", "words"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_wrong_service_account(set_up: HandMade, account: ServiceAccount | None, words: str) -> None:
    found = set_up.hindrance(account or replace(set_up.account, jwk=OTHER_KEY))
    assert named(found) == (CREDENTIALS, None, "OBO_SERVICE_ACCOUNT_JWK")
    assert found.console_path == "Tenant Settings > Service Accounts"
    assert words in found.what


@pytest.mark.parametrize(("has", "lacks"), [("fr:am:*", "fr:idm:*"), ("fr:idm:*", "fr:am:*")])
def test_service_account_without_a_scope(set_up: HandMade, has: str, lacks: str) -> None:
    made = set_up.server.tenant.service_accounts.create("Half", (has,))
    found = set_up.hindrance(ServiceAccount(made.id, made.jwk))
    assert named(found) == (CREDENTIALS, None, "OBO_SERVICE_ACCOUNT_ID")
    assert f"lacks {lacks} (" in found.what


def test_clock_that_is_far_off_is_no_matter_of_credentials(set_up: HandMade) -> None:
    found = only_hindrance(set_up.findings(set_up.account, now=lambda: time.time() + 90))
    assert (found.cause, found.variable) == ("settings", None)
    assert "behind this machine's" in found.what
    assert "NTP" in (found.remedy or "")
