"""Writes whose answer is lost: what was done is found done, what was not is done, and nobody's change is undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.tenant.admin import Administration
from fixtures.tenant.console import provider_grants, with_provider_grants
from fixtures.tenant.errors import Refused
from fixtures.tenant.http import Http
from fixtures.tenant.stored import holds, wanted_by
from fixtures.tenant.workshop import Workshop
from reference_server.server import ReferenceServer
from tests.tenant.losing import losing
from tests.tenant.observers import Recorder
from tests.tenant.stand_in import Reply, serving
from tests.tenant.test_admin import administration
from tests.tenant.test_provisioning import guide

GRANTS = ["authorization_code", "password"]


@pytest.fixture(params=[False, True], ids=["not done", "done"])
def lossy(
    request: pytest.FixtureRequest, http: Http, server: ReferenceServer, log_in: dict[str, Any]
) -> Iterator[Administration]:
    """The administration over a line that loses the first attempt of each write."""
    with losing(server.url, done=request.param) as url:
        admin = Administration(http, url, "alpha", server.service_account)
        assert admin.credentials
        admin.credentials.adopt(log_in)
        yield admin


def test_the_guide_is_followed_and_undone(
    lossy: Administration, inventory: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    before = inventory()
    workshop = Workshop.begin(lossy, tmp_path)
    user, _, agent = guide(workshop)
    workshop.set_members(workshop.create_group("members", [user]), [])
    workshop.set_user_status(user, "inactive")
    assert workshop.change_secret(agent).client_secret != agent.client_secret
    assert workshop.findings == []
    assert inventory() != before
    assert workshop.remove_all() == []
    assert inventory() == before


@pytest.mark.parametrize("lossy", [True], indirect=True)
def test_a_write_that_was_done_is_not_done_again(lossy: Administration, sent: Recorder) -> None:
    lossy.create("group", {"_id": "obo-once", "name": "obo-once"}, "obo-once")
    assert [request.method for request in sent.requests] == ["PUT", "GET"]
    assert lossy.delete("group", "obo-once") is False  # and the group is gone


class Provider:
    """A tenant's provider service that somebody else saves, too."""

    def __init__(self, *, minds_revisions: bool) -> None:
        self.minds_revisions = minds_revisions
        self.grants, self.revision = list(GRANTS), 1
        self.asides: list[Callable[[], None]] = []
        """What happens before each PUT is looked at."""
        self.losses: list[int] = []
        """Statuses that PUTs are answered with instead, before anything is done."""

    def save(self, grants: list[str]) -> None:
        self.grants, self.revision = grants, self.revision + 1

    def __call__(self, method: str, _path: str, headers: dict[str, str], body: str) -> Reply:
        if method == "PUT":
            if self.asides:
                self.asides.pop()()
            if self.losses:
                return self.losses.pop(), {}, "{}"
            if self.minds_revisions and headers.get("if-match", self._tag) != self._tag:
                return 412, {}, '{"message": "changed"}'
            self.save(json.loads(body)["advancedOAuth2Config"]["grantTypes"])
        document = {"_rev": str(self.revision), "advancedOAuth2Config": {"grantTypes": self.grants}}
        return 200, {"ETag": self._tag}, json.dumps(document)

    @property
    def _tag(self) -> str:
        return f'"{self.revision}"'


def with_exchange(document: dict[str, Any]) -> dict[str, Any]:
    grants = provider_grants(document)
    return document if "exchange" in grants else with_provider_grants(document, [*grants, "exchange"])


class TestProvider:
    def test_what_somebody_saves_in_between_is_kept(self, http: Http, server: ReferenceServer) -> None:
        provider = Provider(minds_revisions=True)
        provider.asides = [lambda: provider.save([*GRANTS, "theirs"])]
        with serving(provider) as url:
            saved = administration(http, url, server).change_provider(with_exchange)
        assert provider.grants == provider_grants(saved.after) == [*GRANTS, "theirs", "exchange"]

    @pytest.mark.parametrize("minds", [True, False])
    def test_so_it_is_where_the_outcome_is_unknown(self, http: Http, server: ReferenceServer, minds: bool) -> None:
        provider = Provider(minds_revisions=minds)
        provider.asides, provider.losses = [lambda: provider.save([*GRANTS, "theirs"])], [504]
        with serving(provider) as url:
            administration(http, url, server).change_provider(with_exchange)
        assert provider.grants == [*GRANTS, "theirs", "exchange"]

    def test_nothing_is_saved_where_nothing_changes(self, http: Http, server: ReferenceServer, sent: Recorder) -> None:
        with serving(Provider(minds_revisions=True)) as url:
            administration(http, url, server).change_provider(lambda found: found)
        assert [request.method for request in sent.requests] == ["GET"]

    @pytest.mark.parametrize("status", [400, 412, 501])
    def test_a_tenant_that_wants_no_revision_gets_none(self, http: Http, server: ReferenceServer, status: int) -> None:
        provider = Provider(minds_revisions=False)

        def refusing(method: str, path: str, headers: dict[str, str], body: str) -> Reply:
            return (status, {}, "{}") if "if-match" in headers else provider(method, path, headers, body)

        with serving(refusing) as url:
            administration(http, url, server).change_provider(with_exchange)
        assert provider.grants == [*GRANTS, "exchange"]

    def test_a_refusal_is_told(self, http: Http, server: ReferenceServer) -> None:
        def refusing(method: str, path: str, headers: dict[str, str], body: str) -> Reply:
            return (403, {}, "{}") if method == "PUT" else Provider(minds_revisions=True)(method, path, headers, body)

        with serving(refusing) as url, pytest.raises(Refused, match="could not save the OAuth2 provider"):
            administration(http, url, server).change_provider(with_exchange)


@pytest.mark.parametrize(
    ("stored", "wanted", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": 1}, False),
        ({"a": {"inherited": False, "value": [1, 2]}}, {"a": [2, 1]}, True),
        ({"a": {"inherited": False}}, {"a": None}, True),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"members": [{"_ref": "x", "_refProperties": {}}]}, {"members": [{"_ref": "x"}]}, True),
        ([], {"a": 1}, False),
    ],
)
def test_stored_as_wanted(stored: Any, wanted: Any, expected: bool) -> None:
    assert holds(stored, wanted) is expected


def test_what_a_patch_wants() -> None:
    replacing = {"operation": "replace", "field": "/a", "value": 1}
    assert wanted_by([replacing]) == {"a": 1}
    assert wanted_by([replacing, {"operation": "add", "field": "/b/-", "value": 1}]) is None
    assert wanted_by([{**replacing, "field": "/a/b"}]) is None
