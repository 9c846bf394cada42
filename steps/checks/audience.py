"""Checks of audience: whom a token is for, and that nobody unauthorised gets into it (RFC 8693 section 2.1)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from steps.checks.evidence import Answer, Witnesses, audience_set, bare
from steps.checks.introspection import ACTIVE, demand_active
from steps.checks.refusal import E_TARGET, demand_refusal
from steps.checks.token_response import EXCHANGE, demand_token, told_audiences
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

CLAIMS = {
    "sub": "OBO-4.2I-02",
    "act": "OBO-4.2I-03",
    "scope": "OBO-4.2I-05",
    "iss": "OBO-4.2I-07",
    "exp": "OBO-4.2I-07",
}
"""Whose matter a claim is that makes a resource server refuse; audience and signature are this requirement's."""
UNTOLD = Remark("SHOULD", "neither introspection nor a JWT says whom the token is for")


class Decision(Protocol):
    """What a resource server made of a token: whom it serves and through whom, or the claim that made it refuse."""

    @property
    def user(self) -> str: ...
    @property
    def agent(self) -> str: ...
    @property
    def claim(self) -> str: ...
    @property
    def found(self) -> Any: ...


@check("OBO-AUD-01")
def addressed_to(witnesses: Witnesses, application: str, agent: str) -> Remarks:
    """`aud`, wherever it is told, holds the application and nobody else but the agent itself and the issuer."""
    demand_token(witnesses.answer, requirement=EXCHANGE)
    claimed = {place: told.get("aud") for place, told in _places(witnesses).items()}
    told = {place: audience_set(aud) for place, aud in claimed.items() if aud is not None}
    allowed = {application, agent, *_issuers(witnesses)}
    for place, audience in told.items():
        if application not in audience:
            raise Nonconformity(f"aud with {application}", f"{place} names {_listed(audience) or 'nobody'}")
        if others := audience - allowed:
            raise Nonconformity(f"aud with no resource but {application}", f"{place} names {_listed(others)}")
    return None if told else [UNTOLD]


@check("OBO-AUD-02")
def unknown_audience(witnesses: Witnesses, audience: str) -> Remarks:
    """An audience that is no application is refused; if it is ignored, it is at least not in `aud`."""
    if _refused(witnesses):
        return None
    if audience in told_audiences(witnesses):
        raise Nonconformity("a refused audience, never in aud", f"aud holds {audience}")
    return [_ignored(audience)]


@check("OBO-AUD-03", "OBO-AUD-06")
def compared_whole(witnesses: Witnesses, audience: str, names: Collection[str]) -> Remarks:
    """What only resembles or contains `names` is nobody's name: refused, and not taken for one of them.

    A directory that folds case may know the application in another case, under its registered name (RFC 7519 section
    4.1.3 compares case). A token that doesn't say whom it is for may well be taken for one.
    """
    if _refused(witnesses):
        return None
    told = told_audiences(witnesses)
    known = told & frozenset(names)
    if known and audience not in told and all(name.casefold() == audience.casefold() for name in known):
        return [Remark("INFO", "client IDs are compared without case; aud has the registered spelling")]
    if known or audience in told or not told:
        raise Nonconformity(f"{audience!r} refused", f"a token for {_listed(told) or 'nobody that it names'}")
    return [_ignored(audience)]


@check("OBO-AUD-04", "OBO-AUD-05")
def addressed_within(witnesses: Witnesses, allowed: Collection[str]) -> Remarks:
    """The request is refused, or nobody is in `aud` but whom the agent is authorised for, itself and the issuer."""
    if _refused(witnesses):
        return None
    told = told_audiences(witnesses)
    if others := told - {*allowed, *_issuers(witnesses)}:
        raise Nonconformity("a refused audience, or aud without it", f"aud holds {_listed(others)}")
    return None if told else [UNTOLD]


@check("OBO-AUD-01")
def usable(decision: Decision, user: Answer, agent: str) -> Remarks:
    """The application's resource server serves the user through the agent.

    It can't judge a token that doesn't say whom it is for, or that only the agent may introspect.
    """
    if decision.claim == "active" or (decision.claim == "aud" and decision.found is None):
        return [Remark("SHOULD", f"the application cannot tell that the token is for it: {decision.claim} is missing")]
    if decision.claim:
        expected, actual = "a token that the application accepts", f"{decision.claim} is {decision.found!r}"
        raise Nonconformity(expected, actual, requirement=CLAIMS.get(decision.claim))
    subject = demand_active(user, ACTIVE).get("sub")
    if bare(decision.user) != bare(subject) or bare(decision.agent) != agent:
        raise Nonconformity(f"{subject} served through {agent}", f"{decision.user} through {decision.agent}")
    return None


def _refused(witnesses: Witnesses) -> bool:
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_TARGET)
        return True
    demand_token(witnesses.answer)
    return False


def _places(witnesses: Witnesses) -> dict[str, dict[str, Any]]:
    seen = witnesses.introspection.members if witnesses.introspection else {}
    return {"introspection": seen, "the JWT": dict(witnesses.claims or {})}


def _issuers(witnesses: Witnesses) -> frozenset[str]:
    return frozenset(told["iss"] for told in _places(witnesses).values() if isinstance(told.get("iss"), str))


def _ignored(audience: str) -> Remark:
    return Remark("SHOULD", f"{audience!r} is ignored instead of refused")


def _listed(names: Collection[str]) -> str:
    return " and ".join(sorted(names))
