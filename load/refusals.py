"""What must be refused, however many ask: each right behind the same request that must be granted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from fixtures.tenant.actors import Secret
from fixtures.tenant.exchange import Answer
from fixtures.tenant.polling import until
from load.caller import Caller
from load.offer import Offer
from load.population import Delegation, Population
from steps.checks import lifecycle, refusal
from steps.checks.evidence import Witnesses, holds_token
from steps.checks.token_format import claims_of

FORBIDDEN_AUDIENCE: Final = "exchange refused: audience"
UNCOVERED_USER: Final = "exchange refused: user"
WITHHELD_SCOPE: Final = "exchange refused: scope"
REVOKED_TOKEN: Final = "exchange refused: revoked token"  # noqa: S105 - a kind of request
WRONG_SECRET: Final = "exchange refused: client secret"  # noqa: S105 - a kind of request
REVOCATION: Final = "revocation"

REFUSALS: Final = {
    WRONG_SECRET: "",
    FORBIDDEN_AUDIENCE: "for want of OBO_SECOND_APPLICATION_…",
    UNCOVERED_USER: "for want of OBO_SECOND_END_USER_…",
    WITHHELD_SCOPE: "for want of an application scope beyond OBO_AGENT_SCOPES",
    REVOKED_TOKEN: "as the tenant revokes no access tokens",
}
"""Every kind, and why it can't be tried where it can't."""

Errand = Callable[[Caller], None]
"""What a caller does in one go. No wrong passwords are tried: a tenant locks an account after a few of them."""


def possible(population: Population, delegations: Sequence[Delegation], offer: Offer) -> dict[str, Errand]:
    """What can be tried beside these delegations, by the kind of request that is refused."""
    kinds: dict[str, Errand] = {WRONG_SECRET: wrong_secret}
    if any(map(population.forbidden_applications, delegations)):
        kinds[FORBIDDEN_AUDIENCE] = forbidden_audience
    if any(map(population.uncovered_users, delegations)):
        kinds[UNCOVERED_USER] = uncovered_user
    if any(map(population.withheld_scopes, delegations)):
        kinds[WITHHELD_SCOPE] = withheld_scope
    if offer.revokes:
        kinds[REVOKED_TOKEN] = revoked_token
    return kinds


def wrong_secret(caller: Caller) -> None:
    """An agent that does not prove who it is."""
    permitted, asked = _any(caller, lambda _: [True])
    users = caller.token_at(permitted.application)
    caller.exchange(permitted, users, asked)
    impostor = replace(permitted.agent, client_secret=Secret(f"{permitted.agent.client_secret}x"))
    caller.asking(WRONG_SECRET, lambda: caller.send(permitted, users, asked, by=impostor), refusal.client_refused)


def forbidden_audience(caller: Caller) -> None:
    """An application where no privilege lets the agent act for the user."""
    permitted, asked = _any(caller, caller.population.forbidden_applications)
    users = caller.token_at(permitted.application)
    caller.exchange(permitted, users, asked)
    other = caller.chance.choice(caller.population.forbidden_applications(permitted))
    caller.asking(
        FORBIDDEN_AUDIENCE,
        lambda: caller.send(permitted, users, asked, at=other),
        lambda answer: refusal.refused(answer, refusal.E_TARGET),
    )


def uncovered_user(caller: Caller) -> None:
    """A user for whom no privilege lets the agent act at the application."""
    permitted, asked = _any(caller, caller.population.uncovered_users)
    caller.exchange(permitted, caller.token_at(permitted.application), asked)
    stranger = caller.chance.choice(caller.population.uncovered_users(permitted))
    theirs = caller.log_in(stranger, permitted.application)
    caller.asking(UNCOVERED_USER, lambda: caller.send(permitted, theirs, asked), refusal.covers_nobody)


def withheld_scope(caller: Caller) -> None:
    """A scope of the application that the privilege doesn't name."""
    permitted, asked = _any(caller, caller.population.withheld_scopes)
    users = caller.token_at(permitted.application)
    caller.exchange(permitted, users, asked)
    beyond = caller.chance.choice(caller.population.withheld_scopes(permitted))

    def withheld(answer: Answer) -> None:
        refusal.scope_not_granted(Witnesses(answer, None, claims_of(str(answer.members.get("access_token")))), beyond)

    caller.asking(WITHHELD_SCOPE, lambda: caller.send(permitted, users, beyond), withheld)


def revoked_token(caller: Caller) -> None:
    """A user's token that was revoked; a tenant may take its time until all of it knows."""
    permitted, asked = _any(caller, lambda _: [True])
    users = caller.log_in(caller.user, permitted.application)
    caller.exchange(permitted, users, asked)
    caller.asking(
        REVOCATION, lambda: caller.oauth.revoke(users.value, by=permitted.application), lifecycle.revoked_again
    )
    caller.asking(
        REVOKED_TOKEN,
        lambda: until(
            lambda: caller.send(permitted, users, asked),
            lambda answer: not holds_token(answer),
            limit_seconds=caller.offer.propagation_seconds,
        ),
        lambda answer: refusal.refused(answer, refusal.E_EXCH),
    )


def _any(caller: Caller, needed: Callable[[Delegation], Sequence[object]]) -> tuple[Delegation, str]:
    """One of the caller's delegations for which there is what is needed, and scopes that it permits."""
    permitted = caller.chance.choice([each for each in caller.delegations if needed(each)])
    return permitted, caller.some_of(permitted.permitted)
