"""A realm's metadata (OBO-DSC-01 to OBO-DSC-03)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import discovery
from steps.checks.token_response import TOKEN_EXCHANGE
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, introspected, no, ok, remark_of

ISSUER = "https://t.example:443/am/oauth2/alpha"
OWN = {
    "token_endpoint": "https://t.example/am/oauth2/alpha/access_token",
    "introspection_endpoint": "https://t.example/am/oauth2/alpha/introspect",
    "jwks_uri": "https://t.example/am/oauth2/alpha/connect/jwk_uri",
}
GRANTED = ok(access_token=TOKEN)


class TestIssuer:
    """OBO-DSC-01."""

    @pytest.mark.parametrize("issuers", [[ISSUER, ISSUER, ISSUER], [ISSUER, None, None]])
    def test_it_is_the_tokens(self, issuers: list[Any]) -> None:
        conforms(discovery.issuer_is_the_tokens, {"issuer": ISSUER}, issuers)

    @pytest.mark.parametrize("other", [ISSUER.replace(":443", ""), f"{ISSUER}/"])
    def test_default_port_and_slash_are_worth_a_warning(self, other: str) -> None:
        assert remark_of(discovery.issuer_is_the_tokens, {"issuer": ISSUER}, [ISSUER, other])[0] == "SHOULD"

    @pytest.mark.parametrize("other", ["https://t.example:8443/am/oauth2/alpha", ISSUER.replace("alpha", "Alpha"), 7])
    def test_another_one(self, other: Any) -> None:
        found = deviation(discovery.issuer_is_the_tokens, {"issuer": ISSUER}, [ISSUER, other])
        assert found.requirement == "OBO-DSC-01"

    def test_without_one_in_a_token_there_is_nothing_to_compare(self) -> None:
        assert remark_of(discovery.issuer_is_the_tokens, {"issuer": ISSUER}, [None, None])[0] == "INFO"

    @pytest.mark.parametrize(
        "address",
        [
            "https://t.example/a/.well-known/openid-configuration",
            "https://t.example/a/.well-known/oauth-authorization-server",
            "https://t.example/.well-known/oauth-authorization-server/a",
        ],
    )
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_its_metadata_is_where_it_says(self, address: str, slash: str) -> None:
        conforms(discovery.issuer_is_its_address, {"issuer": f"https://t.example/a{slash}"}, address)

    def test_a_default_port_is_worth_a_warning(self) -> None:
        address = "https://t.example/am/oauth2/alpha/.well-known/openid-configuration"
        assert remark_of(discovery.issuer_is_its_address, {"issuer": ISSUER}, address)[0] == "SHOULD"

    @pytest.mark.parametrize("issuer", ["https://t.example/b", "https://u.example/a", None])
    def test_its_metadata_is_somewhere_else(self, issuer: Any) -> None:
        address = "https://t.example/a/.well-known/openid-configuration"
        assert deviation(discovery.issuer_is_its_address, {"issuer": issuer}, address).requirement == "OBO-DSC-01"


class TestEndpoints:
    """OBO-DSC-02."""

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"token_endpoint": "https://t.example:443/am/oauth2/alpha/access_token"},
            {"token_endpoint": "https://T.example/alias/token"},
        ],
    )
    def test_they_are_at_home(self, changes: dict[str, str]) -> None:
        conforms(discovery.endpoints_at_home, OWN | changes, OWN)

    @pytest.mark.parametrize("name", OWN)
    @pytest.mark.parametrize("url", ["https://u.example/x", "http://t.example/x", "https://t.example:8443/x", "", None])
    def test_one_is_elsewhere(self, name: str, url: str | None) -> None:
        found = deviation(discovery.endpoints_at_home, OWN | {name: url}, OWN)
        assert (found.requirement, name in found.expected) == ("OBO-DSC-02", True)

    @pytest.mark.parametrize("name", ["introspection_endpoint", "jwks_uri"])
    def test_a_server_that_is_no_tenant_may_lack_one(self, name: str) -> None:
        conforms(discovery.endpoints_at_home, OWN | {name: None}, OWN | {name: ""})

    def test_the_flow_runs_there(self) -> None:
        seen = introspected(sub="u", client_id="agent", act={"sub": "agent"}, expires_in=5)
        known = introspected(sub="u", client_id="agent", act={"sub": "agent"}, expires_in=4)
        conforms(discovery.endpoints_work, GRANTED, GRANTED, seen, known)

    @pytest.mark.parametrize(
        ("login", "exchange", "there", "here"),
        [
            (no("invalid_client", 401), GRANTED, introspected(), introspected()),
            (GRANTED, html(404), introspected(), introspected()),
            (GRANTED, GRANTED, html(404), introspected()),
            (GRANTED, GRANTED, introspected(), ok(active=False)),
            (GRANTED, GRANTED, introspected(sub="u"), introspected(sub="v")),
            (GRANTED, GRANTED, introspected(iss="a"), introspected(iss="b")),
        ],
        ids=["log-in", "exchange", "introspection", "unknown here", "another user", "another issuer"],
    )
    def test_it_does_not(self, login: Answer, exchange: Answer, there: Answer, here: Answer) -> None:
        assert deviation(discovery.endpoints_work, login, exchange, there, here).requirement == "OBO-DSC-02"

    def test_the_key_of_a_token_is_there(self) -> None:
        conforms(discovery.keys_work, ok(keys=[{"kid": "a"}, {"kid": "b"}]), {"alg": "ES256", "kid": "b"})

    @pytest.mark.parametrize(
        "answer", [ok(keys=[{"kid": "a"}]), ok(keys=[]), ok(keys="a"), ok(keys=["b"]), ok(), html(404)]
    )
    def test_the_key_of_a_token_is_missing(self, answer: Answer) -> None:
        assert deviation(discovery.keys_work, answer, {"alg": "ES256", "kid": "b"}).requirement == "OBO-DSC-02"

    @pytest.mark.parametrize("header", [None, {"alg": "HS256", "kid": "a"}, {"alg": "ES256"}])
    def test_a_token_that_names_no_public_key_is_for_the_record(self, header: Any) -> None:
        assert remark_of(discovery.keys_work, ok(keys=[]), header)[0] == "INFO"


class TestWhatIsOffered:
    """OBO-DSC-03."""

    LISTS: dict[str, Any] = {  # noqa: RUF012 - read alone
        "grant_types_supported": ["password", TOKEN_EXCHANGE, "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }

    def test_the_flow(self) -> None:
        conforms(discovery.offers_the_flow, self.LISTS)

    @pytest.mark.parametrize("name", LISTS)
    def test_an_absent_list_says_nothing(self, name: str) -> None:
        assert remark_of(discovery.offers_the_flow, self.LISTS | {name: None})[0] == "INFO"

    @pytest.mark.parametrize(
        "changes",
        [
            {"grant_types_supported": ["password"]},
            {"grant_types_supported": [TOKEN_EXCHANGE]},
            {"token_endpoint_auth_methods_supported": ["client_secret_basic"]},
        ],
    )
    def test_a_gap(self, changes: dict[str, Any]) -> None:
        assert deviation(discovery.offers_the_flow, self.LISTS | changes).requirement == "OBO-DSC-03"

    def test_nothing_that_is_off(self) -> None:
        conforms(discovery.offers_only, self.LISTS, [*self.LISTS["grant_types_supported"], "more"])
        assert remark_of(discovery.offers_only, {}, [])[0] == "INFO"
        assert "refresh_token listed" in str(deviation(discovery.offers_only, self.LISTS, ["password", TOKEN_EXCHANGE]))

    @pytest.mark.parametrize(
        "name",
        [
            "id_token_signing_alg_values_supported",
            "token_endpoint_auth_signing_alg_values_supported",
            "introspection_signing_alg_values_supported",
        ],
    )
    def test_none_binds_even_in_a_should(self, name: str) -> None:
        conforms(discovery.signs_everything, {name: ["ES256"]})
        found = deviation(discovery.signs_everything, {name: ["ES256", "none"]})
        assert (found.binding, found.requirement, name in str(found)) == (True, "OBO-DSC-03", True)

    @pytest.mark.parametrize("name", sorted(discovery.NONE_ALLOWED))
    def test_none_where_openid_connect_allows_it_is_for_the_record(self, name: str) -> None:
        assert remark_of(discovery.signs_everything, {name: ["none"]})[0] == "INFO"

    def test_what_is_no_list_of_algorithms_is_left_alone(self) -> None:
        conforms(discovery.signs_everything, {"x_signing_alg_values_supported": None, "y": ["none"]})
