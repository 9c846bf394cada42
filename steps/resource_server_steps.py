"""Sentences about the application as resource server: the agent's token is not only well formed, it is usable."""

from __future__ import annotations

from pytest_bdd import then, when

from fixtures.cast import Cast
from fixtures.resource_server import Decision, ResourceServer
from fixtures.scope_names import ScopeNames
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from steps.checks import audience
from steps.phrases import parse
from steps.requests import Attempt


@when(parse('the AI agent calls the application with its own, for what needs "{scope}"'), target_fixture="decision")
def agent_calls(
    oauth: OAuth, cast: Cast, scopes: ScopeNames, exchanged: Attempt, user_seen: Answer, scope: str
) -> Decision:
    issuer = user_seen.members.get("iss") or oauth.metadata().members.get("issuer")
    application = ResourceServer(oauth, cast.application, issuer=issuer, agents=[cast.agent.client_id])
    return application.call(str(exchanged.token), scopes(scope))


@then("the user is served through the AI agent")
def user_served(decision: Decision, user_seen: Answer, cast: Cast) -> None:
    audience.usable(decision, user_seen, cast.agent.client_id)
