"""Each way to send a form puts its parameters where it says, and still says what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fixtures.tenant.actors import Client, Secret
from fixtures.tenant.form_sending import (
    Way,
    as_json,
    as_multipart,
    by_get,
    in_body,
    in_latin_1,
    in_query,
    repeated,
    unencoded,
    with_in_query,
)
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from tests.tenant.stand_in import echo, serving

CLIENT = Client("app", Secret("s&é"))
PATH = "/am/oauth2/realms/root/realms/alpha/introspect"
FORM = "application/x-www-form-urlencoded"
TOKEN = ("token", "a b")
CREDENTIALS = (("client_id", "app"), ("client_secret", "s&é"))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server that echoes requests."""
    with serving(echo) as url:
        yield url


def received(http: Http, url: str, way: Way) -> dict[str, Any]:
    """What arrives of an introspection request that is sent this way."""
    oauth = OAuth(http, Endpoints.of_tenant(url, "alpha"))
    return oauth.introspect("a b", by=CLIENT, way=way).members


@pytest.mark.parametrize(
    ("way", "method", "query", "content_type", "body"),
    [
        (in_body, "POST", "", FORM, "token=a+b&client_id=app&client_secret=s%26%C3%A9"),
        (by_get, "GET", "?token=a%20b&client_id=app&client_secret=s%26%C3%A9", None, ""),
        (in_query, "POST", "?token=a%20b&client_id=app&client_secret=s%26%C3%A9", FORM, ""),
        (with_in_query("token"), "POST", "?token=a%20b", FORM, "client_id=app&client_secret=s%26%C3%A9"),
        (with_in_query("absent"), "POST", "", FORM, "token=a+b&client_id=app&client_secret=s%26%C3%A9"),
        (unencoded, "POST", "", FORM, "token=a b&client_id=app&client_secret=s&é"),
        (in_latin_1, "POST", "", f"{FORM}; charset=ISO-8859-1", "token=a+b&client_id=app&client_secret=s%26%E9"),
        (repeated("token"), "POST", "", FORM, "token=a+b&client_id=app&client_secret=s%26%C3%A9&token=a+b"),
        (
            repeated("token", "x", before=True),
            *("POST", "", FORM, "token=a+bx&token=a+b&client_id=app&client_secret=s%26%C3%A9"),
        ),
    ],
    ids=[
        "body",
        "get",
        "query",
        "token-in-query",
        "nothing-in-query",
        "unencoded",
        "latin-1",
        "repeated",
        "repeated-before",
    ],
)
def test_the_parameters_are_where_the_way_says(
    http: Http, url: str, way: Way, method: str, query: str, content_type: str | None, body: str
) -> None:
    seen = received(http, url, way)
    assert (seen["method"], seen["path"]) == (method, PATH + query)
    assert (seen["headers"].get("content-type"), seen["body"]) == (content_type, body)


def test_json(http: Http, url: str) -> None:
    seen = received(http, url, as_json)
    assert seen["headers"]["content-type"] == "application/json"
    assert seen["body"] == '{"token": "a b", "client_id": "app", "client_secret": "s&\\u00e9"}'


def test_multipart(http: Http, url: str) -> None:
    seen = received(http, url, as_multipart)
    boundary = seen["headers"]["content-type"].removeprefix("multipart/form-data; boundary=")
    first, *others = seen["body"].split(f"--{boundary}")[1:]
    assert first == '\r\nContent-Disposition: form-data; name="token"\r\n\r\na b\r\n'
    assert (len(others), others[-1]) == (3, "--\r\n")


@pytest.mark.parametrize("way", [in_body, as_multipart, in_latin_1, unencoded])
def test_a_body_of_any_kind_says_what_it_means(way: Way) -> None:
    assert way((TOKEN, *CREDENTIALS)).form == (TOKEN, *CREDENTIALS)


def test_own_headers_stand_beside_the_way(http: Http, url: str) -> None:
    oauth = OAuth(http, Endpoints.of_tenant(url, "alpha"))
    seen = oauth.introspect("t", by=CLIENT, way=as_multipart, headers={"Accept": "application/jwt"}).members
    assert seen["headers"]["accept"] == "application/jwt"
    assert seen["headers"]["content-type"].startswith("multipart/")
