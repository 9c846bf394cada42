"""What can be verified with which settings: told before a run, from the steps of the scenarios themselves."""

from __future__ import annotations

import dataclasses

import pytest

from fixtures.doctor import coverage
from fixtures.doctor.finding import Finding
from fixtures.doctor.guide_steps import catalogue
from fixtures.settings import ServiceAccount, Settings
from fixtures.tenant.actors import Client, EndUser, Secret

CLIENT, USER = Client("id", Secret("secret"), ("openid",)), EndUser("name", Secret("password"))
BY_HAND = Settings(tenant_url="https://tenant.example", application=CLIENT, agent=CLIENT, end_user=USER)
ACCOUNT = ServiceAccount("account", {})
ARMS: coverage.Arms = {
    "OBO-1-01": [(["admin"], True), (["agent", "end_user"], False)],
    "OBO-1-02": [(["admin", "provider_switch"], False)],
    "OBO-1-04": [(["admin", "second_agent"], False)],
    "OBO-2.1-03": [(["admin"], True)],
    "OBO-2.2-01": [(["admin", "workshop", "second_agent"], False)],
    "OBO-3.2-12": [(["second_agent", "end_user"], False)],
    "OBO-3.2-09": [(["group_user"], False)],
    "OBO-SUB-04": [(["other_realm", "other_realm_user"], False)],
    "OBO-HIL-01": [(["ciba_agent", "decide"], False)],
}


@pytest.fixture(autouse=True)
def _arms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "_arms", lambda: ARMS)


def groups(settings: Settings) -> dict[str, str]:
    """Variables by requirement, of those that these settings can't verify."""
    _, *notes = coverage.requirements_are_verifiable(settings)
    assert {found.level for found in notes} <= {"note"}
    return {name: found.variable or "" for found in notes for name in _names(found)}


def _names(found: Finding) -> list[str]:
    return found.what.partition(": ")[2].split(", ")


SECOND, ACCOUNTS = "OBO_SECOND_AGENT_CLIENT_ID", "OBO_SERVICE_ACCOUNT_ID"


def test_by_hand_without_an_account() -> None:
    assert groups(BY_HAND) == {
        "OBO-1-02": f"OBO_EXCLUSIVE_TENANT, {ACCOUNTS}",
        "OBO-1-04": f"{SECOND}, {ACCOUNTS}",
        "OBO-2.1-03": ACCOUNTS,
        "OBO-2.2-01": ACCOUNTS,
        "OBO-3.2-12": SECOND,
        "OBO-3.2-09": ACCOUNTS,
        "OBO-SUB-04": f"OBO_SECOND_REALM, {ACCOUNTS}",
        "OBO-HIL-01": f"OBO_APPROVER_URL, {ACCOUNTS}",
    }


def test_by_hand_with_further_actors_and_an_account_that_reads() -> None:
    settings = dataclasses.replace(BY_HAND, second_agent=CLIENT, service_account=ACCOUNT)
    assert groups(settings).keys() == {"OBO-1-02", "OBO-2.2-01", "OBO-3.2-09", "OBO-SUB-04", "OBO-HIL-01"}


def test_at_an_issuer_no_account_is_suggested() -> None:
    settings = dataclasses.replace(BY_HAND, tenant_url=None, issuer="https://issuer.example")
    assert groups(settings) == {
        "OBO-1-02": "OBO_ISSUER",
        "OBO-1-04": "OBO_ISSUER",
        "OBO-2.1-03": "OBO_ISSUER",
        "OBO-2.2-01": "OBO_ISSUER",
        "OBO-3.2-12": SECOND,
        "OBO-3.2-09": "OBO_ISSUER",
        "OBO-SUB-04": "OBO_ISSUER",
        "OBO-HIL-01": "OBO_ISSUER",
    }


def test_service_account_makes_what_is_needed() -> None:
    settings = Settings(tenant_url="https://tenant.example", service_account=ACCOUNT)
    assert groups(settings) == {
        "OBO-1-02": "OBO_EXCLUSIVE_TENANT",
        "OBO-SUB-04": "OBO_SECOND_REALM",
        "OBO-HIL-01": "OBO_APPROVER_URL",
    }


def test_bundled_server_has_everything() -> None:
    settings = Settings(exclusive_tenant=True, second_realm="bravo", approver_url="http://127.0.0.1/approver")
    assert groups(settings) == {}


def test_counts() -> None:
    count, *_ = coverage.requirements_are_verifiable(BY_HAND)
    testable = sum(not row.not_testable for row in catalogue().requirements.values())
    assert count.level == "ok"
    assert count.what.startswith(f"{testable - len(groups(BY_HAND))} of {testable} ")


def test_long_groups_are_cut() -> None:
    assert coverage._listed([f"OBO-{n}" for n in range(10)]).endswith(", OBO-7 and 2 more")


def test_features_that_cannot_be_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError

    monkeypatch.setattr(coverage, "_arms", fail)
    (found,) = coverage.requirements_are_verifiable(BY_HAND)
    assert found.level == "note"
