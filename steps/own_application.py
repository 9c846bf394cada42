"""Applications made for one scenario, with an AI agent that may reach them, so that no other is disturbed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from fixtures.cast import Cast
from fixtures.step_fixtures import Waiting
from fixtures.tenant.actors import Application, Client
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD
from fixtures.tenant.workshop import Workshop
from steps.checks import token_response
from steps.requests import Attempt, DocumentedRequest, exchange_of, obtained


@dataclass(frozen=True)
class OwnApplications:
    """Makes applications of this scenario, and the exchange request of an agent of its own for one of them."""

    workshop: Workshop
    oauth: OAuth
    cast: Cast
    wait: Waiting

    def create(self, local_name: str, scopes: Sequence[str]) -> Application:
        """An application that issues tokens of the end user (guide, task 2)."""
        new = self.workshop.create_application(local_name, local_name, scopes=scopes, owners=[self.cast.owner])
        application = self.workshop.configure_application(new, add_grants=[PASSWORD])
        self.wait(lambda: self.log_in(application), lambda answer: answer.status == 200)
        return application

    def log_in(self, application: Client) -> Answer:
        """The end user's token with all scopes of the application."""
        return self.oauth.password(self.cast.end_user, by=application, scope=" ".join(application.scopes))

    def exchange_request(self, application: Application, permissions: Sequence[str]) -> DocumentedRequest:
        """The exchange for the application's first scope by a new agent with these permissions (guide, task 3)."""
        agent = self.workshop.configure_agent(self.workshop.create_agent("own-ai-agent"))
        privilege = self.workshop.create_privilege(agent, application)
        self.workshop.complete_privilege(privilege, subjects=[self.cast.end_user], permissions=permissions)
        token = obtained(self.log_in(application))
        request = exchange_of(self.oauth, agent, application, token, application.scopes[0])
        granted: Attempt = self.wait(request, lambda last: last.token is not None)
        token_response.exchange_granted(granted.answer)
        return request

    def without_scope(self, request: DocumentedRequest, application: Application, scope: str) -> Attempt:
        """Take a scope from an application, and ask for it until it is not granted or the limit has passed."""
        self.workshop.configure_application(application, scopes=[each for each in application.scopes if each != scope])
        attempt: Attempt = self.wait(lambda: request(scope=scope), lambda last: not _grants(last, scope))
        return attempt


def _grants(attempt: Attempt, scope: str) -> bool:
    """Whether the answer grants a scope; without `scope` it says: as asked (RFC 6749 section 5.1)."""
    told = str(attempt.answer.members.get("scope", attempt.asked))
    return attempt.token is not None and scope in told.split()


@pytest.fixture
def own_applications(workshop: Workshop, oauth: OAuth, cast: Cast, wait_until_effective: Waiting) -> OwnApplications:
    """Applications for this scenario alone."""
    return OwnApplications(workshop, oauth, cast, wait_until_effective)
