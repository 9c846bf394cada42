"""Checks of chains of delegation: who is named when an agent's token is exchanged again (RFC 8693 section 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from steps.checks.evidence import Answer, Members, Witnesses, bare, brief, error_code, holds_token, is_integer
from steps.checks.introspection import CLOCK_TOLERANCE_SECONDS
from steps.checks.refusal import E_EXCH, E_NEW_AGENT, E_TARGET, demand_refusal
from steps.checks.subjects import demand_subject, places
from steps.checks.token_response import demand_token, told_audiences
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

NON_IDENTITY = frozenset(
    {"exp", "nbf", "iat", "aud", "jti", "scope", "expires_in", "token_type", "grant_type", "auth_time", "active"}
)
OTHER_PARTIES = frozenset({"act", "aud", "scope"})
"""Members of a token that name agents, but not as a list of actors."""


def actors(members: Members) -> list[Any]:
    """`act.sub` of a token, then of each earlier actor; empty where there is no `act`."""
    return [act.get("sub") for act in _acts(members)]


def _acts(members: Members) -> Iterator[Mapping[str, Any]]:
    act = members.get("act")
    while isinstance(act, Mapping):
        yield act
        act = act.get("act")


def _is(agent: str, found: Any) -> bool:
    return found in (agent, f"(age!{agent})")


def _demand_actor(token: Witnesses, agent: str, which: str = "act.sub") -> None:
    for place, members in places(token).items():
        found = actors(members)
        if not found or not _is(agent, found[0]):
            raise Nonconformity(f"{which} {agent}", f"{found[0]!r} in {place}" if found else f"no act in {place}")


@check("OBO-ACT-01")
def named_in_order(hops: Sequence[tuple[str, Witnesses]], user: Answer, application: str) -> Remarks:
    """After each hop `sub` is the user and `act` nests the agents, the latest outermost; a later hop may be refused.

    `hops` pairs the agents' client IDs with their tokens. Behind the first agent some servers name the application
    that the user's token was issued to; some name earlier actors in a list of their own.
    """
    remarks: list[Remark] = []
    for number, (_, token) in enumerate(hops, 1):
        if number > 1 and token.answer.status != 200:
            demand_refusal(token.answer, E_EXCH)
            break
        demand_subject(token, user, f"token {number} of the chain")
        remarks += _order_of(token, [agent for agent, _ in reversed(hops[:number])], application)
    return remarks


def _order_of(token: Witnesses, expected: list[str], application: str) -> Iterator[Remark]:
    for place, members in places(token).items():
        found = actors(members)
        named = len(found) >= len(expected) and all(map(_is, expected, found))
        if named and [bare(earlier) for earlier in found[len(expected) :]] in ([], [application]):
            continue
        if len(found) == 1 and _is(expected[0], found[0]) and _lists(members, expected[1:]):
            yield Remark("INFO", f"{place} names the earlier actors beside act")
            continue
        raise Nonconformity(f"act naming {', before it '.join(expected)}", f"{found or 'no act'} in {place}")


def _lists(members: Members, agents: Sequence[str]) -> bool:
    values = [value for name, value in members.items() if name not in OTHER_PARTIES]
    return any(isinstance(value, list | dict) and named_in(value).issuperset(agents) for value in values)


def named_in(value: Any) -> set[Any]:
    """The identifiers that stand anywhere in a claim, whichever way it is built."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return {name for item in inner for name in named_in(item)}
    return {bare(value)}


@check("OBO-ACT-08")
def each_its_own_actor(exchanges: Sequence[tuple[str, Witnesses]], user: Answer) -> Remarks:
    """Of several exchanges of one user's token each names the agent that made it, as actor and as client."""
    if len({agent for agent, _ in exchanges}) < 2:
        raise Nonconformity("exchanges by two agents", "one agent alone")
    for number, (agent, token) in enumerate(exchanges, 1):
        demand_subject(token, user, f"token {number} of {len(exchanges)}")
        _demand_actor(token, agent, f"act.sub of token {number} of {len(exchanges)}:")
        for place, members in places(token).items():
            client = members.get("client_id", members.get("azp", agent))
            if client != agent:
                raise Nonconformity(f"client_id {agent} of token {number}", f"{client!r} in {place}")
    return None


@check("OBO-ACT-03")
def audience_kept(token: Witnesses, audience: str) -> Remarks:
    """An application that the agent's token is not for is refused, or the new token is not for it either."""
    if token.answer.status != 200:
        demand_refusal(token.answer, E_TARGET)
        return None
    demand_token(token.answer)
    if audience in told_audiences(token):
        raise Nonconformity("no audience that the agent's token lacks", f"aud holds {audience}")
    return None


@check("OBO-ACT-04")
def delegation_kept(routes: Sequence[tuple[str, Witnesses]], agent: str) -> Remarks:
    """Whichever way an agent's token is exchanged again, it is refused or what comes still names the agent in `act`."""
    if not routes:
        raise Nonconformity("at least one route to judge", "none was taken")
    return [remark for route, token in routes for remark in _kept_along(route, token, agent)]


def _kept_along(route: str, token: Witnesses, agent: str) -> Iterator[Remark]:
    if token.answer.status != 200:
        demand_refusal(token.answer, E_NEW_AGENT)
        return
    demand_token(token.answer)
    seen = token.introspection.members if token.introspection else {}
    told = {"introspection": seen if seen.get("active") is True else None, "the JWT": token.claims}
    readable = {place: members for place, members in told.items() if members is not None}
    for place, members in readable.items():
        if not any(_is(agent, found) for found in actors(members)):
            raise Nonconformity(f"act names {agent}, {route}", f"{actors(members) or 'no act'} in {place}")
    if not readable:
        yield Remark("INFO", f"what is issued can't be read, {route}")


def outlives(later: Witnesses, first: Witnesses) -> bool:
    """Whether a token was issued and expires later than another, beyond the tolerance, where both tell."""
    return later.answer.status == 200 and bool(_prolonged(later, first))


def _prolonged(later: Witnesses, first: Witnesses) -> list[str]:
    before, after = _expiries(first), _expiries(later)
    return [
        f"{after[place] - before[place]} seconds later in {place}"
        for place in before.keys() & after.keys()
        if after[place] > before[place] + CLOCK_TOLERANCE_SECONDS
    ]


def _expiries(token: Witnesses) -> dict[str, int]:
    told = {place: members.get("exp") for place, members in places(token).items()}
    found = {place: exp for place, exp in told.items() if is_integer(exp)}
    if not found:
        raise Nonconformity("exp as an integer number of seconds", repr(told), requirement="OBO-4.2I-07")
    return found


@check("OBO-ACT-05")
def not_prolonged(first: Witnesses, later: Sequence[Witnesses]) -> Remarks:
    """Exchanging an agent's token again is refused, or does not reach beyond its expiry."""
    for token in later:
        if token.answer.status != 200:
            demand_refusal(token.answer, E_EXCH)
        elif problems := _prolonged(token, first):
            raise Nonconformity("no expiry later than that of the first AI agent's token", "; ".join(problems))
    return None


@check("OBO-ACT-06")
def acts_for_caller(token: Witnesses, agent: str) -> Remarks:
    """What a caller says of the actor is refused, or `act.sub` is still the agent that authenticated."""
    if token.answer.status != 200:
        demand_refusal(token.answer, E_EXCH)
        return None
    _demand_actor(token, agent)
    return None


@check("OBO-ACT-07")
def actor_token_judged(attempts: Sequence[tuple[str, Witnesses]], agent: str) -> Remarks:
    """Incomplete and invalid actor tokens are refused, each of them; a server may also know no actor tokens at all.

    Then it ignores every one of them, and the agent that authenticated is the actor.
    """
    accepted = [what for what, token in attempts if token.answer.status == 200]
    for what, token in attempts:
        if what in accepted:
            _demand_actor(token, agent)
        else:
            demand_refusal(token.answer, E_EXCH)
    if accepted and len(accepted) < len(attempts):
        raise Nonconformity("each incomplete or invalid actor token refused", f"accepted: {', '.join(accepted)}")
    return [Remark("INFO", "actor tokens are ignored, also invalid ones")] if accepted else None


@check("OBO-ACT-09")
def may_act_heeded(may_act: Members, exchanges: Sequence[tuple[str, Witnesses]]) -> Remarks:
    """An agent that `may_act` of the user's token does not name is refused (RFC 8693 section 4.4)."""
    for agent, token in exchanges:
        if agent not in named_in(dict(may_act)):
            demand_refusal(token.answer, E_EXCH)
    return None


@check("OBO-ACT-09")
def bounded(hops: Sequence[Answer]) -> Remarks:
    """A chain of actors that gets too long is refused cleanly; a server fault never bounds it."""
    last = hops[-1]
    if last.status == 200:
        return [Remark("INFO", f"a chain of {len(hops)} actors is granted")]
    if not 400 <= last.status < 500 or holds_token(last):
        raise Nonconformity(f"hop {len(hops)} granted or refused", brief(last), binding=True)
    if error_code(last) is None:
        raise Nonconformity("a refusal with an error code", brief(last))
    return [Remark("INFO", f"a chain ends with actor {len(hops) - 1}")]


@check("OBO-ACT-09")
def identity_claims_alone(token: Witnesses) -> Remarks:
    """`act`, on every level, holds claims that identify an actor, and none that belong to a token."""
    told = {place: [name for act in _acts(members) for name in act] for place, members in places(token).items()}
    if foreign := [f"{name} in {place}" for place, names in told.items() for name in names if name in NON_IDENTITY]:
        raise Nonconformity("identity claims alone in act", ", ".join(foreign))
    return None
