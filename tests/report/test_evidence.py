"""An exchange is shown without its secrets, in whatever way they were sent."""

from __future__ import annotations

import pytest

from fixtures.report.evidence import shown, title
from fixtures.report.redaction import Redactor
from fixtures.report.watch import SecretWatch
from fixtures.tenant.exchange import Answer, Request
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
from fixtures.tenant.retries import Series

PAIRS = (
    *(("grant_type", "password"), ("username", "bjensen"), ("password", 'p&w +é"word-0001')),
    *(("client_id", "my-app"), ("client_secret", "client-secret-0001"), ("subject_token", "opaque-token-0001")),
)
SECRETS = [value for name, value in PAIRS if name in ("username", "password", "client_secret", "subject_token")]
WAYS = {
    "in the body": in_body,
    "by GET": by_get,
    "in the query": in_query,
    "partly in the query": with_in_query("password", "username"),
    "twice": repeated("password", "x"),
    "as JSON": as_json,
    "as multipart": as_multipart,
    "in Latin-1": in_latin_1,
    "unencoded": unencoded,
}


class Recorded(Http):
    """Sends nothing: each request is answered by what it was."""

    def _attempt(self, request: Request, series: Series) -> Answer:  # noqa: ARG002 - one attempt is enough
        return Answer(request, 400, {}, '{"error": "invalid_request"}', 1.0)


def sent(way: Way) -> Answer:
    """The exchange of a form that is sent this way."""
    message = way(PAIRS)
    return Recorded().send(
        message.method,
        "https://tenant.example/token",
        form=message.form,
        params=message.params,
        json=message.json,
        content=message.content,
    )


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_fields_are_masked_in_query_form_and_json(way: Way) -> None:
    text = shown(sent(way))
    assert "my-app" in text
    assert [secret for secret in SECRETS if secret in text] == []
    assert "p%26w" not in text


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_secrets_are_known_by_value_before_anything_is_written(way: Way) -> None:
    redactor = Redactor()
    SecretWatch(redactor).sending(sent(way).request)
    assert redactor.text(" ".join(SECRETS[1:])) == "*** *** ***"


def test_the_rest_of_a_query_stays_readable() -> None:
    answer = Answer(Request("GET", "https://t/x?_queryFilter=_id%20eq%20%27a%27&token=t&_fields="), 200, {}, "", 1.0)
    assert shown(answer).startswith("GET https://t/x?_queryFilter=_id%20eq%20%27a%27&token=***&_fields=\n")
    assert title(answer) == "GET /x -> 200, 1 ms"


def test_a_body_that_is_no_usual_form_is_told() -> None:
    assert "(145 bytes, not encoded as a form usually is)" in shown(sent(unencoded))
