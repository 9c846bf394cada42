"""Sentences about applications: what the administrator sees, and applications made for one scenario (guide, task 2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.step_fixtures import Waiting
from fixtures.tenant.actors import Application, Client
from fixtures.tenant.admin import Administration
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import AUTHORIZATION_CODE, PASSWORD, REFRESH_TOKEN_GRANT
from fixtures.tenant.workshop import Workshop
from steps.checks import application_settings, client_ids, client_secrets, documents
from steps.own_agent import OwnAgent
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, Witnessing

Document = dict[str, Any]
GUIDE_SCOPES = ("openid", "read-data", "write-data", "admin-action")


@given("an application of its own as task 2.1 leaves it", target_fixture="own_application")
def new_application(workshop: Workshop, cast: Cast) -> Application:
    grants = (AUTHORIZATION_CODE, REFRESH_TOKEN_GRANT)
    return workshop.create_application("own-web-app", scopes=GUIDE_SCOPES, grants=grants, owners=[cast.owner])


@given("an application of its own that issues tokens", target_fixture="own_application")
def working_application(oauth: OAuth, workshop: Workshop, cast: Cast, wait_until_effective: Waiting) -> Application:
    new = new_application(workshop, cast)
    application = workshop.configure_application(new, add_grants=[PASSWORD], scopes=GUIDE_SCOPES)
    wait_until_effective(lambda: _login(oauth, cast, application), lambda attempt: attempt.token is not None)
    return application


@when("the administrator opens the application", target_fixture="opened_application")
def open_application(admin: Administration, cast: Cast) -> tuple[Document, Document]:
    fields = ["_id", "name", "ssoEntities", "templateName", "owners"]
    listed = admin.query("application", "true", fields)
    linked = [item for item in listed if documents.client_of(item) == cast.application.client_id]
    return admin.client(cast.application.client_id) or {}, (linked or [{}])[0]


@when("the administrator finds it in the list", target_fixture="found")
def find_own_application(admin: Administration, own_application: Application) -> Document:
    return next((found for found in admin.clients() if found["_id"] == own_application.client_id), {})


@when("adds Resource Owner Password Credentials to its grant types", target_fixture="own_application")
def add_password_grant(workshop: Workshop, own_application: Application) -> Application:
    return workshop.configure_application(own_application, add_grants=[PASSWORD], scopes=GUIDE_SCOPES)


@when(parse('the administrator creates an application with the client ID "{client_id}"'), target_fixture="creation")
@when('the administrator creates an application with the client ID ""', target_fixture="creation")
def create_application(workshop: Workshop, client_id: str = "") -> tuple[Answer, Client]:
    return workshop.try_client(client_id, scopes=GUIDE_SCOPES, grants=[PASSWORD])


@when("the administrator creates an AI agent with the application's client ID", target_fixture="collision")
def create_agent_with_taken_id(workshop: Workshop, own_application: Application) -> Answer:
    return workshop.try_taking(own_application.client_id, "AIAgent")


@when("the administrator creates an application with the AI agent's client ID", target_fixture="collision")
def create_application_with_taken_id(workshop: Workshop, own: OwnAgent) -> Answer:
    return workshop.try_taking(own.agent.client_id, "OAuth2Client")


def views_of_clients(admin: Administration, cast: Cast) -> dict[str, str]:
    """Where an administrator sees the application and the AI agent, with their identities and in lists."""
    identity = documents.identity_uid(admin.agent(cast.agent.client_id) or {})
    by_id = quote(f"_id eq '{cast.agent.client_id}'")
    return {
        "the AI agent's identity": f"{admin.object_path('aiagent', identity)}?_fields=*",
        "the application": admin.agent_path("OAuth2Client", cast.application.client_id),
        "the AI agent": admin.agent_path("AIAgent", cast.agent.client_id),
        "the list of applications": f"{admin.realm_path}/agents/OAuth2Client?_queryFilter=true",
        "the list of AI agents": f"{admin.realm_path}/agents/AIAgent?_queryFilter=true",
        "the lookup of the AI agent": f"{admin.realm_path}/agents?_queryFilter={by_id}",
        "the list of AI agent identities": f"{admin.object_path('aiagent')}?_queryFilter=true",
        "the list of managed applications": f"{admin.object_path('application')}?_queryFilter=true",
    }


@when("the administrator reads and lists the application and the AI agent", target_fixture="views")
def read_and_list(admin: Administration, cast: Cast) -> dict[str, Answer]:
    return {view: admin.send("GET", place) for view, place in views_of_clients(admin, cast).items()}


@then("it is a confidential client under the chosen client ID and name")
def is_confidential(opened_application: tuple[Document, Document], cast: Cast) -> None:
    document, application = opened_application
    name = cast.application.name or application.get("name", "")
    application_settings.confidential_client(document, cast.application.client_id, name)


@then("it is linked to the OAuth client")
def is_linked(opened_application: tuple[Document, Document], cast: Cast) -> None:
    application_settings.linked_to_client(opened_application[1], cast.application.client_id)


@then("it has an owner")
def has_owner(opened_application: tuple[Document, Document]) -> None:
    application_settings.has_owner(opened_application[1])


@then("the application is created")
def is_created(creation: tuple[Answer, Client]) -> None:
    client_ids.created(creation[0])


@then("the client ID is spelt as it was entered in every claim of its tokens")
def is_canonical(
    oauth: OAuth, cast: Cast, wait_until_effective: Waiting, witnessed: Witnessing, creation: tuple[Answer, Client]
) -> None:
    client = creation[1]
    attempt = wait_until_effective(lambda: _login(oauth, cast, client), lambda attempt: attempt.token is not None)
    client_ids.still_served(attempt.answer)
    client_ids.canonical(witnessed(attempt), client.client_id)


@then("the client ID is not accepted")
def not_accepted(creation: tuple[Answer, Client]) -> None:
    client_ids.client_id_not_accepted(creation[0])


@then(parse('an application with the client ID "{client_id}" can be created'))
def can_be_created(workshop: Workshop, client_id: str) -> None:
    client_ids.created(create_application(workshop, client_id)[0])


@then("the client ID is refused as taken")
def is_taken(collision: Answer) -> None:
    client_ids.taken(collision)


@then("the application still issues tokens")
def still_issues(oauth: OAuth, cast: Cast, own_application: Application, wait_until_effective: Waiting) -> None:
    attempt = wait_until_effective(
        lambda: _login(oauth, cast, own_application), lambda attempt: attempt.token is not None
    )
    client_ids.still_served(attempt.answer)


@then("it is refused, or its token names the client ID as it was entered")
def refused_or_canonical(witnessed: Witnessing, documented: DocumentedRequest, attempt: Attempt) -> None:
    client_ids.refused_or_canonical(witnessed(attempt), documented.by.client_id)


@then("none of these answers shows a client secret")
def secrets_hidden(views: dict[str, Answer], cast: Cast) -> None:
    client_secrets.secrets_hidden(views, [cast.application.client_secret, cast.agent.client_secret])


@then(parse('its grant types are the earlier ones and "{grant}"'))
def grant_added(admin: Administration, found: Document, own_application: Application, grant: str) -> None:
    application_settings.grant_added(found, admin.client(own_application.client_id) or {}, grant)


@then("it issues tokens to the end user")
def issues_tokens(oauth: OAuth, cast: Cast, own_application: Application, wait_until_effective: Waiting) -> None:
    attempt = wait_until_effective(
        lambda: _login(oauth, cast, own_application), lambda attempt: attempt.token is not None
    )
    application_settings.change_effective(attempt.answer)


def _login(oauth: OAuth, cast: Cast, client: Client) -> Attempt:
    return Attempt(oauth.password(cast.end_user, by=client, scope=GUIDE_SCOPES[0]), client)
