"""Sentences about the end user's account and refresh token (guide, task 4.1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant.actors import EndUser
from fixtures.tenant.errors import offered
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.workshop import Workshop
from steps.checks import refusal, token_response
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest
from steps.user_token_steps import documented_password_request


@given("a user of its own who can log in", target_fixture="login")
def own_user(
    oauth: OAuth, cast: Cast, scopes: ScopeNames, workshop: Workshop, wait_until_effective: Waiting
) -> tuple[EndUser, DocumentedRequest]:
    user = workshop.create_user("own-user")
    login = DocumentedRequest(partial(oauth.password, user), cast.application, {"scope": scopes("openid")})
    token_response.user_token_granted(wait_until_effective(login, lambda attempt: attempt.token).answer)
    return user, login


@given("a refresh token that the application received with the end user's token", target_fixture="refresh_token")
def users_refresh_token(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> str:
    answer = documented_password_request(oauth, cast, scopes)().answer
    token_response.user_token_granted(answer)
    return str(offered(answer.members.get("refresh_token"), "no refresh token comes with the user's token"))


@when("the administrator makes that user inactive")
def deactivate(workshop: Workshop, login: tuple[EndUser, DocumentedRequest]) -> None:
    workshop.set_user_status(login[0], "inactive")


@when(parse("{client:Client} uses the refresh token"), target_fixture="attempt")
def use_refresh_token(oauth: OAuth, cast: Cast, client: Any, refresh_token: str) -> Attempt:
    return Attempt(oauth.refresh(refresh_token, by=client(cast)), client(cast))


@then("that user gets no token")
def inactive_user_refused(login: tuple[EndUser, DocumentedRequest], wait_until_effective: Waiting) -> None:
    attempt = wait_until_effective(login[1], lambda attempt: attempt.token is None)
    refusal.refused(attempt.answer, refusal.E_GRANT)


@then("that user gets a token once active again")
def active_user_granted(
    workshop: Workshop, login: tuple[EndUser, DocumentedRequest], wait_until_effective: Waiting
) -> None:
    workshop.set_user_status(login[0], "active")
    token_response.granted(wait_until_effective(login[1], lambda attempt: attempt.token).answer)


@then("the refresh token is refused")
def refresh_token_refused(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, refusal.E_REFRESH)


@then("the application can still use the refresh token")
def application_refreshes(oauth: OAuth, cast: Cast, refresh_token: str) -> None:
    token_response.granted(oauth.refresh(refresh_token, by=cast.application))
