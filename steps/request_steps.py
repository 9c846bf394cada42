"""Sentences that send a documented request as it is, or with one thing changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_bdd import when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.actors import Secret
from fixtures.tenant.oauth import OAuth
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, nearly, obtained


@when("it is sent", target_fixture="attempt")
def sent(documented: DocumentedRequest) -> Attempt:
    return documented()


@when(parse('it is sent with "{parameter}" {value:Value}'), target_fixture="attempt")
def sent_with(documented: DocumentedRequest, parameter: str, value: str | None) -> Attempt:
    return documented.changed({parameter: value})


@when(parse('it is sent for the scope "{scope}"'), target_fixture="attempt")
def sent_for_scope(documented: DocumentedRequest, scopes: ScopeNames, scope: str) -> Attempt:
    return documented(scope=scopes(scope))


@when("it is sent with no client secret", target_fixture="attempt")
def sent_without_secret(documented: DocumentedRequest) -> Attempt:
    return documented(client_secret=None)


@when("it is sent with the application's secret", target_fixture="attempt")
def sent_with_the_applications_secret(documented: DocumentedRequest, cast: Cast) -> Attempt:
    return documented(client_secret=cast.application.client_secret)


@when("it is sent with the AI agent's secret", target_fixture="attempt")
def sent_with_the_agents_secret(documented: DocumentedRequest, cast: Cast) -> Attempt:
    return documented(client_secret=cast.agent.client_secret)


@when("it is sent with the second AI agent's secret", target_fixture="attempt")
def sent_with_the_second_agents_secret(documented: DocumentedRequest, cast: Cast) -> Attempt:
    return documented(client_secret=cast.second_agent.client_secret)


@when("it is sent with a wrong secret", target_fixture="attempt")
def sent_with_a_wrong_secret(documented: DocumentedRequest) -> Attempt:
    return documented(client_secret=nearly(documented.by.client_secret))


@when("it is sent without scope and audience", target_fixture="attempt")
def sent_without_scope_and_audience(documented: DocumentedRequest) -> Attempt:
    return documented(scope=None, audience=None)


@when("it is sent without an audience for a user who is not covered", target_fixture="attempt")
def sent_for_uncovered_user(documented: DocumentedRequest, oauth: OAuth, cast: Cast, scopes: ScopeNames) -> Attempt:
    asked = scopes("openid read-data")
    token = obtained(oauth.log_in(cast.uncovered_user, by=cast.application, scope=asked))
    return documented(subject_token=token, audience=None)


@when(parse("{client:Client} sends it without an audience"), target_fixture="attempt")
def sent_by_without_audience(documented: DocumentedRequest, cast: Cast, client: Any) -> Attempt:
    return documented(by=client(cast), audience=None)


@when("it is sent with the client ID in upper case", target_fixture="attempt")
def sent_with_upper_case_client_id(documented: DocumentedRequest) -> Attempt:
    return documented(client_id=documented.by.client_id.upper())


@when("it is sent with the client credentials in an Authorization header only", target_fixture="attempt")
def sent_with_basic(documented: DocumentedRequest) -> Attempt:
    return documented(by=replace(documented.by, auth_method="client_secret_basic"))


@when("it is sent with the user's identifier as subject token", target_fixture="attempt")
def sent_with_identifier(documented: DocumentedRequest, end_user_subject: str) -> Attempt:
    return documented(subject_token=end_user_subject)


@when(parse("{client:Client} sends it with credentials of its own"), target_fixture="attempt")
def sent_by(documented: DocumentedRequest, cast: Cast, client: Any) -> Attempt:
    return documented(by=client(cast))


@when("it is sent with a wrong password", target_fixture="wrong_password")
def sent_with_wrong_password(documented: DocumentedRequest, cast: Cast) -> Attempt:
    return documented(password=nearly(cast.end_user.password))


@when("it is sent with an unknown user", target_fixture="unknown_user")
def sent_with_unknown_user(documented: DocumentedRequest, wrong_secret: Secret, unknown_name: str) -> Attempt:
    return documented(username=unknown_name, password=wrong_secret)


@when("it is sent with an empty password", target_fixture="empty_password")
def sent_with_empty_password(documented: DocumentedRequest) -> Attempt:
    return documented(password="")


@when(
    parse("it is sent with {flaw:ClientFlaw} and with the right and a wrong user password"), target_fixture="attempts"
)
def sent_with_bad_client(documented: DocumentedRequest, wrong_secret: Secret, flaw: Any) -> list[Attempt]:
    changes = flaw(nearly(documented.by.client_secret))
    return [documented(**changes), documented(**changes, password=wrong_secret)]
