"""The provider, and who may use the administrator's interfaces."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import provider_settings
from steps.checks.documents import PASSWORD, TOKEN_EXCHANGE
from tests.checks.documents import Document
from tests.checks.evidence import Answer, conforms, deviation, html, no, ok


class TestProvider:
    """OBO-1-01 and OBO-1-02."""

    def provider(self, grants: Any, **settings: Any) -> Document:
        """A provider with these grant types."""
        return {"_rev": "1", "advancedOAuth2Config": {"grantTypes": grants}, "coreOAuth2Config": settings}

    @pytest.mark.parametrize(
        "grants",
        [
            [PASSWORD, TOKEN_EXCHANGE],
            ["authorization_code", TOKEN_EXCHANGE, PASSWORD],
            ["Resource Owner Password Credentials", "Token Exchange"],
        ],
    )
    def test_it_offers_both_grant_types(self, grants: list[str]) -> None:
        conforms(provider_settings.provider_offers, self.provider(grants))

    @pytest.mark.parametrize("grants", [[PASSWORD], [TOKEN_EXCHANGE], ["token-exchange", PASSWORD], [], None])
    def test_it_lacks_one(self, grants: Any) -> None:
        found = deviation(provider_settings.provider_offers, self.provider(grants))
        assert found.requirement == "OBO-1-01"
        assert "missing: [" in str(found.actual)

    @pytest.mark.parametrize(
        "after",
        [
            {
                "_rev": "2",
                "advancedOAuth2Config": {"grantTypes": ["a", "b"]},
                "coreOAuth2Config": {"codeLifetime": 121},
            },
            {"advancedOAuth2Config": {"grantTypes": ["b", "a"]}, "coreOAuth2Config": {"codeLifetime": 121}},
            {"advancedOAuth2Config": {"grantTypes": ["a", "b"]}, "coreOAuth2Config": {"codeLifetime": 121, "new": 1}},
        ],
        ids=["revision", "order", "a default that the server filled in"],
    )
    def test_a_save_changes_nothing(self, after: Document) -> None:
        conforms(provider_settings.provider_unchanged, self.provider(["a", "b"], codeLifetime=121), after)

    @pytest.mark.parametrize(
        ("after", "actual"),
        [
            ({"coreOAuth2Config": {"codeLifetime": 120}}, "coreOAuth2Config.codeLifetime"),
            ({"coreOAuth2Config": {}}, "coreOAuth2Config.codeLifetime"),
            ({"advancedOAuth2Config": {"grantTypes": ["a"]}}, "advancedOAuth2Config.grantTypes"),
            ({"advancedOAuth2Config": {"grantTypes": ["a", "b", "b"]}}, "advancedOAuth2Config.grantTypes"),
        ],
        ids=["reset", "lost", "a grant type lost", "one twice"],
    )
    def test_a_save_changes_something(self, after: Document, actual: str) -> None:
        before = self.provider(["a", "b"], codeLifetime=121)
        found = deviation(provider_settings.provider_unchanged, before, before | after)
        assert found.requirement == "OBO-1-02"
        assert actual in str(found.actual)

    def test_a_grant_type_that_was_there_twice_is_found_too(self) -> None:
        twice = self.provider(["a", "a"])
        assert deviation(provider_settings.provider_unchanged, twice, twice).actual == "twice: a"

    def test_entries_of_other_lists_may_repeat(self) -> None:
        settings = self.provider(["a"], claims=["x", "x"])
        conforms(provider_settings.provider_unchanged, settings, settings)

    @pytest.mark.parametrize(("switch", "accepts"), [(True, True), (False, False), ("true", False), (None, False)])
    def test_its_own_audience_switch(self, switch: Any, accepts: bool) -> None:
        document = {"advancedOAuth2Config": {"acceptAudienceParametersInTokenExchangeRequests": switch}}
        assert provider_settings.provider_accepts_audience(document) is accepts


class TestClosedInterfaces:
    """OBO-1-04."""

    @pytest.mark.parametrize("status", [401, 403, 404, 302, 307])
    def test_a_caller_is_turned_away(self, status: int) -> None:
        conforms(provider_settings.closed, {"the provider": html(status), "the privilege": html(401)})

    @pytest.mark.parametrize("answer", [ok(_id="x"), html(200), Answer(204), no("bad", 400), html(500), html(409)])
    def test_a_caller_gets_in(self, answer: Answer) -> None:
        found = deviation(provider_settings.closed, {"the provider": html(401), "the change": answer})
        assert found.requirement == "OBO-1-04"
        assert "the change" in found.expected

    def test_the_administrator_gets_in(self) -> None:
        conforms(provider_settings.open_to_administrator, {"the provider": ok(_id="x")})

    def test_where_nobody_gets_in_nothing_is_proved(self) -> None:
        found = deviation(provider_settings.open_to_administrator, {"the provider": html(404)})
        assert "the administrator may read the provider" in found.expected

    @pytest.mark.parametrize("check", [provider_settings.closed, provider_settings.open_to_administrator])
    def test_no_request_proves_nothing(self, check: Any) -> None:
        assert "none was made" in str(deviation(check, {}))

    def test_the_object_stays(self) -> None:
        conforms(
            provider_settings.object_unchanged, {"_rev": "1", "description": "a"}, {"_rev": "1", "description": "a"}
        )

    @pytest.mark.parametrize("after", [{"description": "b"}, {}, {"description": "a", "more": 1}], ids=str)
    def test_the_object_changes(self, after: Document) -> None:
        assert "changed: " in str(deviation(provider_settings.object_unchanged, {"description": "a"}, after))


@pytest.mark.parametrize(
    ("after", "same"),
    [
        ({"_rev": "2", "core": {"a": [2, "1"], "b": 3}}, True),
        ({"core": {"a": ["1", 2], "b": 3, "c": 4}}, True),
        ({"core": {"a": ["1", 2], "b": 4}}, False),
        ({"core": {"a": ["1", 2]}}, False),
    ],
    ids=["order and revision", "a setting more", "a setting changed", "a setting lost"],
)
def test_settings_are_the_same_whatever_their_order(after: Document, same: bool) -> None:
    before = {"_rev": "1", "core": {"a": ["1", 2], "b": 3}}
    assert provider_settings.same_settings(before, after) is same
