"""Requests and answers of the OAuth endpoints, close to the socket: token requests are the hot path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope

from reference_server.body import BodyTooLarge, read_body
from reference_server.jose import compact_json
from reference_server.limits import MAX_FORM_BYTES
from reference_server.oauth.errors import OAuthError, invalid_request

ANSWER_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-type", b"application/json;charset=UTF-8"),
    (b"cache-control", b"no-store"),
    (b"pragma", b"no-cache"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"none"),
)
"""Each answer's headers: tokens stay out of caches (RFC 6749 section 5.1) and out of browsers' guesses."""


Headers = Sequence[tuple[bytes, bytes]]
Response = tuple[int, Headers, bytes]
"""Status, headers and body as they go over the wire."""


@dataclass(frozen=True)
class OAuthRequest:
    """What an endpoint may look at: never the Host header, so that nothing in an answer depends on it."""

    method: str
    headers: tuple[tuple[bytes, bytes], ...]
    query: bytes
    body: bytes

    def header(self, name: bytes) -> str | None:
        """The value of a header by its lower-case name; repeated ones are joined by a comma (RFC 9110 section 5.3)."""
        values = [value for key, value in self.headers if key == name]
        return b", ".join(values).decode("latin-1") if values else None


@dataclass(frozen=True)
class OAuthAnswer:
    """A JSON answer."""

    body: Mapping[str, Any]
    status: int = HTTPStatus.OK
    headers: tuple[tuple[bytes, bytes], ...] = field(default=())


async def read_request(scope: Scope, receive: Receive) -> OAuthRequest:
    """Read a request to its end, or refuse one that is too large."""
    try:
        body = await read_body(receive, MAX_FORM_BYTES)
    except BodyTooLarge:
        raise invalid_request("Request too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from None
    return OAuthRequest(scope["method"], tuple(scope["headers"]), scope["query_string"], body)


class Answers:
    """How answers look on the wire."""

    def refusal(self, error: OAuthError) -> OAuthAnswer:
        """The tenant's error envelope: description first, then the code."""
        headers = ((b"www-authenticate", error.challenge.encode()),) if error.challenge else ()
        return OAuthAnswer({"error_description": error.description, "error": error.error}, error.status, headers)

    def headers(self, answer: OAuthAnswer) -> list[tuple[bytes, bytes]]:
        """All headers but the length."""
        return [*ANSWER_HEADERS, *answer.headers]

    def body(self, answer: OAuthAnswer) -> bytes:
        """The body, always JSON whatever the caller would accept."""
        return compact_json(answer.body).encode()

    def response(self, answer: OAuthAnswer) -> Response:
        """Status, headers and body."""
        body = self.body(answer)
        return int(answer.status), [*self.headers(answer), (b"content-length", b"%d" % len(body))], body
