"""Sentences about what is granted: grant types, scopes, audiences."""

from __future__ import annotations

from typing import Any

from pytest_bdd import then

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from steps.checks import refusal, token_response
from steps.phrases import parse
from steps.requests import Attempt, Witnessing


@then("the provider serves the password grant")
def provider_serves_password(attempt: Attempt) -> None:
    token_response.grant_type_served(attempt.answer, PASSWORD)


@then("the provider serves the token exchange grant")
def provider_serves_exchange(attempt: Attempt) -> None:
    token_response.grant_type_served(attempt.answer, TOKEN_EXCHANGE)


@then("the application is authenticated")
def application_authenticated(attempt: Attempt) -> None:
    token_response.authenticated(attempt.answer)


@then("the password grant succeeds as a control")
def password_granted_as_control(attempt: Attempt) -> None:
    token_response.user_token_granted(attempt.answer)


@then("it is a token response to the password grant")
def is_password_response(attempt: Attempt) -> None:
    token_response.password_response(attempt.answer)


@then(parse('"{scope}" is granted'))
def scope_granted(witnessed: Witnessing, attempt: Attempt, scopes: ScopeNames, scope: str) -> None:
    token_response.scope_granted(witnessed(attempt), scopes(scope))


@then(parse('exactly "{scope}" is granted'))
def scope_granted_exactly(witnessed: Witnessing, attempt: Attempt, scopes: ScopeNames, scope: str) -> None:
    token_response.scope_granted_exactly(witnessed(attempt), scopes(scope), scopes.application_scopes)


@then(parse('"{scope}" is not granted'))
def scope_not_granted(witnessed: Witnessing, attempt: Attempt, scopes: ScopeNames, scope: str) -> None:
    refusal.scope_not_granted(witnessed(attempt), scopes.withheld(scope))


@then(parse("{foreign:ForeignScope} is not granted"))
def foreign_scope_not_granted(witnessed: Witnessing, attempt: Attempt, cast: Cast, foreign: Any) -> None:
    refusal.scope_not_granted(witnessed(attempt), foreign(cast))


@then("no privilege alone covers it")
def not_covered(witnessed: Witnessing, attempt: Attempt) -> None:
    refusal.not_covered(witnessed(attempt), attempt.asked)


@then("answer, introspection and JWT name the same scope")
def scope_told_alike(witnessed: Witnessing, attempt: Attempt) -> None:
    token_response.scope_told_alike(witnessed(attempt), attempt.asked)


@then("it is refused, or the scope is within the agent's permissions")
def scope_within(witnessed: Witnessing, attempt: Attempt, cast: Cast) -> None:
    token_response.scope_within(witnessed(attempt), " ".join(cast.agent.scopes))


@then("it is refused, or the token is good for nothing")
def nothing_within(witnessed: Witnessing, attempt: Attempt, cast: Cast) -> None:
    applications = [cast.application.client_id, *cast.applications_beyond_privilege]
    token_response.audience_within(witnessed(attempt), applications, "")


@then("it is refused, or the token is for no application beyond the agent's privileges")
def audience_within(witnessed: Witnessing, attempt: Attempt, cast: Cast) -> None:
    foreign = cast.applications_beyond_privilege
    token_response.audience_within(witnessed(attempt), foreign, " ".join(cast.agent.scopes))
