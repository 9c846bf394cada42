"""Checks of client authentication: one method, one client, and who acts is who proved it (RFC 6749 section 2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from steps.checks.errors import wording
from steps.checks.evidence import Answer, Members, bare, brief, error_code, holds_token
from steps.checks.introspection import caller_refused
from steps.checks.refusal import E_CLIENT, E_NEW_AGENT, demand_refusal
from steps.checks.token_response import demand_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check


@check("OBO-CLA-02")
def caller_learns_nothing(answer: Answer) -> Remarks:
    """A caller whose secret is not exactly right learns nothing about a token by introspection."""
    return caller_refused.__wrapped__(answer)  # type: ignore[attr-defined,no-any-return]


@check("OBO-CLA-03")
def one_method(answer: Answer, *, both_right: bool) -> Remarks:
    """Credentials in header and body at once are refused; where both are right a server may be lenient."""
    if both_right and holds_token(answer):
        return [Remark("SHOULD", "two authentication methods in one request are accepted where both are right")]
    demand_refusal(answer, E_CLIENT)
    return None


@check("OBO-CLA-04")
def acts_as_itself(answer: Answer, views: Sequence[Answer], claims: Members | None, authenticated: str) -> Remarks:
    """The request is refused, or the token is that of the client whose credentials were right, as client and as actor.

    `views` are introspections of the token by the clients that it might be for; `claims` those of a readable JWT.
    """
    if answer.status != 200:
        demand_refusal(answer, E_NEW_AGENT)
        return None
    demand_token(answer)
    active = [view.members for view in views if view.members.get("active") is True]
    told = {name for members in (*active, claims or {}) for name in _clients_of(members)}
    if told != {authenticated}:
        raise Nonconformity(f"{authenticated}, which authenticated, as client and actor", ", ".join(told) or "nobody")
    return None


def _clients_of(members: Members) -> Iterable[str]:
    act = members.get("act")
    named = [members.get("client_id"), act.get("sub") if isinstance(act, dict) else None]
    return [str(bare(name)) for name in named if name]


@check("OBO-CLA-06")
def told_alike(unknown: Answer, wrong: Answer, client_ids: Iterable[str]) -> Remarks:
    """Nobody can tell from a refusal whether a client exists."""
    for answer in (unknown, wrong):
        demand_refusal(answer, E_CLIENT)
    sent = list(client_ids)
    if wording(unknown, sent) != wording(wrong, sent):
        raise Nonconformity("an unknown client and a wrong secret told alike", f"{brief(unknown)} / {brief(wrong)}")
    return None


@check("OBO-CLA-06")
def challenged(answer: Answer) -> Remarks:
    """`invalid_client` after an Authorization header is a 401 with a challenge of its scheme (RFC 6749 section 5.2)."""
    demand_refusal(answer, E_CLIENT)
    if (error := error_code(answer)) != "invalid_client":
        return [Remark("SHOULD", f"the error is {error}, RFC 6749 section 5.2 says invalid_client")]
    challenge = answer.headers.get("www-authenticate", "")
    if answer.status != 401 or not challenge:
        actual = f"{answer.status} {'with' if challenge else 'without'} WWW-Authenticate"
        raise Nonconformity("401 with WWW-Authenticate", actual, error=error, binding=True)
    if not re.search(r"\bbasic\b", challenge, re.IGNORECASE):
        return [Remark("SHOULD", "WWW-Authenticate does not name the scheme that the client used, Basic")]
    return None
