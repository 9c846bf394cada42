"""Whom introspection names as the issuer, also to a caller that forges its host."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import introspection
from tests.checks.evidence import Answer, conforms, deviation, html, introspected, no, remark_of


class TestIssuer:
    """OBO-4.1I-06, and the issuer's half of OBO-4.2I-07."""

    ISSUER = "https://tenant.example:443/am/oauth2/realms/root/realms/alpha"

    @pytest.mark.parametrize("forged", [False, True])
    def test_it_is_what_discovery_names(self, forged: bool) -> None:
        conforms(introspection.issuer_is, self.plain(), self.plain(), forged, self.ISSUER)

    @pytest.mark.parametrize("forged", [False, True])
    def test_without_discovery_it_is_that_of_a_plain_call(self, forged: bool) -> None:
        level, text = remark_of(introspection.issuer_is, self.plain(), self.plain(), forged, None)
        assert (level, "no discovery metadata" in text) == ("INFO", True)
        other = introspected(iss="https://forged.example/am/oauth2/realms/root/realms/alpha")
        found = deviation(introspection.issuer_is, self.plain(), other, forged, None)
        assert (found.expected, "forged.example" in found.actual) == (f"iss {self.ISSUER}", True)

    @pytest.mark.parametrize("forged", [False, True])
    def test_without_discovery_there_must_be_one(self, forged: bool) -> None:
        deviation(introspection.issuer_is, introspected(iss=...), introspected(iss=...), forged, None)

    @pytest.mark.parametrize("forged", [False, True])
    def test_where_it_is_optional_no_answer_needs_one(self, forged: bool) -> None:
        silent = introspected(iss=...)
        level, _ = remark_of(introspection.issuer_is, silent, silent, forged, self.ISSUER, optional=True)
        assert level == "INFO"
        other = introspected(iss="https://forged.example")
        deviation(introspection.issuer_is, silent, other, forged, self.ISSUER, optional=True)
        deviation(introspection.issuer_is, self.plain(), silent, forged, self.ISSUER, optional=True)

    def plain(self) -> Answer:
        return introspected(iss=self.ISSUER)

    @pytest.mark.parametrize("status", [400, 403, 404, 421])
    def test_a_forged_host_may_be_refused(self, status: int) -> None:
        conforms(introspection.issuer_is, self.plain(), html(status), True, self.ISSUER)

    @pytest.mark.parametrize(
        "iss",
        [ISSUER.replace(":443", ""), f"{ISSUER}/", ISSUER.replace(":443", "") + "/"],
        ids=["port", "slash", "both"],
    )
    def test_default_port_and_slash_are_worth_a_warning(self, iss: str) -> None:
        seen = introspected(iss=iss)
        assert remark_of(introspection.issuer_is, seen, seen, False, self.ISSUER)[0] == "SHOULD"

    @pytest.mark.parametrize(
        "iss",
        [
            "https://forged.example/am/oauth2/realms/root/realms/alpha",
            "https://tenant.example:8443/am/oauth2/realms/root/realms/alpha",
            "http://tenant.example/am/oauth2/realms/root/realms/alpha",
            "https://tenant.example/am/oauth2/realms/root/realms/bravo",
            "https://tenant.example/am/oauth2",
            None,
            ...,
        ],
    )
    @pytest.mark.parametrize("forged", [False, True])
    def test_it_is_another(self, iss: Any, forged: bool) -> None:
        found = deviation(introspection.issuer_is, self.plain(), introspected(iss=iss), forged, self.ISSUER)
        assert found.requirement == "OBO-4.1I-06"

    @pytest.mark.parametrize("answer", [html(404), no("invalid_client", 401)])
    def test_without_forged_headers_a_refusal_is_none_of_its_answers(self, answer: Answer) -> None:
        deviation(introspection.issuer_is, self.plain(), answer, False, self.ISSUER)

    @pytest.mark.parametrize("answer", [html(302), html(502)])
    def test_a_forged_host_must_not_lead_elsewhere(self, answer: Answer) -> None:
        deviation(introspection.issuer_is, self.plain(), answer, True, self.ISSUER)

    def test_an_exchange_keeps_it(self) -> None:
        conforms(introspection.issuer_kept, introspected(iss=self.ISSUER), introspected(iss=self.ISSUER))

    @pytest.mark.parametrize("iss", ["https://tenant.example", "agent", ISSUER.replace(":443", ""), ...])
    def test_an_exchange_changes_it(self, iss: Any) -> None:
        found = deviation(introspection.issuer_kept, introspected(iss=iss), introspected(iss=self.ISSUER))
        assert found.requirement == "OBO-4.2I-07"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://tenant.example:80/am/", "http://tenant.example/am"),
        ("https://tenant.example:443", "https://tenant.example"),
        ("https://tenant.example:80/am", "https://tenant.example:80/am"),
        ("http://tenant.example:8080/XX", "http://tenant.example:8080/XX"),
        ("http://[", "http://["),
        ("tenant.example/am/", "tenant.example/am/"),
    ],
)
def test_a_url_without_what_goes_without_saying(url: str, plain: str) -> None:
    assert introspection.without_default_port(url) == plain
