"""Clients and applications as the administrator finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steps.checks import application_settings
from steps.checks.documents import PASSWORD
from tests.checks.documents import Document, both_forms, client, granting, wrapped
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, no, ok, remark_of


class TestConfidentialClient:
    """OBO-2.1-01 and OBO-3.1-01."""

    @both_forms
    @pytest.mark.parametrize("client_type", ["Confidential", "confidential", "CONFIDENTIAL"])
    def test_an_application(self, form: Callable[[Any], Any], client_type: str) -> None:
        conforms(application_settings.confidential_client, client(form, client_type=client_type), "app", "App")

    @both_forms
    @pytest.mark.parametrize("attributes", [{"name": "App"}, wrapped({"name": "App"})], ids=["plain", "wrapped"])
    def test_an_agent_may_have_its_name_with_its_identity(self, form: Any, attributes: Document) -> None:
        agent = client(form, names=[], _type={"_id": "AIAgent"}, aiAgentIdentityAttributes=attributes)
        conforms(application_settings.confidential_client, agent, "app", "App", "AIAgent")

    @pytest.mark.parametrize(
        ("document", "actual"),
        [
            (client(client_type="Public"), "client type 'Public'"),
            (client(wrapped, client_type="Public"), "client type 'Public'"),
            (client(_id="another"), "client ID 'another'"),
            (client(names=["Another"]), "name ['Another'"),
            (client(names=None), "name [None"),
            ({}, "client ID None"),
        ],
    )
    def test_not_what_was_entered(self, document: Document, actual: str) -> None:
        assert actual in str(deviation(application_settings.confidential_client, document, "app", "App").actual)

    def test_an_agent_that_is_a_plain_client(self) -> None:
        found = deviation(application_settings.confidential_client, client(), "app", "App", "AIAgent")
        assert "type 'OAuth2Client'" in str(found.actual)


class TestApplicationObject:
    """OBO-2.1-01."""

    def test_it_links_to_its_client(self) -> None:
        conforms(application_settings.linked_to_client, {"ssoEntities": {"oidcId": "app"}}, "app")

    @pytest.mark.parametrize("application", [{}, {"ssoEntities": None}, {"ssoEntities": {"oidcId": "other"}}], ids=str)
    def test_it_links_elsewhere(self, application: Document) -> None:
        assert deviation(application_settings.linked_to_client, application, "app").requirement == "OBO-2.1-01"

    def test_it_has_an_owner(self) -> None:
        conforms(application_settings.has_owner, {"owners": [{"_refResourceId": "someone"}]})

    def test_a_tenant_that_does_not_tell_is_warned_of(self) -> None:
        assert remark_of(application_settings.has_owner, {})[0] == "SHOULD"

    @pytest.mark.parametrize("owners", [[], None])
    def test_it_has_none(self, owners: Any) -> None:
        assert deviation(application_settings.has_owner, {"owners": owners}).requirement == "OBO-2.1-01"


class TestAddedGrant:
    """OBO-2.2-01."""

    @both_forms
    def test_the_others_stay(self, form: Callable[[Any], Any]) -> None:
        before, after = granting("authorization_code", form=form), granting(PASSWORD, "authorization_code", form=form)
        conforms(application_settings.grant_added, before, after, PASSWORD)

    @pytest.mark.parametrize(
        "after",
        [granting(PASSWORD), granting("authorization_code"), granting("authorization_code", PASSWORD, "implicit"), {}],
        ids=["replaced", "not added", "more", "nothing"],
    )
    def test_the_others_are_lost(self, after: Document) -> None:
        found = deviation(application_settings.grant_added, granting("authorization_code"), after, PASSWORD)
        assert found.requirement == "OBO-2.2-01"

    def test_it_takes_effect(self) -> None:
        conforms(application_settings.change_effective, ok(access_token=TOKEN))

    @pytest.mark.parametrize("answer", [no("unauthorized_client"), no("x", access_token=TOKEN), ok(), html(500)])
    def test_it_does_not(self, answer: Answer) -> None:
        assert deviation(application_settings.change_effective, answer).requirement == "OBO-2.2-01"
