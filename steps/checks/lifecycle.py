"""Checks of what ends: tokens that expire or are revoked, and users, agents, privileges and secrets that change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steps.checks.evidence import Answer, brief, error_code, holds_token, is_integer
from steps.checks.introspection import CLOCK_TOLERANCE_SECONDS, IDENTIFYING, demand_active
from steps.checks.refusal import E_CLIENT, E_TARGET, demand_refusal, is_refusal
from steps.checks.token_response import demand_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

TOLD = frozenset({*IDENTIFYING, "active", "scope", "client_id", "exp"})
"""Members by which an introspection answer says something about a token."""
TOKEN_ENDPOINT, INTROSPECTION, REVOCATION = (
    "the token endpoint",
    "the introspection endpoint",
    "the revocation endpoint",
)


@check("OBO-LIF-01", "OBO-LIF-03")
def inactive(answer: Answer, token: str) -> Remarks:
    """A token (named in words) that is expired or revoked is not active (RFC 7662 section 2.2)."""
    _demand_active_is(False, answer, token)
    return None


def _demand_active_is(expected: bool, answer: Answer, token: str) -> None:
    if answer.status != 200 or answer.members.get("active") is not expected:
        shown = f"active is {answer.members['active']!r}" if "active" in answer.members else brief(answer)
        raise Nonconformity(f"{token}: a 200 with active the boolean {str(expected).lower()}", shown)


@check("OBO-LIF-01", "OBO-LIF-03")
def still_active(answer: Answer, token: str) -> Remarks:
    """A token (named in words) that nothing has ended is active."""
    _demand_active_is(True, answer, token)
    return None


@check("OBO-LIF-03")
def revoked_again(answer: Answer) -> Remarks:
    """Revoking what is revoked already is no error (RFC 7009 section 2.2)."""
    if answer.status != 200:
        raise Nonconformity("status 200 for a token that is revoked already", brief(answer))
    return None


@check("OBO-LIF-05")
def seeds_nothing(before: Answer, after: Answer) -> Remarks:
    """A token whose subject token was revoked is exchanged no more; it may never have been (RFC 8693 section 2.1)."""
    if holds_token(after):
        raise Nonconformity("no token for a descendant of a revoked token", brief(after))
    demand_refusal(after, E_TARGET)
    return None if holds_token(before) else [Remark("INFO", "the agent's token is not exchanged again in any case")]


@check()
def lives_on(answer: Answer, change: str) -> Remarks:
    """Whether a token that was exchanged before a change outlives it: vendors differ, so it is recorded."""
    _demand_active_is(answer.members.get("active") is True, answer, "the agent's token")
    state = "stays active" if answer.members["active"] else "ends"
    return [Remark("INFO", f"an agent's token {state} when {change}")]


@check("OBO-LIF-06", "OBO-LIF-07")
def should_have_ended(answer: Answer, before: Answer | None = None) -> Remarks:
    """A token should end with the user or the agent that it speaks of.

    `before`: what the same caller was told earlier, where it is not certain that it may see the token at all.
    """
    _demand_active_is(answer.members.get("active") is True, answer, "the agent's token")
    if answer.members["active"]:
        return [Remark("SHOULD", "the agent's token is still active")]
    if before is not None and before.members.get("active") is not True:
        return [Remark("INFO", "the application may not introspect the agent's token: whether it ended is not told")]
    return None


@check("OBO-LIF-07")
def may_not_introspect(answer: Answer) -> Remarks:
    """An agent that is switched off or deleted is not authenticated, and learns nothing (RFC 7662 section 2.3)."""
    if answer.status == 200 and answer.members == {"active": False}:
        return [Remark("SHOULD", 'an agent that is no more is answered 200 {"active": false} instead of being refused')]
    demand_turned_away(answer, "the agent refused")
    return None


def demand_turned_away(answer: Answer, what: str) -> None:
    """Raise unless an endpoint refuses a client and says nothing about the token."""
    if not is_turned_away(answer) or TOLD & answer.members.keys():
        raise Nonconformity(f"{what}, with status 401 or an error of a refused client", brief(answer))


def is_turned_away(answer: Answer) -> bool:
    """Whether an answer refuses a client; a 401 does so without words (RFC 6749 section 5.2), but not as a page."""
    page = "html" in answer.headers.get("content-type", "")
    return is_refusal(answer, E_CLIENT) or (answer.status == 401 and not page and not holds_token(answer))


@check()
def granted_each(attempts: Sequence[tuple[str, Answer]]) -> Remarks:
    """Each of several exchanges gives a token; the message says which one did not."""
    if not attempts:
        raise Nonconformity("at least one attempt", "none was made")
    for step, answer in attempts:
        demand_token(answer, f"a token, after {step}")
    return None


@check("OBO-LIF-10")
def new_secret_works(answers: Mapping[str, Answer]) -> Remarks:
    """The new secret authenticates the agent at each endpoint; a refusal for another cause is not about that."""
    demand_token(answers[TOKEN_ENDPOINT], "a token with the new secret")
    for endpoint, answer in answers.items():
        if answer.status == 401 or answer.status >= 500 or error_code(answer) == "invalid_client":
            raise Nonconformity(f"the new secret accepted at {endpoint}", brief(answer))
    return None


@check("OBO-LIF-10")
def old_secret_refused(answers: Mapping[str, Answer], served: Mapping[str, Answer]) -> Remarks:
    """The old secret is refused at each endpoint that served the client with the new one (`served`)."""
    demand_refusal(answers[TOKEN_ENDPOINT], E_CLIENT)
    for endpoint, answer in answers.items():
        if served[endpoint].status == 200:
            demand_turned_away(answer, f"the old secret refused at {endpoint}")
    return None


@check("OBO-LIF-11")
def expires_with_subject(agent: Answer, user: Answer) -> Remarks:
    """`exp` of the agent's token is no later than that of the user's token, give or take clocks that differ."""
    mine, theirs = (demand_active(answer).get("exp") for answer in (agent, user))
    if not is_integer(mine) or not is_integer(theirs):
        raise Nonconformity("exp of both tokens, integers", f"{mine!r} and {theirs!r}")
    if mine > theirs + CLOCK_TOLERANCE_SECONDS:
        raise Nonconformity("exp no later than that of the user's token", f"{mine - theirs} seconds later")
    return None
