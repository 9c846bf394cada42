"""An AI agent made for one scenario, so that changing it disturbs no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.session import Waiting
from fixtures.tenant.actors import Agent
from fixtures.tenant.http import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.workshop import Workshop
from steps.checks import refusal
from steps.requests import Attempt, obtained

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
    """An AI agent of this scenario, and the exchange that it tries: for the end user, at the application."""

    agent: Agent
    workshop: Workshop
    oauth: OAuth
    cast: Cast
    scopes: ScopeNames
    subject_token: str
    wait: Waiting

    def exchange(self, scope: str = "read-data") -> Attempt:
        """One exchange with the credentials and the authentication method that the agent has now."""
        asked, audience = self.scopes(scope), self.cast.application.client_id
        answer = self.oauth.exchange(self.subject_token, by=self.agent, audience=audience, scope=asked)
        return Attempt(answer, self.agent, asked)

    def exchange_once(self, granted: bool, scope: str = "read-data") -> Attempt:
        """The exchange, tried until it is granted or refused as expected or the propagation limit has passed."""
        attempt: Attempt = self.wait(lambda: self.exchange(scope), lambda last: (last.token is not None) is granted)
        return attempt

    def exchange_refused(self) -> Attempt:
        """The exchange, tried until the client itself is known and the exchange refused, or the limit has passed."""
        attempt: Attempt = self.wait(self.exchange, lambda last: refusal.is_refusal(last.answer))
        return attempt

    def configure(self, **settings: Any) -> None:
        """Change settings of the agent's client (guide, task 3.2 step 4), and nothing else."""
        self.agent = self.workshop.configure_agent(self.agent, **(UNCHANGED | settings))
        self.wait_until_known()

    def configure_wholly(self) -> None:
        """Everything that task 3.2 step 4 sets."""
        self.agent = self.workshop.configure_agent(self.agent)
        self.wait_until_known()

    def wait_until_known(self) -> None:
        """Wait until the last save has arrived: the client authenticates, with its present secret and method."""
        self.wait(lambda: self.oauth.introspect(self.subject_token, by=self.agent), lambda seen: seen.status == 200)

    def add_privilege(self, permissions: list[str] | None = None) -> str:
        """A privilege on the application for the end user (guide, task 3.2 step 5); None: empty permissions."""
        privilege = self.workshop.create_privilege(self.agent, self.cast.application)
        self.complete_privilege(privilege, permissions)
        return privilege

    def complete_privilege(self, privilege: str, permissions: list[str] | None = None) -> None:
        """Set the end user as subject, and permissions, on a privilege that exists."""
        self.workshop.complete_privilege(privilege, subjects=[self.cast.end_user], permissions=permissions or [])

    def attempts_after(self, steps: list[str]) -> list[tuple[str, Answer]]:
        """One exchange after each of these configuration steps, taken one after the other."""
        attempts = []
        for step in steps:
            self.configure(**STEPS_OF_TASK_3_2[step])
            attempts.append((step, self.exchange().answer))
        return attempts

    def recreate(self) -> None:
        """Delete the agent and create it again under the same client ID with another secret, wholly configured."""
        self.agent = self.workshop.recreate_agent(self.agent)
        self.configure_wholly()


@pytest.fixture
def own_agent(
    workshop: Workshop, oauth: OAuth, cast: Cast, scopes: ScopeNames, wait_until_effective: Waiting
) -> OwnAgent:
    """A new AI agent, as task 3.1 leaves it, and a token of the end user to exchange."""
    token = obtained(oauth.password(cast.end_user, by=cast.application, scope=scopes("openid read-data")))
    agent = workshop.create_agent("own-ai-agent")
    return OwnAgent(agent, workshop, oauth, cast, scopes, token, wait_until_effective)
