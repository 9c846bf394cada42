"""An AI agent made for one scenario, so that changing it disturbs no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant.actors import Agent, Application, EndUser
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.workshop import Workshop
from steps.checks import refusal
from steps.requests import Attempt, obtained

Attempts = list[tuple[str, Attempt]]
"""Attempts, each after the step that it followed, in words."""
USERS_SCOPE = "openid read-data write-data"
UNCHANGED: dict[str, Any] = {
    "grants": (),
    "auth_method": None,
    "overrides": None,
    "client_side_tokens": None,
    "accept_audience": None,
}
STEPS_OF_TASK_3_2: dict[str, dict[str, Any]] = {
    "at first": {},
    "4b grant type token exchange": {"grants": [TOKEN_EXCHANGE]},
    "4c token endpoint authentication client_secret_post": {"auth_method": "client_secret_post"},
    "4e provider overrides enabled": {"overrides": True},
    "4f client-side tokens": {"client_side_tokens": True},
    "4g audience parameters accepted": {"accept_audience": True},
}


@dataclass
class OwnAgent:
    """An AI agent of this scenario, and the exchange that it tries: for the end user, at the application.

    A scenario may put a user and an application of its own in their places.
    """

    agent: Agent
    user: EndUser
    application: Application
    workshop: Workshop
    oauth: OAuth
    cast: Cast
    scopes: ScopeNames
    subject_token: str
    wait: Waiting
    privilege: str = ""
    """The id of the privilege that was added last."""
    group: str = ""
    """The id of the group that it names."""

    def exchange(self, scope: str = "read-data", token: str | None = None) -> Attempt:
        """One exchange with the credentials and the authentication method that the agent has now."""
        asked, audience = self.scopes(scope), self.application.client_id
        answer = self.oauth.exchange(token or self.subject_token, by=self.agent, audience=audience, scope=asked)
        return Attempt(answer, self.agent, asked)

    def exchange_of(self, subject_token: str, scope: str = "read-data") -> Answer:
        """The answer to the same exchange of another token."""
        return self.exchange(scope, subject_token).answer

    def exchange_once(self, granted: bool, scope: str = "read-data", token: str | None = None) -> Attempt:
        """The exchange, tried until it is granted or refused as expected or the propagation limit has passed."""
        return self.exchange_until(lambda last: (last.token is not None) is granted, scope, token)

    def exchange_until(
        self, satisfied: Callable[[Attempt], bool], scope: str = "read-data", token: str | None = None
    ) -> Attempt:
        """The exchange, tried until its answer satisfies or the propagation limit has passed."""
        attempt: Attempt = self.wait(lambda: self.exchange(scope, token), satisfied)
        return attempt

    def exchange_refused(self) -> Attempt:
        """The exchange, tried until the client itself is known and the exchange refused, or the limit has passed."""
        return self.exchange_until(lambda last: refusal.is_refusal(last.answer))

    def configure(self, **settings: Any) -> None:
        """Change settings of the agent's client (guide, task 3.2 step 4), and nothing else."""
        self.agent = self.workshop.configure_agent(self.agent, **(UNCHANGED | settings))
        self.wait_until_known()

    def configure_wholly(self, **settings: Any) -> None:
        """Everything that task 3.2 step 4 sets, and settings besides."""
        self.agent = self.workshop.configure_agent(self.agent, **settings)
        self.wait_until_known()

    def wait_until_known(self) -> None:
        """Wait until the last save has arrived: the client authenticates, with its present secret and method."""
        self.wait(lambda: self.oauth.introspect(self.subject_token, by=self.agent), lambda seen: seen.status == 200)

    def add_privilege(self, permissions: list[str] | None = None) -> str:
        """A privilege on the application for the user (guide, task 3.2 step 5); None: empty permissions."""
        self.privilege = self.workshop.create_privilege(self.agent, self.application)
        self.complete_privilege(self.privilege, permissions)
        return self.privilege

    def add_group_privilege(self, group: str) -> None:
        """A privilege on the application for the members of a group, with empty permissions."""
        self.group, self.privilege = group, self.workshop.create_privilege(self.agent, self.application)
        self.workshop.complete_privilege(self.privilege, groups=[group])

    def complete_privilege(self, privilege: str, permissions: list[str] | None = None) -> None:
        """Set the user as subject, and permissions, on a privilege that exists."""
        self.workshop.complete_privilege(privilege, subjects=[self.user], permissions=permissions or [])

    def attempts_after(self, steps: list[str]) -> list[tuple[str, Answer]]:
        """One exchange after each of these configuration steps, taken one after the other."""
        attempts = []
        for step in steps:
            self.configure(**STEPS_OF_TASK_3_2[step])
            attempts.append((step, self.exchange().answer))
        return attempts

    def log_in(self) -> str:
        """A further token of the user, got as soon as the tenant knows user and application."""
        ask = partial(self.oauth.password, self.user, by=self.application)
        return obtained(self.wait(partial(ask, scope=self.scopes(USERS_SCOPE)), lambda answer: answer.status == 200))

    def with_either_token(self, satisfied: Callable[[Attempt], bool], scope: str = "read-data") -> Attempts:
        """After a change: the exchange of the token from before it and that of a new one, tried like any other."""
        earlier = self.exchange_until(satisfied, scope)
        new = self.exchange_until(satisfied, scope, self.log_in())
        return [("the change, with the user's earlier token", earlier), ("the change, with a new token", new)]

    def exchangeable(self, tokens: Iterable[str]) -> list[str]:
        """Those of the tokens that the agent gets one of its own for."""
        return [token for token in tokens if self.exchange(token=token).token]

    def recreate(self) -> None:
        """Delete the agent and create it again under the same client ID with another secret, wholly configured."""
        self.agent = self.workshop.recreate_agent(self.agent)
        self.configure_wholly()


@pytest.fixture
def own_agent(
    workshop: Workshop, oauth: OAuth, cast: Cast, scopes: ScopeNames, wait_until_effective: Waiting
) -> OwnAgent:
    """A new AI agent, as task 3.1 leaves it, and a token of the end user to exchange."""
    token = obtained(oauth.log_in(cast.end_user, by=cast.application, scope=scopes("openid read-data")))
    agent = workshop.create_agent("own-ai-agent")
    return OwnAgent(agent, cast.end_user, cast.application, workshop, oauth, cast, scopes, token, wait_until_effective)
