"""Sentences about client authentication: secrets that are nearly right, two methods at once, one client as another."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant.actors import Client, Secret
from fixtures.tenant.exchange import Answer
from fixtures.tenant.naming import new_client_secret
from fixtures.tenant.oauth import OAuth, authentication
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.workshop import Workshop
from steps.checks import client_authentication, introspection, refusal, token_response
from steps.checks.token_format import claims_of
from steps.requests import Attempt, DocumentedRequest, nearly
from steps.variations import parse

LONG_SECRET_BYTES = 80  # more than the 72 that bcrypt looks at


def in_header(client: Client, secret: str) -> Client:
    """The client with this secret, as HTTP Basic credentials."""
    return replace(client, auth_method="client_secret_basic", client_secret=Secret(secret))


@given("the documented introspection request", target_fixture="documented")
def documented_introspection_request(oauth: OAuth, cast: Cast, subject_token: str) -> DocumentedRequest:
    return DocumentedRequest(oauth.introspect, cast.application, {"token": subject_token})


@given("a client of its own that authenticates in the Authorization header", target_fixture="own_client")
def header_client(workshop: Workshop, cast: Cast) -> Client:
    grants, scopes = [PASSWORD, TOKEN_EXCHANGE], cast.application.scopes
    return workshop.create_client("own-header-client", grants=grants, scopes=scopes, auth_method="client_secret_basic")


@given("a client of its own with a secret of 80 bytes", target_fixture="own_client")
def long_secret_client(workshop: Workshop, cast: Cast) -> Client:
    secret, scopes = Secret((new_client_secret() * 2)[:LONG_SECRET_BYTES]), cast.application.scopes
    return workshop.create_client("own-long-secret", grants=[PASSWORD], scopes=scopes, client_secret=secret)


@given("that client's password request", target_fixture="documented")
def own_clients_request(
    oauth: OAuth, cast: Cast, scopes: ScopeNames, own_client: Client, wait_until_effective: Waiting
) -> DocumentedRequest:
    request = DocumentedRequest(partial(oauth.password, cast.end_user), own_client, {"scope": scopes("openid")})
    token_response.user_token_granted(wait_until_effective(request, lambda attempt: attempt.token).answer)
    return request


@when(parse("it is sent with {credentials:Credentials}"), target_fixture="attempt")
def sent_with_credentials(documented: DocumentedRequest, credentials: Any) -> Attempt:
    variation = credentials(documented)
    return documented.changed(variation.changes, way=variation.way)


@when(parse("it is sent with {flaw:SecretFlaw}"), target_fixture="attempt")
def sent_with_flawed_secret(documented: DocumentedRequest, flaw: Any) -> Attempt:
    return documented.changed(flaw(documented.by.client_secret))


@when(
    parse("it is sent with {header:Half} in the Authorization header and {body:Half} in the body"),
    target_fixture="attempt",
)
def sent_with_two_methods(documented: DocumentedRequest, header: Any, body: Any) -> Attempt:
    client, secret = documented.by, documented.by.client_secret
    _, headers = authentication(in_header(client, header(secret)))
    in_body = replace(client, auth_method="client_secret_post", client_secret=Secret(body(secret)))
    return documented.changed({}, in_body, headers=headers)


@when(
    parse(
        "it is sent with {client:Client} in the Authorization header and the client ID of {other:Client} in the body"
    ),
    target_fixture="attempt",
)
def sent_as_another(documented: DocumentedRequest, cast: Cast, client: Any, other: Any) -> Attempt:
    caller = client(cast)
    return documented.changed({"client_id": other(cast).client_id}, in_header(caller, caller.client_secret))


@when(parse("that client sends it with the client ID of {other:Client} in the body"), target_fixture="attempt")
def sent_by_own_client_as_another(documented: DocumentedRequest, cast: Cast, own_client: Client, other: Any) -> Attempt:
    return documented.changed({"client_id": other(cast).client_id}, own_client)


@when(parse("it is sent with the client IDs of {first:Client} and {second:Client}"), target_fixture="attempt")
def sent_with_two_client_ids(documented: DocumentedRequest, cast: Cast, first: Any, second: Any) -> Attempt:
    return documented(client_id=[first(cast).client_id, second(cast).client_id])


@when("it is sent by an unknown client and with a wrong secret", target_fixture="attempts")
def sent_by_unknown_client(documented: DocumentedRequest, unknown_name: str) -> list[Attempt]:
    wrong = nearly(documented.by.client_secret)
    return [documented(client_id=unknown_name), documented(client_secret=wrong)]


@when("it is sent with a wrong secret in the Authorization header", target_fixture="attempt")
def sent_with_wrong_header(documented: DocumentedRequest) -> Attempt:
    return documented.changed({}, in_header(documented.by, nearly(documented.by.client_secret)))


@then("the caller learns nothing about the user's token")
def caller_learns_nothing(attempt: Attempt) -> None:
    client_authentication.caller_learns_nothing(attempt.answer)


@then("the documented introspection request is granted")
def introspection_control(oauth: OAuth, cast: Cast, subject_token: str) -> None:
    introspection.still_active(oauth.introspect(subject_token, by=cast.application))


@then("that client's password request is granted")
def own_request_granted(documented: DocumentedRequest) -> None:
    token_response.user_token_granted(documented().answer)


@then(parse("{header:Half} and {body:Half} together are refused"))
def one_method(attempt: Attempt, header: Any, body: Any) -> None:
    both_right = [header(""), body("")] == ["", ""]
    client_authentication.one_method(attempt.answer, both_right=both_right)


@then(parse("it is refused, or {client:Client} alone acts"))
def acts_as_itself(oauth: OAuth, cast: Cast, documented: DocumentedRequest, attempt: Attempt, client: Any) -> None:
    views = _views(oauth, attempt, client(cast), documented.by, cast.application)
    client_authentication.acts_as_itself(attempt.answer, views, _claims(attempt), client(cast).client_id)


@then("it is refused, or that client alone acts")
def own_client_acts(
    oauth: OAuth, cast: Cast, documented: DocumentedRequest, attempt: Attempt, own_client: Client
) -> None:
    views = _views(oauth, attempt, own_client, documented.by, cast.application)
    client_authentication.acts_as_itself(attempt.answer, views, _claims(attempt), own_client.client_id)


@then("neither the client nor its exchange is accepted")
def stranger_refused(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, refusal.E_NEW_AGENT)


@then("both refusals are alike")
def refused_alike(documented: DocumentedRequest, attempts: list[Attempt], unknown_name: str) -> None:
    unknown, wrong = attempts
    client_authentication.told_alike(unknown.answer, wrong.answer, [unknown_name, documented.by.client_id])


@then("it is refused with a challenge")
def challenged(attempt: Attempt) -> None:
    client_authentication.challenged(attempt.answer)


def _views(oauth: OAuth, attempt: Attempt, *clients: Client) -> list[Answer]:
    return [oauth.introspect(attempt.token, by=client) for client in clients if attempt.token]


def _claims(attempt: Attempt) -> dict[str, Any] | None:
    return claims_of(attempt.token or "")
