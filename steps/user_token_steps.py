"""Sentences about a user's token, and about the documented requests of tasks 4.1 and 4.2."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.oauth import OAuth
from steps.checks import token_response
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, exchange_of, obtained


@given(parse('{user:User}\'s access token for "{scope}"'), target_fixture="subject_token")
@given(parse('{user:User} has an access token for "{scope}"'), target_fixture="subject_token")
def users_token(oauth: OAuth, cast: Cast, scopes: ScopeNames, user: Any, scope: str) -> str:
    return obtained(oauth.log_in(user(cast), by=cast.application, scope=scopes(scope)))


@given(parse('{user:User} has an access token from {client:Client} for "{scope}"'), target_fixture="subject_token")
def users_token_from(oauth: OAuth, cast: Cast, scopes: ScopeNames, user: Any, client: Any, scope: str) -> str:
    return obtained(oauth.log_in(user(cast), by=client(cast), scope=scopes(scope)))


@given("the documented password request", target_fixture="documented")
def documented_password_request(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> DocumentedRequest:
    send = partial(oauth.password, cast.end_user)
    return DocumentedRequest(send, cast.application, {"scope": scopes("openid")})


@given("the documented exchange request", target_fixture="documented")
def documented_exchange_request(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> DocumentedRequest:
    token = users_token(oauth, cast, scopes, lambda cast: cast.end_user, "openid read-data")
    return exchange_of(oauth, cast.agent, cast.application, token, scopes("read-data"))


@when(parse('the application asks for the end user\'s token with "{scope}"'), target_fixture="attempt")
def application_asks(oauth: OAuth, cast: Cast, scopes: ScopeNames, scope: str) -> Attempt:
    return documented_password_request(oauth, cast, scopes)(scope=scopes(scope))


@then("the documented password request is granted")
@then("the documented password request is granted with that secret")
def password_control(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> None:
    token_response.user_token_granted(documented_password_request(oauth, cast, scopes)().answer)


@then("the documented exchange request is granted")
def same_exchange_granted(documented: DocumentedRequest) -> None:
    token_response.exchange_granted(documented().answer)


@then("an exchange as documented is granted")
@then("an exchange as documented is granted with that secret")
def exchange_control(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> None:
    token_response.exchange_granted(documented_exchange_request(oauth, cast, scopes)().answer)
