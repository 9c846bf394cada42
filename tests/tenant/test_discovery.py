"""Endpoints are found by metadata in each of its places, and no secret goes where it must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fixtures.tenant.actors import Client, Secret
from fixtures.tenant.discovery import endpoints_of_issuer, endpoints_of_tenant, find_metadata, is_metadata, well_known
from fixtures.tenant.errors import NotApplicable
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from fixtures.tenant.witnesses import TokenWitnesses
from reference_server.server import ReferenceServer
from tests.stand_in import METADATA, stand_in

ISSUER = "https://login.example/tenant"
PLACES = (
    "/tenant/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server/tenant",
    "/.well-known/openid-configuration/tenant",
    "/tenant/.well-known/oauth-authorization-server",
)


def metadata(**members: Any) -> Answer:
    request = Request("GET", f"{ISSUER}/.well-known/openid-configuration")
    answer = Answer(request, 200, {}, "", 1)
    answer.__dict__["body"] = {"issuer": ISSUER, **members}
    return answer


def test_both_well_known_names_in_both_places() -> None:
    assert well_known(ISSUER) == [f"https://login.example{place}" for place in PLACES]
    assert well_known("https://login.example") == [
        "https://login.example/.well-known/openid-configuration",
        "https://login.example/.well-known/oauth-authorization-server",
    ]


@pytest.mark.parametrize("place", PLACES)
def test_metadata_is_found_in_each_place(http: Http, place: str) -> None:
    others = {other: (200, {"issuer": "not of a server"}) for other in PLACES if other != place}
    with stand_in({**others, place: (200, {"token_endpoint": "/token"})}) as url:
        found = find_metadata(http, f"{url}/tenant")
        assert found.request.url == url + place


def test_the_first_place_tells_why_there_is_none(http: Http) -> None:
    with stand_in({PLACES[0]: (503, {}), PLACES[1]: (404, {})}) as url:
        found = find_metadata(http, f"{url}/tenant")
    assert found.status == 503
    assert not is_metadata(found)


@pytest.mark.parametrize(
    ("issuer", "token_endpoint", "taken"),
    [
        (ISSUER, "https://login.example/t", True),
        (ISSUER, "https://tokens.example/t", True),
        ("https://login.example:443/tenant/", "https://tokens.example/t", True),
        ("https://login.example/another", "https://login.example/t", True),
        ("https://login.example/another", "https://tokens.example/t", False),
        ("https://login.example.evil/tenant", "https://tokens.example/t", False),
        (None, "https://tokens.example/t", False),
        (ISSUER, "http://login.example/t", False),
        (ISSUER, "http://127.0.0.1/t", True),
        (ISSUER, "t", False),
    ],
)
def test_only_an_issuer_itself_sends_secrets_elsewhere(issuer: str | None, token_endpoint: str, taken: bool) -> None:
    answer = metadata(issuer=issuer, token_endpoint=token_endpoint)
    found = endpoints_of_issuer(answer, ISSUER, allow_http=False)
    assert found.token == (token_endpoint if taken else "")
    assert found.metadata == answer.request.url


def test_plain_http_where_it_is_allowed() -> None:
    answer = metadata(token_endpoint="http://login.example/t")
    assert endpoints_of_issuer(answer, ISSUER, allow_http=True).token == "http://login.example/t"


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("/am/oauth2/realms/root/realms/alpha/token", True),
        ("/token", True),
        ("/am/oauth2/realms/root/access_token", False),
        ("/am/oauth2/realms/root/realms/alphabet/access_token", False),
    ],
)
def test_a_tenants_endpoint_is_of_its_realm(http: Http, path: str, taken: bool) -> None:
    answers: dict[str, tuple[int, dict[str, Any]]] = {}
    with stand_in(answers) as url:
        documented = Endpoints.of_tenant(url, "alpha")
        answers[METADATA] = 200, {"issuer": f"{url}/i", "token_endpoint": url + path}
        found = endpoints_of_tenant(http, url, "alpha")
    assert found == replace(documented, issuer=f"{url}/i", token=url + path if taken else documented.token)


def test_a_tenant_without_metadata_or_with_a_foreign_one(http: Http) -> None:
    with stand_in({}) as url:
        assert endpoints_of_tenant(http, url, "alpha") == Endpoints.of_tenant(url, "alpha")
    with stand_in({METADATA: (200, {"token_endpoint": "https://evil.example/token"})}) as url:
        assert endpoints_of_tenant(http, url, "alpha") == Endpoints.of_tenant(url, "alpha")


def test_a_tenant_with_the_metadata_of_rfc_8414_alone(http: Http) -> None:
    documented = Endpoints.of_tenant("https://tenant.example", "alpha")
    place = "/.well-known/oauth-authorization-server" + documented.token.removeprefix("https://tenant.example")
    place = place.removesuffix("/access_token")
    answers: dict[str, tuple[int, dict[str, Any]]] = {}
    with stand_in(answers) as url:
        answers[place] = 200, {"token_endpoint": f"{url}/token"}
        found = endpoints_of_tenant(http, url, "alpha")
    assert (found.token, found.metadata) == (f"{url}/token", url + place)


def test_the_reference_server_names_the_guides_endpoints(http: Http, server: ReferenceServer) -> None:
    found, documented = endpoints_of_tenant(http, server.url, "alpha"), Endpoints.of_tenant(server.url, "alpha")
    assert replace(found, issuer=None) == documented


def test_what_a_server_lacks_is_not_applicable(http: Http) -> None:
    oauth = OAuth(http, endpoints_of_issuer(metadata(token_endpoint=f"{ISSUER}/t"), ISSUER, allow_http=False))
    with pytest.raises(NotApplicable, match="metadata names no introspection endpoint"):
        oauth.introspect("token", by=Client("agent", Secret("s")))
    with pytest.raises(NotApplicable, match="names no jwks endpoint"):
        oauth.jwks()


def test_a_server_without_introspection_and_keys_still_has_the_token_itself(http: Http) -> None:
    oauth = OAuth(http, endpoints_of_issuer(metadata(token_endpoint=f"{ISSUER}/t"), ISSUER, allow_http=False))
    answer = metadata()
    jwt = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiJ1In0.c2ln"
    answer.__dict__["body"] = {"access_token": jwt}
    testimony = TokenWitnesses(oauth).of(answer, Client("app", Secret("s")))
    assert testimony
    assert testimony.introspection is None
    assert testimony.signed
    assert (testimony.signed.claims, testimony.signed.verified) == ({"sub": "u"}, None)
