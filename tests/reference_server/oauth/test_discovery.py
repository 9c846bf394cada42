"""What the realm publishes about itself (RFC 8414)."""

from __future__ import annotations

import pytest

from reference_server.oauth.discovery import issuer_of
from tests.reference_server.oauth.administration import EXCHANGE
from tests.reference_server.oauth.world import Guide

PATH = "/.well-known/openid-configuration"


def test_the_metadata_is_found_below_the_issuer_that_tokens_name(guide: Guide) -> None:
    issuer = guide.verified(guide.agent_token())["iss"]
    metadata = guide.http.get(issuer + PATH).json()

    assert metadata["issuer"] == issuer
    assert metadata["token_endpoint"] == issuer + "/access_token"
    assert metadata["introspection_endpoint"] == issuer + "/introspect"
    assert metadata["revocation_endpoint"] == issuer + "/token/revoke"
    assert guide.http.get(metadata["jwks_uri"]).json()["keys"]


@pytest.mark.parametrize("place", ["{prefix}/.well-known/{name}", "/.well-known/{name}{prefix}"])
def test_the_metadata_is_where_rfc_8414_looks_for_it(guide: Guide, place: str) -> None:
    path = place.format(prefix=guide.oauth, name="oauth-authorization-server")
    assert guide.http.get(path).json() == guide.http.get(guide.oauth + PATH).json()


def test_the_metadata_tells_the_providers_present_settings(guide: Guide) -> None:
    metadata = guide.http.get(guide.oauth + PATH).json()
    assert {"password", EXCHANGE} <= set(metadata["grant_types_supported"])
    assert "client_secret_post" in metadata["token_endpoint_auth_methods_supported"]
    for name, values in metadata.items():
        assert not name.endswith("_alg_values_supported") or "none" not in values

    guide.disable("password")
    assert "password" not in guide.http.get(guide.oauth + PATH).json()["grant_types_supported"]


def test_forwarding_headers_change_nothing(guide: Guide) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert "evil" not in guide.http.get(guide.oauth + PATH, headers=forged).text


def test_the_key_set_is_there_before_the_first_token(guide: Guide) -> None:
    (key,) = guide.http.get("/am/oauth2/realms/root/realms/bravo/connect/jwk_uri").json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert len(key["kid"]) == 28


@pytest.mark.parametrize(
    ("url", "issuer"),
    [
        ("https://tenant.example", "https://tenant.example:443/am/oauth2/realms/root/realms/alpha"),
        ("https://tenant.example:8443", "https://tenant.example:8443/am/oauth2/realms/root/realms/alpha"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/am/oauth2/realms/root/realms/alpha"),
        ("http://[::1]:8080", "http://[::1]:8080/am/oauth2/realms/root/realms/alpha"),
    ],
)
def test_an_issuer_always_has_its_port(url: str, issuer: str) -> None:
    assert issuer_of(url, "alpha") == issuer
