"""Sentences about how requests are sent - query, repetition, encoding, odd bodies - and how answers are kept."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant.actors import AuthMethod, Secret
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.form_sending import repeated, unencoded, with_in_query
from fixtures.tenant.http import attempted
from fixtures.tenant.naming import new_client_secret, new_password
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD
from fixtures.tenant.urls import host_of, is_loopback, over_plain_http
from fixtures.tenant.workshop import Workshop
from steps.checks import hygiene
from steps.requests import Attempt, DocumentedRequest
from steps.variations import MANY, parse

SPECIAL_CHARACTERS = '+ &=%41:é空"\\'
"""What a form, a header or JSON has to encode; `%41` would be an A if it were decoded twice."""
SPECIAL_SCOPE = "a+b&c=d%41:e"
Outcome = tuple[Answer | None, float]


@given("the password request of a user whose password has special characters", target_fixture="documented")
def request_with_special_password(
    oauth: OAuth, workshop: Workshop, cast: Cast, scopes: ScopeNames, wait_until_effective: Waiting
) -> DocumentedRequest:
    with workshop.making("password with special characters"):
        user = workshop.create_user("own-user", password=Secret(f"{new_password()}{SPECIAL_CHARACTERS}"))
    request = DocumentedRequest(partial(oauth.password, user), cast.application, {"scope": scopes("openid")})
    wait_until_effective(request, lambda attempt: attempt.token)
    return request


@given(
    parse("the password request of a client whose secret and scope have special characters, by {method:w}"),
    target_fixture="documented",
)
def request_with_special_secret(
    oauth: OAuth, workshop: Workshop, cast: Cast, wait_until_effective: Waiting, method: AuthMethod
) -> DocumentedRequest:
    secret = Secret(f"{new_client_secret()}{SPECIAL_CHARACTERS}")
    settings: dict[str, Any] = {"grants": [PASSWORD], "scopes": [SPECIAL_SCOPE], "auth_method": method}
    with workshop.making("client secret or scope with special characters"):
        client = workshop.create_client("own-special-client", client_secret=secret, **settings)
    request = DocumentedRequest(partial(oauth.password, cast.end_user), client, {"scope": SPECIAL_SCOPE})
    wait_until_effective(request, lambda attempt: attempt.token)
    return request


@given("a tenant that is reached over a network")
def reached_over_a_network(oauth: OAuth) -> None:
    offered(not is_loopback(host_of(oauth.endpoints.token)), "the tenant is at a loopback address, which needs no TLS")


@when(parse("it is sent {way:Way}"), target_fixture="attempt")
def sent_in_another_way(documented: DocumentedRequest, way: Any) -> Attempt:
    return documented.changed({}, way=way)


@when("it is sent with the client secret in the query", target_fixture="attempt")
def sent_with_secret_in_query(documented: DocumentedRequest) -> Attempt:
    return documented.changed({}, way=with_in_query("client_secret"))


@when(parse('it is sent with "{parameter}" twice'), target_fixture="attempt")
def sent_with_repetition(documented: DocumentedRequest, parameter: str) -> Attempt:
    return documented.changed({}, way=repeated(parameter))


@when(parse('it is sent with another "{parameter}" behind, and before, the right one'), target_fixture="attempts")
def sent_with_contradiction(documented: DocumentedRequest, parameter: str) -> list[Attempt]:
    ways = [repeated(parameter, "x"), repeated(parameter, "x", before=True)]
    return [documented.changed({}, way=way) for way in ways]


@when(parse('it is sent with "{parameter}" empty, and without it'), target_fixture="attempts")
def sent_empty_and_without(documented: DocumentedRequest, parameter: str) -> list[Attempt]:
    return [documented.changed({parameter: value}) for value in ("", None)]


@when("it is sent unencoded", target_fixture="attempt")
def sent_unencoded(documented: DocumentedRequest) -> Attempt:
    return documented.changed({}, way=unencoded)


@when(parse("it is sent {oddity:Oddity}"), target_fixture="outcome")
def sent_odd(documented: DocumentedRequest, oddity: Any) -> Outcome:
    variation = oddity(documented.fields["subject_token"])
    return attempted(lambda: documented.changed(variation.changes, way=variation.way).answer)


@when("it is sent with a thousand unknown parameters", target_fixture="outcome")
def sent_with_many_parameters(documented: DocumentedRequest) -> Outcome:
    unknown = {f"unknown-{number}": "x" for number in range(MANY)}
    return attempted(lambda: documented.changed(unknown).answer)


@when(parse("the {endpoint:w} endpoint is asked over plain HTTP, without credentials"), target_fixture="outcome")
def asked_over_plain_http(oauth: OAuth, endpoint: str) -> Outcome:
    url = getattr(oauth.endpoints, endpoint)
    return attempted(lambda: oauth.http.send("POST", over_plain_http(url), form=()))


@then("neither a token nor anything about one comes")
def not_served(attempt: Attempt) -> None:
    hygiene.not_served(attempt.answer)


@then("it should be refused for its client secret in the query")
def secret_in_query(attempt: Attempt) -> None:
    hygiene.secret_in_query(attempt.answer)


@then("the answer is not to be kept in a cache")
def not_cached(attempt: Attempt) -> None:
    hygiene.not_cached(attempt.answer)


@then(parse('the repeated "{parameter}" should be refused'))
def repetition_refused(attempt: Attempt, parameter: str) -> None:
    hygiene.repeated(attempt.answer, parameter)


@then(parse('two values of "{parameter}" are refused'))
def contradiction_refused(attempts: list[Attempt], parameter: str) -> None:
    for attempt in attempts:
        hygiene.contradicting(attempt.answer, parameter)


@then("the unknown parameter is ignored")
def unknown_ignored(attempt: Attempt) -> None:
    hygiene.unknown_ignored(attempt.answer)


@then(parse('"{parameter}" without a value counts as absent'))
def counts_as_absent(attempts: list[Attempt], parameter: str) -> None:
    empty, absent = attempts
    hygiene.counts_as_absent(empty.answer, absent.answer, parameter)


@then("the special characters are understood")
def understood(attempt: Attempt) -> None:
    hygiene.understood(attempt.answer)


@then("the special characters of the scope are understood")
def scope_understood(attempt: Attempt) -> None:
    hygiene.scope_understood(attempt.answer, attempt.asked)


@then("the special characters are not understood")
def not_understood(attempt: Attempt) -> None:
    hygiene.not_understood(attempt.answer)


@then("it should be refused cleanly")
def cleanly_refused(outcome: Outcome) -> None:
    hygiene.cleanly_refused(*outcome)


@then("it should be refused cleanly or they are ignored")
def cleanly_refused_or_ignored(outcome: Outcome) -> None:
    hygiene.cleanly_refused(*outcome, ignorable=True)


@then("nothing is served without encryption")
def encrypted_only(outcome: Outcome) -> None:
    hygiene.encrypted_only(outcome[0])
