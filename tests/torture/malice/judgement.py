"""What a clear refusal is."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.torture.malice.wire import Answer

OAUTH = {"error", "error_description"}
ADMINISTRATIVE = {"code", "reason", "message"}
LONGEST = 2000
"""Bytes of a refusal: it never repeats much of what was sent."""


def check_refusal(answer: Answer | httpx.Response) -> None:
    """4xx in one of the tenant's two envelopes."""
    status = answer.status if isinstance(answer, Answer) else answer.status_code
    text = answer.body if isinstance(answer, Answer) else answer.content
    assert 400 <= status < 500, (status, text[:200])
    assert len(text) <= LONGEST, len(text)
    assert answer.headers["content-type"].lower().startswith("application/json"), answer.headers
    body: dict[str, Any] = json.loads(text)
    assert body.keys() == OAUTH or body.keys() - {"detail"} == ADMINISTRATIVE, body
    assert body.get("code", status) == status, body


def check_refused_or_closed(answers: list[Answer]) -> None:
    """The documented closing of the connection is a refusal, too."""
    for answer in answers[-1:]:
        check_refusal(answer)
