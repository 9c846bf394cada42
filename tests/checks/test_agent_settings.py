"""AI agents as the administrator finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from steps.checks import agent_settings, documents
from steps.checks.documents import TOKEN_EXCHANGE
from tests.checks.documents import SWITCHES, Document, both_forms, granting, wrapped
from tests.checks.evidence import Answer, conforms, deviation, html, ok


class TestAgentIdentity:
    """OBO-3.1-01 and OBO-3.1-03."""

    IDENTITY: ClassVar[Document] = {"_id": "uid-1", "oauth2ClientId": "agent"}

    @pytest.mark.parametrize("uid", ["uid-1", {"inherited": False, "value": "uid-1"}], ids=["plain", "wrapped"])
    def test_it_is_linked(self, uid: Any) -> None:
        agent = {"aiAgentIdentityUid": uid}
        conforms(agent_settings.identity_linked, agent, self.IDENTITY, ["other", "agent"], "agent")

    @pytest.mark.parametrize(
        ("uid", "identity", "listed", "actual"),
        [
            ("uid-1", IDENTITY, ["other"], "1 others"),
            (None, IDENTITY, ["agent"], "none"),
            (None, {"_id": None, "oauth2ClientId": "agent"}, ["agent"], "none"),
            ("uid-1", None, ["agent"], "none"),
            ("uid-2", IDENTITY, ["agent"], "none"),
            ("uid-1", {"_id": "uid-1", "oauth2ClientId": "other"}, ["agent"], "'other'"),
            ("uid-1", {"_id": "uid-1"}, ["agent"], "None"),
        ],
        ids=[
            "not listed",
            "no link",
            "neither link nor id",
            "no record",
            "another record",
            "another client",
            "no client",
        ],
    )
    def test_it_is_not(self, uid: Any, identity: Any, listed: list[str], actual: str) -> None:
        found = deviation(agent_settings.identity_linked, {"aiAgentIdentityUid": uid}, identity, listed, "agent")
        assert found.requirement == "OBO-3.1-01"
        assert actual in str(found.actual)

    @pytest.mark.parametrize("renaming", [html(400), html(403), html(404), html(405), ok()])
    @pytest.mark.parametrize("attributes", [{}, {"aiAgentIdentityAttributes": {"oauth2ClientId": "agent"}}], ids=str)
    def test_it_keeps_its_client_id(self, renaming: Answer, attributes: Document) -> None:
        conforms(agent_settings.not_renamed, renaming, ok(attributes), "agent")

    @pytest.mark.parametrize(
        ("renaming", "found"),
        [
            (ok(), html(404)),
            (ok(), ok(aiAgentIdentityAttributes={"oauth2ClientId": "renamed"})),
            (ok(), ok(aiAgentIdentityAttributes=wrapped({"oauth2ClientId": "renamed"}))),
            (html(500), ok()),
        ],
        ids=["gone", "renamed", "renamed, wrapped", "server error"],
    )
    def test_it_is_renamed(self, renaming: Answer, found: Answer) -> None:
        assert deviation(agent_settings.not_renamed, renaming, found, "agent").requirement == "OBO-3.1-03"


class TestAccessTab:
    """OBO-3.2-01."""

    @both_forms
    @pytest.mark.parametrize("grant", [TOKEN_EXCHANGE, "Token Exchange"])
    def test_token_exchange_is_granted(self, form: Callable[[Any], Any], grant: str) -> None:
        conforms(agent_settings.agent_grants_exchange, granting("authorization_code", grant, form=form))

    @pytest.mark.parametrize("document", [granting("authorization_code"), granting("token-exchange"), {}], ids=str)
    def test_token_exchange_is_lost(self, document: Document) -> None:
        assert deviation(agent_settings.agent_grants_exchange, document).requirement == "OBO-3.2-01"

    @both_forms
    def test_it_authenticates_in_the_body(self, form: Callable[[Any], Any]) -> None:
        document = granting(tokenEndpointAuthMethod=form("client_secret_post"))
        conforms(agent_settings.authenticates_in_body, document)

    @pytest.mark.parametrize("method", ["client_secret_basic", "none", None])
    def test_it_authenticates_otherwise(self, method: Any) -> None:
        document = granting(tokenEndpointAuthMethod=method)
        assert deviation(agent_settings.authenticates_in_body, document).actual == repr(method)

    @both_forms
    def test_the_three_switches_are_on(self, form: Callable[[Any], Any]) -> None:
        conforms(agent_settings.overrides_on, {"overrideOAuth2ClientConfig": {name: form(True) for name in SWITCHES}})

    @pytest.mark.parametrize("off", SWITCHES)
    @pytest.mark.parametrize("value", [False, None, "true"])
    def test_one_that_is_off_is_named_as_in_the_console(self, off: str, value: Any) -> None:
        switches = dict.fromkeys(SWITCHES, True) | {off: value}
        found = deviation(agent_settings.overrides_on, {"overrideOAuth2ClientConfig": switches})
        assert found.requirement == "OBO-3.2-01"
        assert str(found.actual).count(";") == 0

    def test_all_are_off_in_an_empty_document(self) -> None:
        assert str(deviation(agent_settings.overrides_on, {}).actual).count(";") == 2


def test_an_identity_is_read_from_either_form() -> None:
    assert documents.identity_of({"aiAgentIdentityAttributes": wrapped(None)}) == {}
    assert documents.identity_of({}) == {}
    assert documents.identity_of({"aiAgentIdentityAttributes": wrapped({"name": "A"})}) == {"name": "A"}
    assert documents.identity_of({"aiAgentIdentityAttributes": {"name": "A"}}) == {"name": "A"}


def test_a_setting_that_is_an_object_is_no_wrapper() -> None:
    assert documents.setting({"group": {"name": {"value": 1}}}, "group", "name") == {"value": 1}
