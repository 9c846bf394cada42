"""Checks of who acts for whom in an agent's token (RFC 8693 sections 1.1 and 4.1)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from steps.checks.evidence import Answer, bare, brief, is_integer, scope_set
from steps.checks.introspection import demand_active
from steps.checks.verdict import Nonconformity, Remark, Remarks, check


def actor(answer: Answer) -> dict[str, Any]:
    """The `act` claim of an introspected token, an object with a string `sub`."""
    act = demand_active(answer).get("act")
    if not isinstance(act, dict):
        raise Nonconformity("act, a JSON object that names the actor", "no act" if act is None else f"act is {act!r}")
    if not isinstance(act.get("sub"), str):
        raise Nonconformity("act.sub, a string", repr(act.get("sub")))
    return act


@check("OBO-4.2I-02")
def same_subject(agent: Answer, user: Answer) -> Remarks:
    """`sub` of the agent's token is that of the user's token, to the byte: delegation, the user stays the subject."""
    found, wanted = demand_active(agent).get("sub"), demand_active(user).get("sub")
    if not wanted or found != wanted:
        told = "the agent's client ID" if found == agent.members.get("client_id") else repr(found)
        raise Nonconformity("sub as in the user's token", told)
    return None


@check("OBO-4.2I-03")
def acts_through(answer: Answer, agent: str) -> Remarks:
    """`act.sub` is the client ID of the agent that authenticated, bare or in the form `(age!ID)`."""
    if (found := actor(answer)["sub"]) not in (agent, f"(age!{agent})"):
        raise Nonconformity(f"act.sub {agent}", repr(found))
    return None


@check("OBO-4.2I-04")
def acts_through_none_of(answer: Answer, others: Collection[str]) -> Remarks:
    """`act.sub` is not the application, not the user and not another agent."""
    found = actor(answer)["sub"]
    if found in others or any(f"!{other})" in found for other in others):
        raise Nonconformity("act.sub the agent and nobody else", repr(found))
    return None


@check("OBO-4.2I-04")
def no_earlier_actor(answer: Answer, application: str) -> Remarks:
    """On a first exchange there is no actor behind the actor; some servers nest the user token's own client."""
    earlier = actor(answer).get("act")
    if earlier is None:
        return None
    if isinstance(earlier, dict) and bare(earlier.get("sub")) == application:
        return [Remark("INFO", "act.act names the application that the user's token was issued to")]
    return [Remark("SHOULD", f"act names an earlier actor on a first exchange: {earlier!r}")]


@check("OBO-4.2I-06")
def user_members_kept(agent: Answer, user: Answer) -> Remarks:
    """The members that describe user and realm are those of the user's token; the token type is Bearer."""
    mine, theirs = demand_active(agent), demand_active(user)
    names = ("user_id", "username", "subname", "realm")
    agents = mine.get("client_id")
    problems = [
        f"{name} is {mine[name]!r}"
        for name in names
        if name in mine and (mine[name] != theirs.get(name, mine[name]) or mine[name] == agents)
    ]
    level = mine.get("auth_level", 0)
    users_level = theirs.get("auth_level", level)
    if not is_integer(level) or level < 0 or (is_integer(users_level) and level > users_level):
        problems.append(f"auth_level is {level!r}")
    if str(mine.get("token_type", "Bearer")).lower() != "bearer":
        problems.append(f"token_type is {mine['token_type']!r}")
    if problems:
        raise Nonconformity("the user members of the user's token", "; ".join(problems))
    return None


@check("OBO-4.2I-08")
def seen_alike(agent_view: Answer, application_view: Answer) -> Remarks:
    """The application sees the same user, actor, scope and client in the agent's token as the agent itself."""
    mine = demand_active(agent_view)
    if application_view.members.get("active") is not True:
        return [Remark("SHOULD", f"the application cannot introspect the agent's token: {brief(application_view)}")]
    theirs = application_view.members
    names = [name for name in ("sub", "act", "client_id") if mine.get(name) != theirs.get(name)]
    if scope_set(mine.get("scope")) != scope_set(theirs.get("scope")):
        names.append("scope")
    if names:
        raise Nonconformity("the same answer for agent and application", f"different: {', '.join(names)}", binding=True)
    return None
