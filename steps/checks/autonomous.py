"""Checks of an autonomous AI agent, which gets tokens for itself and exchanges those (RFC 6749 section 4.4)."""

from __future__ import annotations

from collections.abc import Collection

from steps.checks.evidence import Answer, Witnesses, bare, scope_set
from steps.checks.refusal import E_EXCH, demand_refusal
from steps.checks.subjects import places, users_named
from steps.checks.token_response import demand_token, told_scopes
from steps.checks.verdict import Nonconformity, Remarks, check


def _demand_itself(token: Witnesses, identifiers: Collection[str], users: Collection[str]) -> None:
    """Raise unless a token is about the agent, and about no user, in every place that tells."""
    for place, members in places(token).items():
        if bare(members.get("sub")) not in identifiers:
            raise Nonconformity("sub: the agent itself", f"{members.get('sub')!r} in {place}")
    if named := users_named(token, users):
        raise Nonconformity("no user in the agent's own token", f"a user is {', '.join(named)}")


@check("OBO-AUT-01")
def own_token_granted(answer: Answer) -> Remarks:
    """The client credentials grant gives an agent that has it a token."""
    demand_token(answer, "the AI agent gets a token of its own")
    return None


@check("OBO-AUT-01")
def names_itself(token: Witnesses, identifiers: Collection[str], users: Collection[str]) -> Remarks:
    """`sub` of the agent's own token is the agent; there is no user and no `act` in it.

    `identifiers` of the agent count bare or in the form `(age!ID)`; `users` are UUIDs and user names.
    """
    _demand_itself(token, identifiers, users)
    for place, members in places(token).items():
        if members.get("act") is not None:
            raise Nonconformity("no act in the agent's own token", f"{members['act']!r} in {place}")
    return None


@check("OBO-AUT-02")
def exchanged_for_itself(
    token: Witnesses, identifiers: Collection[str], users: Collection[str], permitted: str
) -> Remarks:
    """The agent's own token is not exchanged, or for one that is about the agent and within its permissions."""
    if token.answer.status != 200:
        demand_refusal(token.answer, E_EXCH)
        return None
    _demand_itself(token, identifiers, users)
    for place, scopes in told_scopes(token, permitted).items():
        if beyond := scopes - scope_set(permitted):
            raise Nonconformity(f'at most "{permitted}"', f"{place} names {', '.join(sorted(beyond))}")
    return None
