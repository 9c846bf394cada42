"""What every answer of the reference server keeps to, whatever was asked."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.torture.fuzz.fuzzed import realm_of
from tests.torture.fuzz.names import REALMS, SECRETS, mark
from tests.torture.fuzz.wire import Answer, body_of

_OAUTH = re.compile(r"(/\.well-known/oauth-authorization-server)?/am/oauth2/")
_ADMINISTRATIVE = re.compile(r"/am/json/(?!serverinfo/)|/openidm/|/environment/|/am/json/serverinfo/version$")
_ERROR = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749 section 5.2, of error and error_description
_OAUTH_REFUSALS = {400, 401, 403, 404, 405, 413}


class BrokenPromise(AssertionError):
    """An answer that must not be."""


def judge(request: requests.PreparedRequest, answer: Answer, *, administrator: bool) -> None:
    """Raise `BrokenPromise` if the answer to this request must not be."""
    _no_fault(answer)
    content = _json(answer)
    path = urlsplit(str(request.url)).path
    if answer.status >= 400:
        _refusal(path, answer, content)
    if not administrator and _ADMINISTRATIVE.match(path):
        _expect(answer.status in (401, 404, 405), "let somebody in who is no administrator")
    _nothing_leaks(request, answer)


def _no_fault(answer: Answer) -> None:
    _expect(not answer.traceback, answer.traceback.strip().rpartition("\n")[2] + _place(answer.traceback))
    _expect(answer.status < 500, f"status {answer.status}")


def _place(text: str) -> str:
    """Where the server's own code broke."""
    lines = [line.strip() for line in text.splitlines() if "/reference_server/" in line]
    return " in " + lines[-1].rpartition("/reference_server/")[2] if lines else ""


def _json(answer: Answer) -> Any:
    _expect(answer.headers.get("content-type", "").startswith("application/json"), "content type is not JSON")

    def not_json(name: str) -> None:
        raise ValueError(name)

    try:
        return json.loads(answer.body.decode(), parse_constant=not_json)
    except ValueError as error:
        raise BrokenPromise(f"body is not JSON: {error}") from error


def _refusal(path: str, answer: Answer, content: Any) -> None:
    """RFC 6749 section 5.2 where tokens are dealt with; elsewhere, and for unknown paths, that of AM and IDM."""
    _expect(isinstance(content, dict), "a refusal is no object")
    if _OAUTH.match(path) and "code" not in content:
        _expect(set(content) == {"error", "error_description"}, f"members of a refusal: {sorted(content)}")
        for name, text in content.items():
            _expect(isinstance(text, str) and _ERROR.fullmatch(text), f"characters of {name}")
        _expect(answer.status in _OAUTH_REFUSALS, f"status {answer.status} at an OAuth endpoint")
        _expect("no-store" in answer.headers["cache-control"], "a refusal may be stored")
        _expect(answer.status != 401 or "www-authenticate" in answer.headers, "401 without WWW-Authenticate")
    else:
        _expect({"code", "reason", "message"} <= set(content), f"members of a refusal: {sorted(content)}")
        _expect(set(content) <= {"code", "reason", "message", "detail"}, f"members of a refusal: {sorted(content)}")
        _expect(content["code"] == answer.status, "code is not the status")
        _expect(content["reason"] == HTTPStatus(answer.status).phrase, "reason is not the status")
        _expect(isinstance(content["message"], str) and content["message"], "no message")
        _expect(
            not _OAUTH.match(path) or answer.status in (404, 405), "an OAuth endpoint refuses in another's envelope"
        )


def _nothing_leaks(request: requests.PreparedRequest, answer: Answer) -> None:
    """No secret, and nothing of the other realm, unless the request itself said it."""
    url = str(request.url)
    asked = url.encode() + body_of(request)
    others = [word for realm in REALMS if realm != realm_of(url) for word in (mark(realm), f"realms/{realm}")]
    words = SECRETS if not re.search("alpha|bravo", url) else (*SECRETS, *others)
    told = [word for word in words if word.encode() in answer.body and word.encode() not in asked]
    _expect(not told, f"tells {told}")


def _expect(holds: object, otherwise: str) -> None:
    if not holds:
        raise BrokenPromise(otherwise)
