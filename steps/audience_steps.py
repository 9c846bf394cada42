"""Sentences about audience: whom an exchange is asked for, and whom the token is for (RFC 8693 section 2.1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.tenant.actors import Application
from fixtures.tenant.errors import offered
from fixtures.tenant.oauth import OAuth
from steps import phrases
from steps.checks import audience
from steps.checks.evidence import bare
from steps.own_application import OwnApplications
from steps.requests import Attempt, DocumentedRequest, Witnessing

UNKNOWN_AUDIENCES: dict[str, Callable[[tuple[Cast, dict[str, Any]]], str]] = {
    '"no-such-app"': lambda _: "no-such-app",
    '"https://api.internal/admin"': lambda _: "https://api.internal/admin",
    "the user's UUID": lambda known: str(bare(known[1].get("sub"))),
    "the AI agent's own client ID": lambda known: known[0].agent.client_id,
    "the issuer's URL": lambda known: str(known[1].get("iss", "https://issuer.example")),
}
"""What is no application, given the cast and what introspection says of a user's token."""
NEAR_CLIENT_IDS: dict[str, Callable[[str], str]] = {
    '"2" behind it': lambda name: f"{name}2",
    "its last character cut off": lambda name: name[:-1],
    "its case changed": str.swapcase,
    "a space before it": lambda name: f" {name}",
    "a space behind it": lambda name: f"{name} ",
    '"/" behind it': lambda name: f"{name}/",
    '"#" behind it': lambda name: f"{name}#",
    '"%00" behind it': lambda name: f"{name}%00",
    "a null character behind it": lambda name: f"{name}\0",
}
AUDIENCES: dict[str, Callable[[Cast], str]] = {
    "the application": lambda cast: cast.application.client_id,
    "the second application": lambda cast: cast.second_application.client_id,
    "an unknown application": lambda _: "no-such-app",
}
RESOURCES: dict[str, Callable[[Cast], str | None]] = {
    **AUDIENCES,
    '"https://q.example"': lambda _: "https://q.example",
    '"https://q.example/#fragment"': lambda _: "https://q.example/#fragment",
    '"relative"': lambda _: "relative",
}
SPELLINGS: dict[str, Callable[[tuple[str, str]], str]] = {
    "separated by a space": " ".join,
    "separated by a comma": ",".join,
    "as a JSON list": json.dumps,
}
TYPES = phrases.TYPES | {
    "UnknownAudience": phrases.one_of(UNKNOWN_AUDIENCES),
    "NearClientId": phrases.one_of(NEAR_CLIENT_IDS),
    "Audience": phrases.one_of(AUDIENCES),
    "MaybeAudience": phrases.one_of({"no audience": lambda _: None, **AUDIENCES}),
    "Resource": phrases.one_of(RESOURCES),
    "Spelling": phrases.one_of(SPELLINGS),
}
parse = partial(phrases.parse, extra_types=TYPES)


@given(
    parse("another application of its own, whose client ID is like that one's with {near:NearClientId}"),
    target_fixture="near_application",
)
def near_application(own_applications: OwnApplications, near: Any) -> Application:
    return own_applications.create(near("own-web-app"), ["read-data"])


@when(parse("it is sent to {unknown:UnknownAudience}, which is no application"), target_fixture="attempt")
def sent_to_unknown(oauth: OAuth, cast: Cast, documented: DocumentedRequest, unknown: Any) -> Attempt:
    seen = oauth.introspect(documented.fields["subject_token"], by=cast.application)
    return documented(audience=unknown((cast, seen.members)))


@when(parse("it is sent to the application's client ID with {near:NearClientId}"), target_fixture="attempt")
def sent_to_near_miss(documented: DocumentedRequest, near: Any) -> Attempt:
    name = documented.fields["audience"]
    return documented(audience=offered({near(name)} - {name}, "the client ID has no letters").pop())


@when("it is sent to the other application", target_fixture="attempt")
def sent_to_other(documented: DocumentedRequest, near_application: Application) -> Attempt:
    return documented(audience=near_application.client_id)


@when(parse("it is sent to {first:Audience} and {second:Audience}"), target_fixture="attempt")
def sent_to_both(documented: DocumentedRequest, cast: Cast, first: Any, second: Any) -> Attempt:
    return documented(audience=[first(cast), second(cast)])


@when(
    parse("it is sent to {first:Audience} and {second:Audience} in one value, {spelling:Spelling}"),
    target_fixture="attempt",
)
def sent_to_both_in_one(documented: DocumentedRequest, cast: Cast, first: Any, second: Any, spelling: Any) -> Attempt:
    return documented(audience=spelling((first(cast), second(cast))))


@when(parse("it is sent to {name:MaybeAudience} and the resource {resource:Resource}"), target_fixture="attempt")
def sent_with_resource(documented: DocumentedRequest, cast: Cast, name: Any, resource: Any) -> Attempt:
    return documented(audience=name(cast), resource=resource(cast))


@when("an AI agent without a privilege sends it to the application as the resource alone", target_fixture="attempt")
def unprivileged_sends_resource(documented: DocumentedRequest, cast: Cast) -> Attempt:
    application = cast.application.client_id
    return documented(by=cast.unprivileged_agent, audience=None, resource=application)


@then(parse("the token is for {client:Client} alone"))
def addressed_to(witnessed: Witnessing, attempt: Attempt, cast: Cast, client: Any) -> None:
    audience.addressed_to(witnessed(attempt), client(cast).client_id, attempt.by.client_id)


@then("that audience is refused, or ignored")
def unknown_audience(witnessed: Witnessing, attempt: Attempt) -> None:
    audience.unknown_audience(witnessed(attempt), _asked(attempt))


@then("it is not taken for an application")
def compared_whole(witnessed: Witnessing, attempt: Attempt, documented: DocumentedRequest, cast: Cast) -> None:
    names = [documented.fields["audience"], *cast.applications_beyond_privilege]
    audience.compared_whole(witnessed(attempt), _asked(attempt), names)


@then("it is refused, or the token is for the application alone")
def addressed_within(witnessed: Witnessing, attempt: Attempt, cast: Cast) -> None:
    audience.addressed_within(witnessed(attempt), [cast.application.client_id, attempt.by.client_id])


@then("it is refused, or the token is for no application")
def addressed_to_nobody(witnessed: Witnessing, attempt: Attempt) -> None:
    audience.addressed_within(witnessed(attempt), [attempt.by.client_id])


def _asked(attempt: Attempt) -> str:
    """The audience that was sent."""
    return dict(attempt.answer.request.form or ())["audience"]
