"""Sentences about who may use the administrator's interfaces behind tasks 1 to 3."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import ID_TOKEN_TYPE
from steps.checks import provider_settings, token_response
from steps.user_token_steps import documented_exchange_request


@given("the token of an anonymous caller", target_fixture="callers_token")
def no_token() -> None:
    return None


@given("the token of the end user", target_fixture="callers_token")
def users_own_token(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> str:
    return documented_exchange_request(oauth, cast, scopes).fields["subject_token"]


@given("the token of the AI agent", target_fixture="callers_token")
def agents_own_token(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> str | None:
    attempt = documented_exchange_request(oauth, cast, scopes)()
    token_response.exchange_granted(attempt.answer)
    return attempt.token


@given("the token of a holder of the user's ID token", target_fixture="callers_token")
def users_id_token(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> str:
    attempt = documented_exchange_request(oauth, cast, scopes)(requested_token_type=ID_TOKEN_TYPE)
    return offered(attempt.token, "the tenant does not exchange an access token for an ID token")


@when(
    "that token is used to read the provider, the application, the AI agent and its privilege", target_fixture="reads"
)
def read_with_token(admin: Administration, cast: Cast, callers_token: str | None) -> dict[str, Answer]:
    return {what: admin.send("GET", path, token=callers_token) for what, path in paths(admin, cast).items()}


@when("that token is used to change the description of the privilege", target_fixture="change")
def change_with_token(admin: Administration, cast: Cast, callers_token: str | None) -> tuple[Any, Answer]:
    before = admin.read("aiagentprivilege", cast.agent_privilege)
    operation = {"operation": "replace", "field": "/description", "value": "changed by a caller without rights"}
    path = admin.object_path("aiagentprivilege", cast.agent_privilege)
    return before, admin.send("PATCH", path, json=[operation], token=callers_token)


@then("each of these requests is refused")
def all_closed(reads: dict[str, Answer], change: tuple[Any, Answer]) -> None:
    provider_settings.closed({**reads, "the change": change[1]})


@then("the privilege is unchanged")
def privilege_unchanged(admin: Administration, cast: Cast, change: tuple[Any, Answer]) -> None:
    provider_settings.object_unchanged(change[0], admin.read("aiagentprivilege", cast.agent_privilege) or {})


@then("the administrator can read all of them")
def open_to_administrator(admin: Administration, cast: Cast) -> None:
    answers = {what: admin.send("GET", path) for what, path in paths(admin, cast).items()}
    provider_settings.open_to_administrator(answers)


def paths(admin: Administration, cast: Cast) -> dict[str, str]:
    """What the administrator's console reads for tasks 1 to 3."""
    return {
        "the provider": admin.provider_path,
        "the application": admin.agent_path("OAuth2Client", cast.application.client_id),
        "the AI agent": admin.agent_path("AIAgent", cast.agent.client_id),
        "the privilege": admin.object_path("aiagentprivilege", cast.agent_privilege),
    }
