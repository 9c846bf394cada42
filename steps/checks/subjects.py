"""Checks of whose token it is: the subject of an exchanged token is that of the token it was exchanged from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from steps.checks.evidence import Answer, Members, Witnesses, bare, brief, holds_token
from steps.checks.introspection import IDENTIFYING, demand_active
from steps.checks.refusal import E_CLIENT, E_EXCH, Tolerance, demand_refusal
from steps.checks.token_response import demand_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

E_OTHER_REALM = Tolerance("a refused user or client", E_EXCH.errors | E_CLIENT.errors)
USER_MEMBERS = ("user_id", "username", "subname")


def places(token: Witnesses) -> dict[str, Members]:
    """What introspection and, where it can be read, the JWT say of a token; raises where none was issued."""
    demand_token(token.answer)
    told: dict[str, Members] = {"introspection": demand_active(token.introspection or token.answer)}
    return told if token.claims is None else {**told, "the JWT": token.claims}


def demand_subject(token: Witnesses, user: Answer, which: str = "the token") -> None:
    """Raise unless a token is about the user of another one, which was introspected, in every place that tells."""
    theirs = demand_active(user)
    if problems := [problem for place, mine in places(token).items() for problem in _foreign(place, mine, theirs)]:
        raise Nonconformity(f"{which} about the user whose token was exchanged", "; ".join(problems))


def _foreign(place: str, mine: Members, theirs: Members) -> Iterator[str]:
    """In what ways a token is about somebody else. `sub` is compared to the byte where both come from introspection."""
    if place == "introspection" and (mine.get("sub") != theirs.get("sub") or not mine.get("sub")):
        yield f"sub in {place} is {mine.get('sub')!r}"
    names = USER_MEMBERS if place == "introspection" else ("sub", "subname")
    for name in names:
        if name in mine and name in theirs and bare(mine[name]) != bare(theirs[name]):
            yield f"{name} in {place} is {mine[name]!r}"


def users_named(token: Witnesses, users: Collection[str]) -> list[str]:
    """Where introspection or JWT name one of these users, by UUID or user name, in words."""
    return [
        f"{name} in {place}"
        for place, members in places(token).items()
        for name, value in members.items()
        if isinstance(value, str) and bare(value) in users
    ]


@check("OBO-SUB-01")
def each_its_own(exchanges: Sequence[tuple[Witnesses, Answer]]) -> Remarks:
    """Each of several tokens is about the user whose token it was exchanged from, as that token was introspected."""
    if len({repr(demand_active(user).get("sub")) for _, user in exchanges}) < 2:
        raise Nonconformity("tokens of two users to exchange", "one sub for all of them")
    for number, (token, user) in enumerate(exchanges, 1):
        demand_subject(token, user, f"token {number} of {len(exchanges)}")
    return None


@check("OBO-SUB-01")
def names_nobody_else(token: Witnesses, others: Collection[str]) -> Remarks:
    """No member of introspection or JWT names one of these other users, by UUID or user name."""
    if named := users_named(token, others):
        raise Nonconformity("a token that names no other user", f"another user is {', '.join(named)}")
    return None


@check("OBO-SUB-02")
def subject_kept(attempts: Sequence[Witnesses], user: Answer) -> Remarks:
    """A request that names another user is refused, or the token is about the user of the subject token."""
    if not attempts:
        raise Nonconformity("at least one attempt", "none was made")
    for token in attempts:
        if token.answer.status == 200:
            demand_subject(token, user)
        else:
            demand_refusal(token.answer, E_EXCH)
    return None


@check("OBO-SUB-04")
def unknown_there(answer: Answer) -> Remarks:
    """A realm tells nothing about another realm's token, and nothing to another realm's client (RFC 7662)."""
    told = sorted(name for name in (*IDENTIFYING, "scope", "client_id", "exp") if answer.members.get(name) is not None)
    if told or answer.members.get("active") not in (None, False) or holds_token(answer):
        raise Nonconformity("nothing about the token", brief(answer))
    if answer.status not in (400, 401, 403) and (answer.status != 200 or "active" not in answer.members):
        raise Nonconformity("active false, or status 400, 401 or 403", brief(answer))
    return None


@check("OBO-SUB-04")
def active_at_home(answer: Answer) -> Remarks:
    """The control: the same token is active in the realm that issued it."""
    demand_active(answer)
    return None


@check("OBO-SUB-06")
def no_user_made(token: Witnesses, users: Collection[str]) -> Remarks:
    """A token without an end user is refused, or at least no user comes out of the exchange."""
    if token.answer.status != 200:
        demand_refusal(token.answer, E_EXCH)
        return None
    if named := users_named(token, users):
        raise Nonconformity("no user in a token that came of none", f"a user is {', '.join(named)}", binding=True)
    return [Remark("INFO", "a token without an end user is exchanged")]


@check("OBO-SUB-06")
def foreign_client_recorded(token: Witnesses, user: Answer) -> Remarks:
    """Whether a user's token that was issued to a client other than the audience is exchanged, vendors decide."""
    if token.answer.status != 200:
        demand_refusal(token.answer, E_EXCH)
        return [Remark("INFO", f"a token issued to another client than the audience is refused: {brief(token.answer)}")]
    demand_subject(token, user)
    return [Remark("INFO", "a token issued to another client than the audience is exchanged")]
