"""A request for the end user's approval, as a scenario sends it, has it decided, and redeems it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from fixtures.cast import Cast
from fixtures.run import Run
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import EXPIRY_LIMIT_SECONDS
from fixtures.tenant.actors import Agent, Client, EndUser
from fixtures.tenant.approver import Approver
from fixtures.tenant.backchannel import Backchannel
from fixtures.tenant.errors import NotVerifiable, offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.naming import new_uuid
from fixtures.tenant.oauth import OAuth, Value
from fixtures.tenant.oauth_terms import CIBA
from steps.checks import backchannel as checks
from steps.checks.evidence import error_code
from steps.requests import Attempt

DECISION_LIMIT_SECONDS: Final = 15.0
_NO_CIBA = "the tenant does not offer approval over the backchannel (CIBA): {}"


@dataclass(frozen=True)
class Asked:
    """A request that was sent: the acknowledgement, the scope asked for, and the message that the user is shown."""

    answer: Answer
    scope: str
    message: str
    sent_at: float = field(default_factory=time.monotonic)

    @property
    def auth_req_id(self) -> str:
        return str(self.answer.members.get("auth_req_id"))

    @property
    def lifetime_seconds(self) -> float:
        return float(self.answer.members["expires_in"])


@dataclass(frozen=True)
class Approvals:
    """Asks a user for approval in the name of an AI agent, and decides in the name of that user."""

    backchannel: Backchannel
    approver: Approver
    agent: Agent
    user: EndUser
    scopes: ScopeNames

    def ask(self, scope: str, **claims: Any) -> Asked:
        """A request that names the user, by UUID or else by name, whatever the answer is; `claims` change it."""
        asked = self._ask(scope, {"login_hint": self.user.id or self.user.username, **claims})
        if error_code(asked.answer) == "unknown_user_id":
            return self._ask(scope, {"login_hint": self.user.username, **claims})
        return asked

    def _ask(self, scope: str, claims: dict[str, Any]) -> Asked:
        asked, message = self.scopes(scope), f"OBO conformance {new_uuid()[:8]}"
        answer = self.backchannel.ask(by=self.agent, scope=asked, **{"binding_message": message, **claims})
        return Asked(answer, asked, message)

    def asked(self, scope: str, **claims: Any) -> Asked:
        """A request that the tenant acknowledged."""
        asked = self.ask(scope, **claims)
        checks.acknowledged(asked.answer)
        return asked

    def asked_briefly(self, scope: str) -> Asked:
        """A request that is to live one second."""
        asked = self.asked(scope, requested_expiry=1)
        if asked.lifetime_seconds > EXPIRY_LIMIT_SECONDS:
            seconds = f"{asked.lifetime_seconds:.0f} seconds"
            raise NotVerifiable(f"needs a tenant that honours requested_expiry: the request lives {seconds}")
        return asked

    def approved(self, scope: str, part: str | None = None) -> Asked:
        """A request that the user approved, or approved a part of."""
        asked = self.asked(scope)
        self.approver.decide(self.user, asked.message, "approve", None if part in (None, scope) else self.scopes(part))
        return asked

    def deny(self, asked: Asked) -> None:
        """The user says no."""
        self.approver.decide(self.user, asked.message, "deny")

    def approve_too_late(self, asked: Asked) -> None:
        """The user says yes when there is nothing to decide any more; what becomes of it, polls show."""
        self.approver.try_to_decide(self.user, asked.message, "approve")

    def poll(self, asked: Asked) -> Attempt:
        """One poll."""
        return Attempt(self.backchannel.poll(asked.auth_req_id, by=self.agent), self.agent, asked.scope)

    def redeem(self, asked: Asked, by: Client | None = None, **changes: Value) -> Attempt:
        """Polls at the announced pace, until the answer is not to wait."""
        client, limit = by or self.agent, DECISION_LIMIT_SECONDS
        answer = self.backchannel.poll_until_decided(asked.answer, by=client, limit_seconds=limit, **changes)
        return Attempt(answer, client, asked.scope)

    def id_token(self) -> str:
        """An ID token of the user, issued to the agent."""
        members = self.redeem(self.approved("openid")).answer.members
        return str(offered(members.get("id_token"), "no ID token comes with an approved request"))


@pytest.fixture(scope="session")
def backchannel(oauth: OAuth) -> Backchannel:
    """The realm's backchannel authentication endpoint, by its metadata (OpenID CIBA Core section 4)."""
    members = oauth.metadata().members
    endpoint = offered(members.get("backchannel_authentication_endpoint"), _NO_CIBA.format("no endpoint"))
    offered(CIBA in members.get("grant_types_supported", [CIBA]), _NO_CIBA.format("the provider lacks the grant"))
    return Backchannel(oauth, str(endpoint), str(members.get("issuer")))


@pytest.fixture
def approvals(run: Run, backchannel: Backchannel, cast: Cast, scopes: ScopeNames) -> Approvals:
    """Requests for the end user's approval."""
    approver = Approver(run.http, run.settings.approver_url)
    return Approvals(backchannel, approver, cast.ciba_agent, cast.end_user, scopes)
