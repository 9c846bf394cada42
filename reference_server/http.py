"""Requests and answers of the administrative APIs: JSON in, JSON out, with the headers that a tenant sends."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reference_server.body import BodyTooLarge, read_body
from reference_server.errors import ApiError, bad_request, precondition_failed
from reference_server.limits import MAX_DEPTH, MAX_DIGITS, MAX_DOCUMENT_BYTES, MAX_REPEATED_CHARACTERS

_CONTAINERS = (dict, list)
_COMMON = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "expires": "0",
    "pragma": "no-cache",
}
_AM = {"content-type": "application/json;charset=UTF-8", "cache-control": "private", **_COMMON}
_IDM = {"content-type": "application/json;charset=utf-8", "cache-control": "no-store", "vary": "Origin", **_COMMON}


def am_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of access management."""
    return _answer(content, status, _AM | dict(headers or {}))


def idm_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of identity management and of the environment API."""
    return _answer(content, status, _IDM | dict(headers or {}))


def tagged(content: Mapping[str, Any]) -> dict[str, str]:
    """The ETag header of a single resource: its revision in quotes."""
    return {"etag": f'"{content["_rev"]}"'}


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object, or 400."""
    content = await json_value(request)
    if not isinstance(content, dict):
        raise bad_request("The request could not be processed because the provided content is not a JSON object")
    return content


async def json_value(request: Request) -> Any:
    """The body as JSON, or 400 with the body as detail (recorded tenant), at least with how it begins."""
    try:
        body = await read_body(request.receive, MAX_DOCUMENT_BYTES)
    except BodyTooLarge:
        raise ApiError(413, "The request is too large") from None
    try:
        content = json.loads(
            body.decode(), parse_constant=_refuse_constant, parse_int=_whole_number, parse_float=_finite_number
        )
    except (ValueError, RecursionError) as error:
        message = "The request could not be processed because the provided content is not valid JSON"
        raise bad_request(message, body.decode("utf-8", "replace")[:MAX_REPEATED_CHARACTERS]) from error
    if _is_deeper(content, MAX_DEPTH):
        raise bad_request("The request could not be processed because the provided content is nested too deeply")
    return content


def check_preconditions(request: Request, revision: str | None, taken: str = "The resource already exists") -> None:
    """`If-None-Match: *` demands that there is no resource yet, `If-Match` that it has this revision, or 412.

    `revision` is None while there is no resource.
    """
    if request.headers.get("if-none-match") == "*" and revision is not None:
        raise precondition_failed(taken)
    expected = request.headers.get("if-match")
    if expected is None:
        return
    if revision is None:
        raise ApiError(404, "Not Found")
    if expected.strip() != "*" and revision not in [tag.strip().strip('"') for tag in expected.split(",")]:
        raise precondition_failed(f"The resource has the revision {revision}, another one was expected")


def _refuse_constant(name: str) -> None:
    """NaN and Infinity are not JSON."""
    raise ValueError(name)


def _whole_number(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(text)
    return int(text)


def _finite_number(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether a value has more levels of objects and arrays; level by level, as most values are leaves."""
    level = [value]
    while containers := [member for member in level if isinstance(member, _CONTAINERS)]:
        if levels == 0:
            return True
        levels -= 1
        level = [inner for each in containers for inner in (each.values() if isinstance(each, dict) else each)]
    return False


def _answer(content: Any, status: int, headers: Mapping[str, str]) -> Response:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(body, status, headers)
