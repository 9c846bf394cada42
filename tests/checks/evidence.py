"""Plain data that stands in for a tenant's answers, and ways to ask a check about it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from steps.checks.evidence import Witnesses
from steps.checks.verdict import Judgement, Nonconformity, observed_by

TOKEN = "token-that-no-message-may-show"
EXPIRY = 1_800_000_000
"""When the tokens of these tests expire, in seconds since 1970; LIFETIME earlier it was ISSUED."""
LIFETIME = 3599
ISSUED = "Fri, 15 Jan 2027 07:00:01 GMT"
TWO_SECONDS_LATER = "Fri, 15 Jan 2027 07:00:03 GMT"
A_MINUTE_LATER = "Fri, 15 Jan 2027 07:01:01 GMT"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as checks look at it."""

    status: int = 200
    members: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


def ok(members: Mapping[str, Any] | None = None, *, date: str | None = None, **more: Any) -> Answer:
    """A 200 with a JSON object."""
    body = {**(members or {}), **more}
    return Answer(200, body, {} if date is None else {"date": date}, json.dumps(body))


def no(error: Any, status: int = 400, **more: Any) -> Answer:
    """An OAuth error answer (RFC 6749 section 5.2)."""
    body = {"error": error, **more}
    return Answer(status, body, {"content-type": "application/json"}, json.dumps(body))


def html(status: int = 200) -> Answer:
    """A page instead of JSON."""
    return Answer(status, {}, {"content-type": "text/html"}, "<html>log in</html>")


def token_response(**changes: Any) -> Answer:
    """A conforming token response with some members changed; `...` leaves a member out."""
    members = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": LIFETIME, "scope": "read-data"}
    return ok(without_gaps(members | changes))


def introspected(*, date: str | None = None, **changes: Any) -> Answer:
    """A conforming introspection answer with some members changed; `...` leaves a member out."""
    return ok(without_gaps({"active": True} | changes), date=date)


def without_gaps(members: dict[str, Any]) -> dict[str, Any]:
    """The members whose value is not `...`."""
    return {name: value for name, value in members.items() if value is not ...}


def witnesses(
    response: Answer | None = None, *, seen: Mapping[str, Any] | None = None, claims: Mapping[str, Any] | None = None
) -> Witnesses:
    """What three places say of one token; a refusal has neither introspection nor claims."""
    response = token_response() if response is None else response
    introspection = introspected(**(seen or {})) if response.status == 200 else None
    return Witnesses(response, introspection, claims)


def told(scope: str, asked: str | None = None, **claims: Any) -> Witnesses:
    """Three witnesses that all name the same scope."""
    return witnesses(token_response(scope=asked or scope), seen={"scope": scope}, claims={"scope": scope, **claims})


def jwt(header: Any, claims: Any, signature: str = "c2lnbmF0dXJl") -> str:
    """A compact JWS with these two JSON parts."""
    return ".".join((*(encoded(part) for part in (header, claims)), signature))


def encoded(part: Any) -> str:
    """JSON in unpadded base64url."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def judgement_of(check: Callable[..., None], *args: Any, **kwargs: Any) -> Judgement:
    """What a check tells an observer; what a person reads of it never shows a token."""
    heard: list[Judgement] = []
    with observed_by(heard.append):
        check(*args, **kwargs)
    judgement = heard[-1]
    assert TOKEN not in f"{judgement.nonconformity} {judgement.remarks}"
    return judgement


def conforms(check: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Assert that a check finds nothing at all."""
    judgement = judgement_of(check, *args, **kwargs)
    assert judgement.nonconformity is None
    assert judgement.remarks == ()


def remark_of(check: Callable[..., None], *args: Any, **kwargs: Any) -> tuple[str, str]:
    """Level and text of the one remark that a check makes about evidence that it tolerates."""
    judgement = judgement_of(check, *args, **kwargs)
    assert judgement.nonconformity is None
    (remark,) = judgement.remarks
    assert isinstance(remark.text, str)
    return remark.level, remark.text


def deviation(check: Callable[..., None], *args: Any, **kwargs: Any) -> Nonconformity:
    """The nonconformity that a check raises; its message says what was expected and what was there instead."""
    with pytest.raises(Nonconformity, match=r"(?s)^expected .+; actual: .+") as caught:
        check(*args, **kwargs)
    assert TOKEN not in str(caught.value)
    assert isinstance(caught.value.expected, str)
    assert caught.value.actual not in (None, "")
    return caught.value
