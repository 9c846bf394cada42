"""Checks of the form of a token: a self-contained JWT (RFC 7519, RFC 9068)."""

from __future__ import annotations

import base64
import json
from typing import Any

from steps.checks.evidence import Answer
from steps.checks.token_response import EXCHANGE, demand_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check


def decoded(part: str) -> Any:
    """One part of a compact JWS as JSON; ValueError where it is none."""
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def claims_of(token: str) -> dict[str, Any] | None:
    """The claims of a JWT, its signature not looked at; None for any other token."""
    try:
        claims = decoded(token.split(".")[1])
    except (ValueError, IndexError):
        return None
    return claims if isinstance(claims, dict) else None


def header_of(token: str) -> dict[str, Any] | None:
    """The header of a JWT; None for any other token."""
    try:
        header = decoded(token.split(".")[0])
    except ValueError:
        return None
    return header if isinstance(header, dict) else None


@check("OBO-3.2-03")
def self_contained(answer: Answer) -> Remarks:
    """The access token is a compact JWS with a JSON payload; what is in a compact JWE (five parts) can't be judged."""
    parts = demand_token(answer, requirement=EXCHANGE).split(".")
    try:
        header = decoded(parts[0])
        if len(parts) == 5 and isinstance(header, dict) and "enc" in header:
            return [Remark("INFO", "the access token is an encrypted JWT: its claims can't be read")]
        claims = decoded(parts[1])
    except (ValueError, IndexError):
        raise Nonconformity("a JWT as access token", f"a reference token of {len(parts)} part(s)") from None
    if len(parts) != 3 or not isinstance(header, dict) or not isinstance(claims, dict):
        raise Nonconformity("a compact JWS with a JSON object as payload", f"{len(parts)} parts")
    return None
