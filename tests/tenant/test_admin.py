"""Administration: raw requests, calls that must succeed, and how a refusal reads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import NotVerifiable, Refused
from fixtures.tenant.http import Http
from reference_server.server import ReferenceServer
from tests.tenant.observers import Recorder
from tests.tenant.stand_in import Behaviour, Reply, serving

FORBIDDEN = {"code": 403, "reason": "Forbidden", "message": "Access denied"}
POLICY = FORBIDDEN | {
    "message": "Failed policy validation",
    "detail": {"result": False, "failedPolicyRequirements": [{"property": "telephoneNumber"}, {"property": "custom"}]},
}


def administration(http: Http, url: str, server: ReferenceServer) -> Administration:
    """An administration that is logged in at a stand-in."""
    admin = Administration(http, url, "alpha", server.service_account)
    assert admin.credentials
    admin.credentials.adopt({"token": "own", "expires_at": 1e12})
    return admin


def refusing(status: int, body: dict[str, Any]) -> Behaviour:
    """Always the same refusal."""
    return lambda *_: (status, {}, json.dumps(body))


def test_one_log_in_serves_all_calls(http: Http, server: ReferenceServer, sent: Recorder) -> None:
    admin = Administration(http, server.url, "alpha", server.service_account)
    admin.provider()
    admin.query("user")
    assert sent.lines()[0] == "POST am/oauth2/access_token"
    assert len(sent.lines()) == 3


def test_what_is_absent_is_none_and_deleting_it_is_fine(admin: Administration) -> None:
    assert admin.client("obo-nobody") is None
    assert admin.agent("obo-nobody") is None
    assert admin.read("user", "00000000-0000-4000-8000-000000000000") is None
    assert admin.delete_client("obo-nobody") is False
    assert admin.delete_agent("obo-nobody") is False
    assert admin.delete("group", "obo-nobody") is False


def test_queries(admin: Administration) -> None:
    assert admin.agents('_id eq "obo-nobody"') == []
    assert admin.clients('_id eq "obo-nobody"') == []
    assert admin.query("user", 'userName eq "obo-nobody"', ["_id", "userName"]) == []


def test_pages_are_followed_to_the_last(http: Http, server: ReferenceServer) -> None:
    def behave(_method: str, path: str, _headers: dict[str, str], _body: str) -> Reply:
        if "_pagedResultsCookie=next" in path:
            return 200, {}, '{"result": [{"_id": "b"}], "pagedResultsCookie": null}'
        return 200, {}, '{"result": [{"_id": "a"}], "pagedResultsCookie": "next"}'

    with serving(behave) as url:
        assert administration(http, url, server).query("user") == [{"_id": "a"}, {"_id": "b"}]


def test_pages_of_clients_are_followed_and_a_cookie_that_comes_again_is_not(
    http: Http, server: ReferenceServer
) -> None:
    cookies = {"_pagedResultsCookie=1": "2", "_pagedResultsCookie=2": "1"}

    def behave(_method: str, path: str, _headers: dict[str, str], _body: str) -> Reply:
        cookie = next((following for asked, following in cookies.items() if asked in path), "1")
        return 200, {}, json.dumps({"result": [{"_id": f"before {cookie}"}], "pagedResultsCookie": cookie})

    with serving(behave) as url:
        found = administration(http, url, server).clients()
    assert [client["_id"] for client in found] == ["before 1", "before 2", "before 1"]


def test_rejected_token_is_renewed_once(http: Http, server: ReferenceServer) -> None:
    tokens: list[str] = []

    def behave(_method: str, path: str, headers: dict[str, str], _body: str) -> Reply:
        if path == "/am/oauth2/access_token":
            return 200, {}, '{"access_token": "new", "expires_in": 899}'
        tokens.append(headers["authorization"])
        return 401, {}, '{"message": "Access Denied"}'

    with serving(behave) as url:
        assert administration(http, url, server).send("GET", "/openidm/x").status == 401
    assert tokens == ["Bearer own", "Bearer new"]


def test_raw_request_with_another_token_or_none(admin: Administration) -> None:
    path = admin.object_path("user") + "?_queryFilter=true"
    assert admin.send("GET", path, token=None).status == 401
    assert admin.send("GET", path, token="somebody's").status == 401
    assert admin.send("GET", path).status == 200


class TestRights:
    def test_without_a_service_account_nothing_is_asked(self, http: Http, sent: Recorder) -> None:
        admin = Administration(http, "https://tenant.example", "alpha", None)
        assert (admin.may_read, admin.may_write) == (False, False)
        with pytest.raises(NotVerifiable, match="set OBO_SERVICE_ACCOUNT_ID and OBO_SERVICE_ACCOUNT_JWK"):
            admin.provider()
        assert sent.requests == []

    def test_set_up_made_by_hand_is_only_read(self, http: Http, server: ReferenceServer, sent: Recorder) -> None:
        admin = Administration(http, server.url, "alpha", server.service_account, read_only=True)
        assert (admin.may_read, admin.may_write) == (True, False)
        document = admin.provider()
        with pytest.raises(NotVerifiable, match="would change the tenant"):
            admin.save_provider(document)
        with pytest.raises(NotVerifiable):
            admin.send("PATCH", "/openidm/x", token=None)
        assert [request.method for request in sent.requests] == ["POST", "GET"]


class TestRefusals:
    def test_no_permission_to_save_the_provider(self, http: Http, server: ReferenceServer) -> None:
        with serving(refusing(403, FORBIDDEN)) as url, pytest.raises(Refused) as raised:
            administration(http, url, server).save_provider({})
        assert str(raised.value) == (
            "could not save the OAuth2 provider (guide, task 1 step 3): 403 Access denied; "
            "OBO_SERVICE_ACCOUNT_ID may not do this: give the service account the scope fr:am:*"
        )

    def test_user_attributes_that_a_tenant_demands(self, http: Http, server: ReferenceServer) -> None:
        with serving(refusing(403, POLICY)) as url, pytest.raises(Refused) as raised:
            administration(http, url, server).create("user", {"userName": "obo"}, "x")
        assert "(custom, telephoneNumber)" in str(raised.value)
        assert "OBO_USER_ATTRIBUTES" in str(raised.value)

    def test_tenant_without_ai_agents(self, http: Http, server: ReferenceServer) -> None:
        with serving(refusing(404, {"message": "Not Found"})) as url, pytest.raises(Refused) as raised:
            administration(http, url, server).agents()
        assert raised.value.status == 404
        assert "the tenant offers AI agents" in str(raised.value)

    @pytest.mark.parametrize(
        ("status", "remedy"),
        [(401, "check OBO_SERVICE_ACCOUNT_ID"), (412, "exists already"), (503, "try again later"), (400, "understand")],
    )
    def test_each_kind_has_its_remedy(self, http: Http, server: ReferenceServer, status: int, remedy: str) -> None:
        body = {"message": "one\ntwo", "access_token": "t", "expires_in": 899}
        with serving(refusing(status, body)) as url:
            admin = administration(http, url, server)
            with pytest.raises(Refused) as raised:
                admin.patch("user", "x", [])
        assert remedy in str(raised.value)
        assert "\n" not in str(raised.value)
