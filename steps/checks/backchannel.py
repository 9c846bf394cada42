"""Checks of approval by the end user over the backchannel (OpenID CIBA Core)."""

from __future__ import annotations

from collections.abc import Sequence

from steps.checks.evidence import Answer, Witnesses, bare, brief, error_code, is_integer, scope_set
from steps.checks.refusal import E_EXCH, Tolerance, demand_refusal
from steps.checks.token_response import demand_token, told_scopes
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

E_WAIT = Tolerance("a request to wait", frozenset({"authorization_pending", "slow_down"}))
E_HINTS = Tolerance("a refused number of hints", frozenset({"invalid_request"}))
E_OVER = Tolerance("a refusal for good", frozenset({"access_denied", "expired_token", "invalid_grant"}))
E_BOUND = Tolerance("a refused auth_req_id", frozenset({"invalid_grant", "unauthorized_client", "access_denied"}))


@check("OBO-HIL-01")
def acknowledged(answer: Answer) -> Remarks:
    """A request is acknowledged with its auth_req_id, and with expires_in and interval in seconds (section 7.3)."""
    members = answer.members
    if answer.status != 200 or not members.get("auth_req_id"):
        raise Nonconformity("an auth_req_id (status 200)", brief(answer), error=error_code(answer))
    problems = [
        f"{name} is {members.get(name)!r}, not a whole number of seconds"
        for name, least, needed in (("expires_in", 1, True), ("interval", 0, "interval" in members))
        if needed and not (is_integer(members.get(name)) and members[name] >= least)
    ]
    if not isinstance(members["auth_req_id"], str):
        problems.append("auth_req_id is no string")
    if problems:
        raise Nonconformity("an acknowledgement as section 7.3 of OpenID CIBA Core types it", "; ".join(problems))
    return None


@check("OBO-HIL-01")
def pending(answer: Answer) -> Remarks:
    """Before the user has decided, a poll gives no token: authorization_pending, or slow_down (section 11)."""
    demand_refusal(answer, E_WAIT)
    if error_code(answer) == "slow_down":
        return [Remark("INFO", "the first poll is answered slow_down")]
    return None


@check("OBO-HIL-01")
def one_hint_demanded(answer: Answer) -> Remarks:
    """A request with no hint at the user, or with several, is an invalid_request (sections 7.1 and 13)."""
    if answer.members.get("auth_req_id"):
        raise Nonconformity("a refusal: not exactly one hint at the user", f"an auth_req_id: {brief(answer)}")
    demand_refusal(answer, E_HINTS)
    return None


@check("OBO-HIL-02")
def over(answers: Sequence[Answer], expected: str) -> Remarks:
    """A request that was denied, or whose time is over, is refused at each poll from then on (section 11)."""
    if not answers:
        raise Nonconformity("at least one poll", "none was made")
    for answer in answers:
        demand_refusal(answer, E_OVER)
    first = error_code(answers[0])
    return [] if first == expected else [Remark("INFO", f"the error is {first}, OpenID CIBA Core says {expected}")]


@check("OBO-HIL-04")
def redeemed(answer: Answer) -> Remarks:
    """What the end user approved gives the AI agent a token."""
    demand_token(answer, "the AI agent gets a token for what the end user approved")
    return None


@check("OBO-HIL-04")
def approved_token(witnesses: Witnesses, subject: str, agent: str, approved: str) -> Remarks:
    """The token is the hinted user's, shows the agent as client or actor, and has the approved scopes alone.

    A poll that asks for more may be refused instead.
    """
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_EXCH)
        return None
    demand_token(witnesses.answer)
    seen = {**(witnesses.claims or {}), **(witnesses.introspection.members if witnesses.introspection else {})}
    act = seen.get("act")
    actor = act.get("sub") if isinstance(act, dict) else None
    if bare(seen.get("sub")) != bare(subject):
        raise Nonconformity("sub of the end user who approved", repr(seen.get("sub")))
    if agent not in (bare(seen.get("client_id")), bare(actor)):
        raise Nonconformity(f"{agent} as client_id or act.sub", f"{seen.get('client_id')!r} and {actor!r}")
    return _approved_scopes(witnesses, approved)


def _approved_scopes(witnesses: Witnesses, approved: str) -> list[Remark]:
    wanted, remarks = scope_set(approved), []
    for place, granted in told_scopes(witnesses, approved).items():
        if beyond := granted - wanted:
            raise Nonconformity(f'at most "{approved}"', f"{place} names {', '.join(sorted(beyond))}")
        if lacking := wanted - granted - {"openid"}:
            remarks.append(Remark("SHOULD", f"{place} lacks {', '.join(sorted(lacking))}, which the user approved"))
    return remarks
