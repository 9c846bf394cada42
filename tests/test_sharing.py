"""After a failure no scenario builds on a log-in that was there before."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from fixtures import sharing
from fixtures.run import Run
from fixtures.session import RUN
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.shared_logins import SharedLogins


def passes() -> None:
    """All is well."""


def fails() -> None:
    raise AssertionError("expected 200, actually 500")


def skips() -> None:
    pytest.skip("not verified: needs a second realm")


@pytest.mark.parametrize(("scenario", "is_shared"), [(passes, True), (skips, True), (fails, False)])
def test_what_a_failure_may_have_spoilt_is_forgotten(scenario: Callable[[], None], is_shared: bool) -> None:
    logins, stash = SharedLogins(), pytest.Stash()
    stash[RUN] = cast("Run", SimpleNamespace(logins=logins))
    item = cast("pytest.Item", SimpleNamespace(config=SimpleNamespace(stash=stash)))
    answer = Answer(
        Request("POST", "https://tenant.example"), 200, {}, '{"access_token": "t", "expires_in": 3600}', 1.0
    )
    logins.begin(shares=True)
    logins.answer("key", lambda: answer)

    sharing.pytest_runtest_makereport(item, pytest.CallInfo.from_call(scenario, "call"))

    logins.begin(shares=True)
    assert logins.answer("key", lambda: answer).shared is is_shared
