"""Checks of what introspection tells to those whom a token does not concern, and of tokens that are no access tokens.

Sources: RFC 7662 sections 2 and 4, RFC 9701 section 5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from steps.checks.evidence import Answer, brief
from steps.checks.token_format import claims_of
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

ENVELOPE = frozenset({"iss", "aud", "iat", "nbf", "jti"})
"""Claims of a JWT answer that are about the answer itself (RFC 9701 section 5)."""
KIND = ("token_type", "token_use", "typ", "tokenName")
NO_ACCESS_TOKEN = re.compile(r"\bid\b|id.?token|refresh|\bN_A\b", re.IGNORECASE)


@check("OBO-SEC-01")
def told_nothing(answer: Answer) -> Remarks:
    """A client that is neither the token's owner nor its audience learns that it is not active, or is refused."""
    if answer.status in (400, 401, 403) and not set(answer.members) & {"active", "sub", "act", "scope"}:
        return None
    if answer.status != 200 or dict(answer.members) != {"active": False}:
        raise Nonconformity('{"active": false} for a client that has nothing to do with the token', brief(answer))
    return None


@check("OBO-SEC-02")
def bare_in_any_format(answer: Answer, identifiers: Sequence[str]) -> Remarks:
    """An inactive token is told without claims, as JSON and as a JWT; a format that is not offered may be refused.

    `identifiers` are the user's own, which the answer may not hold anywhere.
    """
    if 400 <= answer.status < 500 and "active" not in answer.members:
        return None
    if answer.status == 200 and answer.text.count(".") == 4 and not answer.members:
        return [Remark("INFO", "the answer is encrypted: it can't be read")]
    members = answer.members or _without_envelope(claims_of(answer.text.strip()) or {})
    if answer.status != 200 or members.get("active") is not False:
        raise Nonconformity("active false in the format asked for, or a refusal of the format", brief(answer))
    if extra := sorted(set(members) - {"active"}):
        raise Nonconformity("active false and nothing else", f"the answer also holds {', '.join(extra)}")
    if any(identifier in answer.text for identifier in identifiers):
        raise Nonconformity("active false and nothing else", "the answer also names the user")
    return None


def _without_envelope(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What a JWT answer says of the token: `token_introspection`, and whatever else is not about the answer itself."""
    inner = claims.get("token_introspection")
    own = {name: value for name, value in claims.items() if name not in ENVELOPE and name != "token_introspection"}
    return own | (inner if isinstance(inner, dict) else {})


@check("OBO-SEC-03")
def hint_changes_nothing(views: Sequence[tuple[Answer, Answer]]) -> Remarks:
    """`token_type_hint`, right or wrong, changes no answer, apart from the seconds left (RFC 7662 section 2.1).

    `views`: for each caller the answer without the hint and the answer with it.
    """
    if not any(without.members.get("active") is True for without, _ in views):
        raise Nonconformity("a token that is active for one of its clients", brief(views[0][0]))
    for without, hinted in views:
        if _lasting(without) != _lasting(hinted):
            raise Nonconformity(f"the answer without the hint, {_told(without)}", _told(hinted))
    return None


def _lasting(answer: Answer) -> tuple[int, dict[str, Any]]:
    return answer.status, {name: value for name, value in answer.members.items() if name != "expires_in"}


def _told(answer: Answer) -> str:
    return f"active {answer.members['active']}" if "active" in answer.members else brief(answer)


@check("OBO-SEC-03")
def no_access_token(answer: Answer, what: str) -> Remarks:
    """What is no access token does not read as an active one, unless the answer says what it is."""
    if answer.members.get("active") is not True:
        return None
    if any(NO_ACCESS_TOKEN.search(str(answer.members.get(name, ""))) for name in KIND):
        return None
    return [Remark("SHOULD", f"{what} reads as an active access token")]
