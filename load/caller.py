"""A simulated user: logs in at applications and lets AI agents act for them, as the guide's task 4 has it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from fixtures.tenant.actors import Client, EndUser
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from load.asking import Asking
from load.offer import Offer
from load.population import Delegation, Population
from steps.checks import audience, delegation, introspection, subjects, token_integrity, token_response
from steps.checks.evidence import Witnesses
from steps.checks.token_format import claims_of

LOG_IN: Final = "log-in"
USERS_TOKEN: Final = "introspection of the user's token"  # noqa: S105 - a kind of request
EXCHANGE: Final = "exchange"
AGENTS_TOKEN: Final = "introspection of the agent's token"  # noqa: S105 - a kind of request
BY_APPLICATION: Final = "introspection by the application"
USES_OF_A_LOGIN: Final = 10
USED_OF_A_LIFETIME: Final = 0.5
_ONE_IN = 4  # of an agent's tokens: how many the application looks at, too


@dataclass
class UserToken:
    """A user's access token, what introspection said of it, and how long it is to be used, in seconds of a clock."""

    value: str
    seen: Answer
    renewal: float
    uses: int = 0


class Caller:
    """Acts for one end user of the population; `chance` decides through whom, where and how far."""

    def __init__(
        self,
        oauth: OAuth,
        population: Population,
        offer: Offer,
        user: EndUser,
        asking: Asking,
        chance: Random | None = None,
    ) -> None:
        self.oauth = oauth
        self.population = population
        self.offer = offer
        self.user = user
        self.asking = asking
        self.chance = chance or Random()  # noqa: S311 - no secret
        self.delegations = [each for each in population.delegations if each.user == user]
        self._tokens: dict[str, UserToken] = {}

    def act(self) -> None:
        """The guide's task 4.2: an agent exchanges the user's token, and introspection tells who acts for whom."""
        permitted = self.chance.choice(self.delegations)
        asked = self.some_of(permitted.permitted)
        users = self.token_at(permitted.application)
        self.introspect(permitted, users, self.exchange(permitted, users, asked), asked)

    def some_of(self, scopes: Sequence[str]) -> str:
        """One or several scopes, in any order."""
        return " ".join(self.chance.sample(scopes, self.chance.randint(1, len(scopes))))

    def token_at(self, application: Client) -> UserToken:
        """The user's token at an application: of the last log-in, if it is neither old nor used too often."""
        token = self._tokens.get(application.client_id)
        if token is None or token.uses >= USES_OF_A_LOGIN or time.monotonic() > token.renewal:
            token = self._tokens[application.client_id] = self.log_in(self.user, application)
        token.uses += 1
        return token

    def log_in(self, user: EndUser, application: Client) -> UserToken:
        """A new token of a user (guide, task 4.1 steps 2 and 3)."""
        asked = " ".join(application.scopes)
        began = time.monotonic()

        def granted(answer: Answer) -> None:
            token_response.password_response(answer)
            token_response.scope_granted(Witnesses(answer, None, None), asked)

        answer = self.asking(LOG_IN, lambda: self.oauth.password(user, by=application, scope=asked), granted)
        value = str(answer.members["access_token"])

        def about_user(seen: Answer) -> None:
            introspection.no_actor(seen)
            introspection.client_is(seen, application.client_id)
            introspection.scope_is(seen, str(answer.members.get("scope", asked)))
            self._about(user, Witnesses(answer, seen, claims_of(value)), seen)

        seen = self.asking(USERS_TOKEN, lambda: self.oauth.introspect(value, by=application), about_user)
        return UserToken(value, seen, began + answer.members["expires_in"] * USED_OF_A_LIFETIME)

    def exchange(self, permitted: Delegation, users: UserToken, asked: str) -> Answer:
        """An exchange that must be granted, with just these scopes (guide, task 4.2 step 1)."""

        def granted(answer: Answer) -> None:
            token_response.exchange_response(answer, users.value)
            self._within(permitted, Witnesses(answer, None, claims_of(str(answer.members["access_token"]))), asked)

        return self.asking(EXCHANGE, lambda: self.send(permitted, users, asked), granted)

    def send(
        self, permitted: Delegation, users: UserToken, asked: str, by: Client | None = None, at: Client | None = None
    ) -> Answer:
        """The documented exchange request; `by` another client, or `at` another application, than is permitted."""
        application = at or permitted.application
        return self.oauth.exchange(users.value, by=by or permitted.agent, audience=application.client_id, scope=asked)

    def introspect(self, permitted: Delegation, users: UserToken, exchanged: Answer, asked: str) -> None:
        """Who acts for whom in an agent's token, by introspection and JWT (guide, task 4.2 step 2)."""
        value = str(exchanged.members["access_token"])

        def told(seen: Answer) -> None:
            witnesses = Witnesses(exchanged, seen, claims_of(value))
            delegation.same_subject(seen, users.seen)
            delegation.acts_through(seen, permitted.agent.client_id)
            introspection.client_is(seen, permitted.agent.client_id)
            self._within(permitted, witnesses, asked)
            token_response.scope_told_alike(witnesses, asked)
            audience.addressed_to(witnesses, permitted.application.client_id, permitted.agent.client_id)
            self._about(permitted.user, witnesses, seen)

        offer = self.offer
        if offer.agent_introspects:
            self.asking(AGENTS_TOKEN, lambda: self.oauth.introspect(value, by=permitted.agent), told)
        if not offer.agent_introspects or (offer.application_introspects and not self.chance.randrange(_ONE_IN)):
            self.asking(BY_APPLICATION, lambda: self.oauth.introspect(value, by=permitted.application), told)

    def _within(self, permitted: Delegation, witnesses: Witnesses, asked: str) -> None:
        """What was asked for is granted, and nothing beyond the privilege."""
        token_response.scope_granted(witnesses, asked)
        token_response.scope_within(witnesses, " ".join(permitted.permitted))

    def _about(self, user: EndUser, witnesses: Witnesses, seen: Answer) -> None:
        """A token is about this user and no other one, in introspection and JWT."""
        if user.id:
            introspection.subject_is(seen, user.id)
        subjects.names_nobody_else(witnesses, self.population.others(user))
        if witnesses.claims is not None:
            token_integrity.jwt_matches_introspection(witnesses.claims, seen)
