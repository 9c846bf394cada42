"""Sentences about AI agents: what the administrator sees of them, and agents made for one scenario (guide, task 3)."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import REFRESH_TOKEN_GRANT
from steps.checks import agent_settings, application_settings, documents, provider_settings, refusal, token_response
from steps.own_agent import OwnAgent
from steps.requests import Attempt, Witnessing

Document = dict[str, Any]


@given("a new AI agent on which task 3.2 has not been done", target_fixture="own")
def new_agent(own_agent: OwnAgent) -> OwnAgent:
    return own_agent


@given("an AI agent of its own that lacks nothing but a privilege", target_fixture="own")
def agent_without_privilege(own_agent: OwnAgent) -> OwnAgent:
    own_agent.configure_wholly()
    return own_agent


@given("an AI agent of its own that exchanges tokens", target_fixture="own")
def working_agent(own_agent: OwnAgent) -> OwnAgent:
    own_agent.configure_wholly()
    own_agent.add_privilege()
    token_response.exchange_granted(own_agent.exchange_once(granted=True).answer)
    return own_agent


@given("an AI agent of its own that may refresh tokens", target_fixture="own")
def refreshing_agent(own_agent: OwnAgent) -> OwnAgent:
    own_agent.configure(grants=[REFRESH_TOKEN_GRANT], auth_method="client_secret_post")
    return own_agent


@when("the administrator opens the AI agent", target_fixture="opened_agent")
def open_agent(admin: Administration, cast: Cast) -> Document:
    return admin.agent(cast.agent.client_id) or {}


@when("the administrator finds the AI agent in the list and opens it", target_fixture="opened_agent")
def find_and_open_agent(admin: Administration, cast: Cast) -> Document:
    listed = [document["_id"] for document in admin.agents()]
    return (admin.agent(cast.agent.client_id) or {}) | {"listed": listed}


@when("the new AI agent exchanges it at first, and after each of these steps", target_fixture="attempts")
def exchange_after_each_step(own: OwnAgent, datatable: list[list[str]]) -> list[tuple[str, Answer]]:
    return own.attempts_after(["at first", *(row[0] for row in datatable[1:])])


@when("the administrator gives it another client ID", target_fixture="renamed")
def rename_agent(own: OwnAgent) -> Answer:
    return own.workshop.try_renaming(own.agent)


@when("the administrator deletes it and creates it again with the same client ID and another secret")
def recreate_agent(own: OwnAgent) -> None:
    own.recreate()


@when("it exchanges a token while its provider overrides are off", target_fixture="attempt")
def exchange_without_overrides(own: OwnAgent) -> Attempt:
    own.configure(overrides=False)
    return own.exchange_once(granted=False)


@when("it exchanges a token while it does not accept audience parameters", target_fixture="attempt")
def exchange_without_accepted_audience(own: OwnAgent) -> Attempt:
    own.configure(accept_audience=False)
    return own.exchange_once(granted=False)


@when("the AI agent of its own uses the refresh token", target_fixture="attempt")
def own_agent_refreshes(oauth: OAuth, own: OwnAgent, refresh_token: str) -> Attempt:
    return Attempt(oauth.refresh(refresh_token, by=own.agent), own.agent)


@then("it is a confidential client of agent type under the chosen client ID and name")
def is_confidential_agent(opened_agent: Document, cast: Cast) -> None:
    name = cast.agent.name or documents.identity_of(opened_agent).get("name", "")
    application_settings.confidential_client(opened_agent, cast.agent.client_id, name, "AIAgent")


@then("its identity record has the same client ID")
def identity_linked(admin: Administration, opened_agent: Document, cast: Cast) -> None:
    uid = str(documents.identity_uid(opened_agent))
    identity = admin.read("aiagent", uid, ["_id", "name", "oauth2ClientId"])
    agent_settings.identity_linked(opened_agent, identity, opened_agent["listed"], cast.agent.client_id)


@then("each of these exchanges is refused")
def all_refused(attempts: list[tuple[str, Answer]]) -> None:
    refusal.all_refused(attempts, refusal.E_NEW_AGENT)


@then("its exchange is refused")
def own_exchange_refused(own: OwnAgent) -> None:
    refusal.refused(own.exchange_refused().answer, refusal.E_TARGET)


@then("the AI agent is still found under its client ID")
def still_found(admin: Administration, own: OwnAgent, renamed: Answer) -> None:
    found = admin.send("GET", admin.agent_path("AIAgent", own.agent.client_id))
    agent_settings.not_renamed(renamed, found, own.agent.client_id)


@then("the AI agent still exchanges tokens")
def still_exchanges(own: OwnAgent) -> None:
    token_response.granted(own.exchange_once(granted=True).answer)


@then("the AI agent still exchanges tokens once they are on again")
def exchanges_with_overrides(own: OwnAgent) -> None:
    own.configure(overrides=True)
    token_response.exchange_granted(own.exchange_once(granted=True).answer)


@then("the AI agent still exchanges tokens once they are accepted again")
def exchanges_with_accepted_audience(own: OwnAgent) -> None:
    own.configure(accept_audience=True)
    token_response.exchange_granted(own.exchange_once(granted=True).answer)


@then("the answer follows the provider's settings")
def follows_provider(admin: Administration, witnessed: Witnessing, attempt: Attempt, cast: Cast) -> None:
    accepts = provider_settings.provider_accepts_audience(admin.provider())
    token_response.follows_provider(witnessed(attempt), cast.application.client_id, accepts)


@then("the audience is refused, or the token is not for the application")
def audience_not_in_token(witnessed: Witnessing, attempt: Attempt, cast: Cast) -> None:
    token_response.audience_not_in_token(witnessed(attempt), cast.application.client_id)


@then("token exchange is among its grant types")
def grants_exchange(opened_agent: Document) -> None:
    agent_settings.agent_grants_exchange(opened_agent)


@then("its token endpoint authentication method is client_secret_post")
def authenticates_in_body(opened_agent: Document) -> None:
    agent_settings.authenticates_in_body(opened_agent)


@then("provider overrides, client-side tokens and audience parameters are switched on")
def overrides_on(opened_agent: Document) -> None:
    agent_settings.overrides_on(opened_agent)
