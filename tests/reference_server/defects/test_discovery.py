"""Defects of the metadata."""

from __future__ import annotations

from typing import Any

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.administration import EXCHANGE
from tests.reference_server.oauth.world import Guide


def metadata(guide: Guide) -> dict[str, Any]:
    """The realm's metadata."""
    body: dict[str, Any] = guide.http.get(guide.oauth + "/.well-known/openid-configuration").json()
    return body


@planted("discovery-issuer-mismatch")
def test_the_issuer_is_not_that_of_tokens(guide: Guide, wrong: bool) -> None:
    assert (metadata(guide)["issuer"] != guide.verified(guide.user_token())["iss"]) is wrong


@planted("discovery-endpoint-wrong-realm")
def test_the_endpoints_are_those_of_another_realm(guide: Guide, wrong: bool) -> None:
    for name in ("token_endpoint", "introspection_endpoint", "jwks_uri"):
        assert ("/realms/alpha" not in metadata(guide)[name]) is wrong


@planted("discovery-grants-stale")
def test_the_grant_types_are_those_of_yesterday(guide: Guide, wrong: bool) -> None:
    assert (EXCHANGE not in metadata(guide)["grant_types_supported"]) is wrong
