"""Something between suite and tenant answers in its place: nothing that it says is taken for the tenant's word."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.tenant.errors import HarnessError, Unreachable
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.service_account import ServiceAccountToken
from fixtures.tenant.undo import MOST_UNANSWERED
from reference_server.server import ReferenceServer
from tests.tenant.stand_in import Behaviour, Reply, serving
from tests.tenant.test_admin import administration

ANSWERS: dict[str, Reply] = {
    "a page": (200, {"Content-Type": "text/html"}, "<form method=post>"),
    "no JSON": (200, {"Content-Type": "application/json"}, '{"_id": "'),
    "no object": (200, {"Content-Type": "application/json"}, "[]"),
    "nothing": (200, {}, ""),
    "a redirect": (307, {"Location": "https://elsewhere.example/"}, ""),
}
Inventory = Callable[[], dict[str, Any]]


@pytest.fixture(params=ANSWERS)
def answer(request: pytest.FixtureRequest) -> Reply:
    """What is in between says to everything."""
    return ANSWERS[request.param]


def to(method: str, answer: Reply, otherwise: Reply) -> Behaviour:
    """One answer to requests of a method, another to all others."""
    return lambda sent, *_: answer if sent == method else otherwise


def test_the_provider_is_neither_read_nor_saved(http: Http, server: ReferenceServer, answer: Reply) -> None:
    asked: list[str] = []

    def behave(method: str, *_: Any) -> Reply:
        asked.append(method)
        return answer

    with serving(behave) as url:
        admin = administration(http, url, server)
        with pytest.raises(Unreachable, match=r"could not read the OAuth2 provider: .* is no tenant's"):
            admin.change_provider(lambda found: {**found, "changed": True})
    assert asked == ["GET"]


def test_a_provider_whose_grants_are_no_list_is_not_changed(http: Http, server: ReferenceServer) -> None:
    with serving(lambda *_: (200, {}, json.dumps({"advancedOAuth2Config": {"grantTypes": None}}))) as url:
        admin = administration(http, url, server)
        with pytest.raises(Unreachable, match="its grant types are no list"):
            admin.change_provider(lambda found: {**found, "changed": True})


def test_what_is_made_stays_in_the_journal(http: Http, server: ReferenceServer, answer: Reply, tmp_path: Path) -> None:
    with serving(to("PUT", answer, (404, {}, "{}"))) as url:
        provisioning = Provisioning.begin(administration(http, url, server), tmp_path)
        with pytest.raises(Unreachable, match="is no tenant's"):
            provisioning.create_user("barbara.jensen")
        assert len(provisioning.journal.open_entries()) == 1


def test_nothing_counts_as_deleted(http: Http, server: ReferenceServer, answer: Reply) -> None:
    with serving(to("DELETE", answer, (200, {}, '{"_id": "x"}'))) as url:
        admin = administration(http, url, server)
        with pytest.raises(Unreachable, match="is no tenant's"):
            admin.delete("user", "x")
        with pytest.raises(Unreachable, match="is no tenant's"):
            admin.delete_client("x")


def test_an_object_that_was_not_asked_for_is_no_deletion(http: Http, server: ReferenceServer) -> None:
    with serving(to("DELETE", (200, {}, '{"_id": "y"}'), (200, {}, '{"_id": "x"}'))) as url:
        admin = administration(http, url, server)
        with pytest.raises(Unreachable, match="is no tenant's"):
            admin.delete("user", "x")


def test_an_object_without_grants_is_no_saved_provider(http: Http, server: ReferenceServer) -> None:
    provider = json.dumps({"advancedOAuth2Config": {"grantTypes": []}})
    with serving(to("PUT", (200, {}, '{"status": "ok"}'), (200, {}, provider))) as url:
        admin = administration(http, url, server)
        with pytest.raises(Unreachable, match="could not save the OAuth2 provider"):
            admin.change_provider(lambda found: {**found, "changed": True})


def test_a_deletion_may_be_answered_without_a_word(http: Http, server: ReferenceServer) -> None:
    with serving(to("DELETE", (204, {}, ""), (404, {}, "{}"))) as url:
        assert administration(http, url, server).delete("user", "x")


def test_nobody_is_logged_in(http: Http, server: ReferenceServer, answer: Reply) -> None:
    with serving(lambda *_: answer) as url:
        token = ServiceAccountToken(http, url, server.service_account)
        with pytest.raises(Unreachable, match="could not log the service account in"):
            token.current()


def test_when_nobody_answers_the_rest_is_left_for_later(
    provisioning: Provisioning, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, asked = inventory(), []
    for number in range(MOST_UNANSWERED + 2):
        provisioning.create_group(f"group-{number}")

    def unanswered(kind: str, object_id: str) -> bool:
        asked.append(object_id)
        raise Unreachable(f"{kind} is not heard")

    with monkeypatch.context() as patched:
        patched.setattr(provisioning.admin, "delete", unanswered)
        heard, tried = provisioning.remove_all()
    assert len(asked) == MOST_UNANSWERED
    assert heard.count("group obo-") == MOST_UNANSWERED
    assert tried.endswith(": not tried, because the tenant does not answer")
    assert provisioning.remove_all() == []
    assert inventory() == before


def test_grants_are_added_only_to_what_was_read(
    http: Http, server: ReferenceServer, answer: Reply, tmp_path: Path
) -> None:
    with serving(lambda *_: answer) as url:
        provisioning = Provisioning.begin(administration(http, url, server), tmp_path)
        with pytest.raises(HarnessError):
            provisioning.enable_provider_grants(TOKEN_EXCHANGE)
        assert provisioning.journal.open_entries() == []
