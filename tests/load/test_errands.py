"""What simulated users do: every answer of a tenant that is right passes, and each kind of request can be found wrong.

Here the users are threads, without Locust.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import HarnessError
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from fixtures.tenant.provisioning import Provisioning
from load import caller, refusals
from load.asking import Asking, Ended
from load.caller import Caller
from load.errands import errands
from load.offer import find_out
from load.provisioned import provision
from reference_server.server import ReferenceServer

USERS = 6
ERRANDS = 20
AT_ONCE = 3


class Told:
    """How often each kind of request was sent, and what was wrong."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    def __call__(self, kind: str, milliseconds: float, length: int, wrong: str | None) -> None:
        assert milliseconds > 0 < length
        self.requests[kind] += 1
        self.wrong[kind] += wrong is not None


def crowd(folder: Path, *, defects: Iterable[str] = (), moods: Iterable[str] = ()) -> Told:
    """A few users at once on a server of their own."""
    told = Told()
    with ReferenceServer(defects=defects, moods=moods) as server, Http() as http:
        admin = Administration(http, server.url, "alpha", server.service_account)
        population = provision(Provisioning.begin(admin, folder))
        oauth = OAuth(http, Endpoints.of_tenant(server.url, "alpha"))
        offer = find_out(oauth, population, 0)

        def use(number: int) -> None:
            user = Caller(oauth, population, offer, population.users[number], Asking(told))
            for errand in islice(errands(user, number), ERRANDS):
                try:
                    errand(user)
                except Ended:
                    continue

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(use, range(USERS)))
    return told


def test_at_a_tenant_that_is_right_everything_is_tried_and_nothing_is_wrong(tmp_path: Path) -> None:
    told = crowd(tmp_path)
    flow = {caller.LOG_IN, caller.USERS_TOKEN, caller.EXCHANGE, caller.AGENTS_TOKEN, caller.BY_APPLICATION}
    assert told.requests.keys() == {*flow, *refusals.REFUSALS, refusals.REVOCATION}
    assert told.wrong.total() == 0


@pytest.mark.parametrize(
    ("defect", "kind"),
    [
        ("subject-cache-cross-user", caller.AGENTS_TOKEN),
        ("act-cached-per-subject", caller.AGENTS_TOKEN),
        ("jwt-act-missing", caller.AGENTS_TOKEN),
        ("jwt-scope-superset", caller.EXCHANGE),
        ("privilege-any-app-suffices", refusals.FORBIDDEN_AUDIENCE),
        ("subjects-not-enforced", refusals.UNCOVERED_USER),
        ("permissions-not-enforced", refusals.WITHHELD_SCOPE),
        ("revoked-subject-accepted", refusals.REVOKED_TOKEN),
        ("secret-prefix-compare", refusals.WRONG_SECRET),
    ],
)
def test_a_wrong_answer_is_told_with_the_kind_of_its_request(tmp_path: Path, defect: str, kind: str) -> None:
    assert crowd(tmp_path, defects=[defect]).wrong[kind]


@pytest.mark.parametrize(
    "moods",
    [
        ("introspection-by-the-audience", "age-form", "aud-array"),
        ("introspection-by-the-owner", "opaque-user-tokens", "scope-narrowed"),
    ],
    ids="+".join,
)
def test_a_tenant_that_is_right_in_its_own_way_passes(tmp_path: Path, moods: tuple[str, ...]) -> None:
    assert crowd(tmp_path, moods=moods).wrong.total() == 0


def test_no_load_is_put_on_a_tenant_that_does_not_even_serve_one(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="no exchange was granted before the load"):
        crowd(tmp_path, defects=["subject-groups-ignored"])
