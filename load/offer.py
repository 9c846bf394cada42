"""What a tenant offers besides the exchange, found out once, one request after the other, before a load begins.

Under load the same is expected: what was granted to one must be granted to each of many.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fixtures.tenant.errors import HarnessError
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.polling import until
from load.population import Delegation, Population
from steps.checks.evidence import brief


@dataclass(frozen=True)
class Offer:
    """Who may introspect an agent's token, and whether access tokens can be revoked."""

    agent_introspects: bool
    application_introspects: bool
    revokes: bool
    propagation_seconds: float
    """How long a change may take to hold everywhere."""


def find_out(oauth: OAuth, population: Population, propagation_seconds: float) -> Offer:
    """Wait until each privilege works; raises `HarnessError` where one does not in time."""
    firsts = {(each.agent.client_id, each.application.client_id): each for each in population.delegations}
    for permitted in firsts.values():
        token, exchanged = until(
            partial(_exchanged, oauth, permitted),
            lambda found: found[1].status == 200,
            limit_seconds=propagation_seconds,
        )
        if exchanged.status != 200:
            raise HarnessError(f"no exchange was granted before the load: {brief(exchanged)}; `python3 run doctor`")
    value = str(exchanged.members.get("access_token"))
    return Offer(
        agent_introspects=_is_active(oauth.introspect(value, by=permitted.agent)),
        application_introspects=_is_active(oauth.introspect(value, by=permitted.application)),
        revokes=bool(oauth.endpoints.revocation) and oauth.revoke(token, by=permitted.application).status == 200,
        propagation_seconds=propagation_seconds,
    )


def _exchanged(oauth: OAuth, permitted: Delegation) -> tuple[str, Answer]:
    """A user's token, and the answer to its exchange; the answer to the log-in where that was refused."""
    application = permitted.application
    login = oauth.password(permitted.user, by=application, scope=" ".join(application.scopes))
    token = str(login.members.get("access_token", ""))
    if login.status != 200:
        return token, login
    scope = " ".join(permitted.permitted)
    return token, oauth.exchange(token, by=permitted.agent, audience=application.client_id, scope=scope)


def _is_active(seen: Answer) -> bool:
    return seen.members.get("active") is True
