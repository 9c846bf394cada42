"""Sentences about scope rules: what counts as a scope, and what bounds the scopes that are granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.actors import Application, Client
from fixtures.tenant.errors import offered
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.workshop import Workshop
from steps import phrases
from steps.checks import scope_rules, token_response
from steps.own_application import OwnApplications
from steps.requests import Attempt, DocumentedRequest, Witnessing, exchange_of, obtained


def _recased(scope: str, *changes: Callable[[str], str]) -> str:
    """A scope in another case: by the first of these changes that makes a difference."""
    return next(spelling for spelling in (change(scope) for change in changes) if spelling != scope)


NEAR_SCOPES: dict[str, Callable[[ScopeNames], str]] = {
    '"Read-Data"': lambda scopes: _recased(scopes("read-data"), str.title, str.lower),
    '"READ-DATA"': lambda scopes: _recased(scopes("read-data"), str.upper, str.lower),
    '"Admin-Action"': lambda scopes: _recased(scopes("admin-action"), str.title, str.lower),
    '"read"': lambda scopes: _front(scopes("read-data")),
    '"data"': lambda scopes: scopes("read-data")[len(_front(scopes("read-data"))) + 1 :],
    '"read-*"': lambda scopes: f"{_front(scopes('read-data'))}-*",
    '"*"': lambda _: "*",
    '"read-data-all"': lambda scopes: f"{scopes('read-data')}-all",
    '"read-data:admin"': lambda scopes: f"{scopes('read-data')}:admin",
    '"read-data/../admin-action"': lambda scopes: f"{scopes('read-data')}/../{scopes('admin-action')}",
}
"""What only resembles a scope, in the tenant's words."""
JOINTS: dict[str, Callable[[Iterable[str]], str]] = {
    "a comma": ",".join,
    "a tab": "\t".join,
    "a newline": "\n".join,
    'a literal "+"': "+".join,
    'a literal "%20"': "%20".join,
    "a no-break space": "\u00a0".join,
}


def _front(scope: str) -> str:
    return scope[: len(scope) // 2]


TYPES = {**phrases.TYPES, "NearScope": phrases.one_of(NEAR_SCOPES), "Joint": phrases.one_of(JOINTS)}
parse = partial(phrases.parse, extra_types=TYPES)


@pytest.fixture
def target_application(cast: Cast) -> Client:
    """The application that an exchange is for: the standing one, unless the scenario makes one of its own."""
    return cast.application


@given(
    parse('the exchange request of {client:Client}, with the end user\'s token for "{scope}"'),
    target_fixture="documented",
)
def exchange_request(oauth: OAuth, cast: Cast, scopes: ScopeNames, client: Any, scope: str) -> DocumentedRequest:
    token = obtained(oauth.log_in(cast.end_user, by=cast.application, scope=scopes(scope)))
    return exchange_of(oauth, client(cast), cast.application, token, scopes("read-data"))


@given(
    "the exchange request of the AI agent, with a token of the end user without a scope", target_fixture="documented"
)
def exchange_request_without_held_scope(oauth: OAuth, cast: Cast, scopes: ScopeNames) -> DocumentedRequest:
    login = oauth.password(cast.end_user, by=cast.application).members
    token = login.get("access_token")
    offered(token and not login.get("scope"), "the tenant gives no user's token without a scope")
    return exchange_of(oauth, cast.agent, cast.application, str(token), scopes("read-data"))


@given(parse('an application of its own with the scopes "{assigned}"'), target_fixture="target_application")
def application_with_scopes(own_applications: OwnApplications, assigned: str) -> Application:
    return own_applications.create("own-web-app", assigned.split())


@given(parse("an AI agent of its own that is permitted {permissions:Value} there"), target_fixture="documented")
def permitted_agent(
    own_applications: OwnApplications, target_application: Application, permissions: str
) -> DocumentedRequest:
    return own_applications.exchange_request(target_application, permissions.split())


@given(parse('"{scope}" is the default scope of both'))
def default_scope(
    workshop: Workshop, target_application: Application, documented: DocumentedRequest, scope: str
) -> None:
    workshop.set_default_scopes(target_application, documented.by, [scope])


@when(parse("it is sent for the near miss {near:NearScope}"), target_fixture="attempt")
def sent_for_near_miss(documented: DocumentedRequest, scopes: ScopeNames, near: Any) -> Attempt:
    return documented(scope=scopes.withheld(near(scopes)))


@when(parse('it is sent for "{scope}" and "{other}", joined by {joint:Joint}'), target_fixture="attempt")
def sent_for_joined(documented: DocumentedRequest, scopes: ScopeNames, scope: str, other: str, joint: Any) -> Attempt:
    return documented(scope=joint([scopes(scope), scopes(other)]))


@when(parse('it is sent for "{scope}", none of which is permitted'), target_fixture="attempt")
def sent_for_unpermitted(documented: DocumentedRequest, scopes: ScopeNames, scope: str) -> Attempt:
    return documented(scope=scopes.withheld(scope))


@when(parse('it is sent for "{scope}" after the application has lost that scope'), target_fixture="attempt")
def sent_for_lost_scope(
    own_applications: OwnApplications, target_application: Application, documented: DocumentedRequest, scope: str
) -> Attempt:
    return own_applications.without_scope(documented, target_application, scope)


@then("unchanged it is granted")
def granted_unchanged(documented: DocumentedRequest) -> None:
    token_response.exchange_granted(documented().answer)


@then(parse('of it "{scope}" is not granted, nor anything else that is not permitted'))
def only_permitted(witnessed: Witnessing, attempt: Attempt, cast: Cast, scopes: ScopeNames, scope: str) -> None:
    unpermitted = {*scopes.withheld(scope).split(), *cast.application.scopes} - {*cast.agent.scopes}
    scope_rules.only_permitted(witnessed(attempt), attempt.asked, unpermitted)


@then("no scope of the application is granted")
def no_scope_granted(witnessed: Witnessing, attempt: Attempt, target_application: Client) -> None:
    scope_rules.no_scope_granted(witnessed(attempt), attempt.asked, target_application.scopes)


@then("repeats and order have no effect")
def spelling_has_no_effect(witnessed: Witnessing, attempt: Attempt) -> None:
    scope_rules.spelling_has_no_effect(witnessed(attempt), attempt.asked)


@then("no scope beyond the user's token is granted")
def within_subject_token(
    oauth: OAuth, cast: Cast, witnessed: Witnessing, documented: DocumentedRequest, attempt: Attempt
) -> None:
    user = oauth.introspect(documented.fields["subject_token"], by=cast.application)
    scope_rules.within_subject_token(witnessed(attempt), attempt.asked, user)


@then("it is an error, and no token with other scopes")
def nothing_permitted(witnessed: Witnessing, attempt: Attempt) -> None:
    scope_rules.nothing_permitted(witnessed(attempt), attempt.asked)
