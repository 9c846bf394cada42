"""Answers: how token answers and HTTP messages are put (RFC 6749 section 5.1, RFC 8259, RFC 9110)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.middleware.gzip import GZipMiddleware

from reference_server.moods.registry import mood
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.form import REPEATABLE, Form
from reference_server.oauth.http import OAuthAnswer, OAuthRequest
from reference_server.planting import in_each_realm

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

Answer = dict[str, Any]
Header = tuple[bytes, bytes]


def change_token_answers(server: AuthorizationServer, change: Callable[[Form, Answer], Answer]) -> None:
    """Change what every grant answers."""
    for grant in server.token_endpoint.grants.values():
        grant.answer = _changed(grant.answer, change)  # type: ignore[assignment]


def _changed(
    answer: Callable[[Client, Form], Answer], change: Callable[[Form, Answer], Answer]
) -> Callable[[Client, Form], Answer]:
    return lambda client, form: change(form, answer(client, form))


def change_headers(server: AuthorizationServer, changed: Mapping[bytes, bytes | None]) -> None:
    """Send headers with other values, or not at all."""
    headers = server.answers.headers

    def sent(answer: OAuthAnswer) -> list[Header]:
        new = [(name, changed.get(name, value)) for name, value in headers(answer)]
        return [(name, value) for name, value in new if value is not None]

    server.answers.headers = sent


@mood("lower-case-bearer", differs="token_type is bearer", allowed_by="RFC 6749 section 5.1 (case insensitive)")
@in_each_realm
def lower_case_bearer(server: AuthorizationServer) -> None:
    change_token_answers(server, lambda _, answer: answer | {"token_type": answer["token_type"].lower()})
    active = server.introspection.active
    server.introspection.active = lambda token: active(token) | {"token_type": "bearer"}


@mood(
    "scope-left-out",
    differs="a token answer has no scope where it is the one asked for",
    allowed_by="RFC 6749 section 5.1 (OPTIONAL if identical)",
)
@in_each_realm
def scope_left_out(server: AuthorizationServer) -> None:
    def change(form: Form, answer: Answer) -> Answer:
        same = set((form.text("scope") or "").split()) == set(answer["scope"].split())
        return {name: value for name, value in answer.items() if name != "scope" or not same}

    change_token_answers(server, change)


@mood("scopes-sorted", differs="scopes are named in reverse order", allowed_by="RFC 6749 section 3.3")
@in_each_realm
def scopes_sorted(server: AuthorizationServer) -> None:
    change_token_answers(server, lambda _, answer: answer | {"scope": _reverse(answer["scope"])})
    active = server.introspection.active
    server.introspection.active = lambda token: active(token) | {"scope": _reverse(" ".join(token.scopes))}


def _reverse(scope: str) -> str:
    return " ".join(sorted(scope.split(), reverse=True))


@mood("rich-token-answers", differs="token answers have members of the vendor's", allowed_by="RFC 6749 section 5.1")
@in_each_realm
def rich_token_answers(server: AuthorizationServer) -> None:
    more = {"ext_expires_in": 3599, "not-before-policy": 0, "session_state": "s-1", "resource": None}
    change_token_answers(server, lambda _, answer: {**more, **answer})


@mood("full-expires-in", differs="expires_in is the whole lifetime", allowed_by="RFC 6749 section 5.1; aic-api F21")
@in_each_realm
def full_expires_in(server: AuthorizationServer) -> None:
    change_token_answers(server, lambda _, answer: answer | {"expires_in": answer["expires_in"] + 1})


@mood(
    "no-refresh-tokens",
    differs="no grant gives a refresh token: the member is null",
    allowed_by="RFC 6749 section 5.1 (OPTIONAL)",
)
@in_each_realm
def no_refresh_tokens(server: AuthorizationServer) -> None:
    change_token_answers(server, lambda _, answer: answer | {"refresh_token": None})


@mood(
    "refresh-tokens-kept",
    differs="the refresh grant gives no new refresh token, and the old one stays good",
    allowed_by="RFC 6749 section 6",
)
@in_each_realm
def refresh_tokens_kept(server: AuthorizationServer) -> None:
    server.refresh.rotated = lambda token, authorization: token.value


@mood(
    "other-headers",
    differs="Cache-Control has further directives, there is no Pragma, the content type names no charset",
    allowed_by="RFC 9111 section 5.2.2, RFC 8259 section 11",
)
@in_each_realm
def other_headers(server: AuthorizationServer) -> None:
    cache = b"private, No-Store, max-age=0, must-revalidate"
    change_headers(server, {b"cache-control": cache, b"pragma": None, b"content-type": b"application/json"})


@mood(
    "quoted-charset",
    differs='the content type is Application/JSON; charset="utf-8"',
    allowed_by="RFC 9110 sections 8.3.1 and 8.3.2",
)
@in_each_realm
def quoted_charset(server: AuthorizationServer) -> None:
    change_headers(server, {b"content-type": b'Application/JSON; charset="utf-8"'})


@mood(
    "errors-may-be-cached",
    differs="refusals have no Cache-Control",
    allowed_by="RFC 6749 section 5.1 (of answers with tokens); OBO-HYG-02",
)
@in_each_realm
def errors_may_be_cached(server: AuthorizationServer) -> None:
    headers = server.answers.headers

    def sent(answer: OAuthAnswer) -> list[Header]:
        issued = "error" not in answer.body
        return [header for header in headers(answer) if issued or header[0] not in (b"cache-control", b"pragma")]

    server.answers.headers = sent


@mood(
    "json-spelt-differently",
    differs="JSON is indented, its members are sorted, and its strings are full of escapes",
    allowed_by="RFC 8259 sections 2, 4 and 7",
)
@in_each_realm
def json_spelt_differently(server: AuthorizationServer) -> None:
    def body(answer: OAuthAnswer) -> bytes:
        return (
            json.dumps(answer.body, indent=2, sort_keys=True).replace("/", "\\/").replace("act", "\\u0061ct").encode()
        )

    server.answers.body = body


@mood("compressed", differs="a gateway compresses the answers", allowed_by="RFC 9110 section 8.4")
def compressed(tenant: Tenant) -> None:
    tenant.gateways.append(partial(GZipMiddleware, minimum_size=1))


@mood(
    "empty-revocation-answer",
    differs="the answer to a revocation has no body",
    allowed_by="RFC 7009 section 2.2",
)
@in_each_realm
def empty_revocation_answer(server: AuthorizationServer) -> None:
    body = server.answers.body
    server.answers.body = lambda answer: body(answer) if answer.body else b""


@mood(
    "identical-repeats-taken",
    differs="a parameter that is repeated with the same value counts once",
    allowed_by="OBO-HYG-03 (a warning)",
)
@in_each_realm
def identical_repeats_taken(server: AuthorizationServer) -> None:
    check_repetitions = server.form_reader.check_repetitions

    def check(parameters: Mapping[str, list[str]]) -> None:
        for name, values in parameters.items():
            if name not in REPEATABLE:
                values[:] = dict.fromkeys(values)
        check_repetitions(parameters)

    server.form_reader.check_repetitions = check


@mood(
    "basic-as-well",
    differs="a confidential client may authenticate by Basic as well as in the form",
    allowed_by="RFC 6749 section 2.3.1; OBO-2.2-04 (a warning)",
)
@in_each_realm
def basic_as_well(server: AuthorizationServer) -> None:
    is_registered = server.authentication.method_is_registered
    server.authentication.method_is_registered = lambda client, method: (
        is_registered(client, method) or (not client.is_public and method != "none")
    )


@mood(
    "get-not-found",
    differs="a GET of an endpoint that serves POST alone is 404",
    allowed_by="OBO-HYG-01",
)
@in_each_realm
def get_not_found(server: AuthorizationServer) -> None:
    answer = server.answer

    def answering(path: str, request: OAuthRequest) -> OAuthAnswer:
        answered = answer(path, request)
        return OAuthAnswer({"message": "Not Found"}, 404) if answered.status == 405 else answered

    server.answer = answering
