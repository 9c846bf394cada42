"""Requests read otherwise than they are meant, and answers with too much or too little in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from reference_server.defects.registry import defect
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import OAuthError, invalid_request
from reference_server.oauth.form import REPEATABLE, Form
from reference_server.oauth.http import OAuthAnswer, OAuthRequest
from reference_server.oauth.token_issuer import Authorization
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

FORM = (b"content-type", b"application/x-www-form-urlencoded")
JSON = "application/json"

KNOWN_PARAMETERS = {
    *("grant_type", "scope", "client_id", "client_secret", "username", "password", "refresh_token"),
    *("subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type"),
    *("audience", "resource", "token", "token_type_hint", "access_token", "request", "auth_req_id"),
}


@defect(
    "refresh-token-on-exchange",
    "OBO-4.2X-03",
    wrong="a refresh token comes with the exchanged token, and the agent can use it",
    family="protocol",
    core=True,
    warning=True,
)
@in_each_realm
def refresh_token_on_exchange(server: AuthorizationServer) -> None:
    client_has, authorization = server.token_endpoint.client_has, server.refresh.authorization
    granted_scopes = server.refresh.granted_scopes

    def may_use(client: Client, grant_type: str) -> bool:
        return client_has(client, grant_type) or (client.is_agent and grant_type == terms.REFRESH_TOKEN)

    def renewed(client: Client, token: Token, scopes: tuple[str, ...]) -> Authorization:
        same = authorization(client, token, scopes)
        return same if token.actor is None else replace(same, audience=tuple(token.audience), actor=token.actor)

    def granted(client: Client, token: Token, text: str | None) -> tuple[str, ...]:
        if token.actor is None:
            return granted_scopes(client, token, text)
        return server.scopes.grant(token.scopes, server.scopes.parse(text or "") or token.scopes)

    server.token_exchange.refresh_token = lambda authorization: server.issuer.refresh_token(authorization).value
    server.token_endpoint.client_has = may_use
    server.refresh.authorization = renewed
    server.refresh.granted_scopes = granted


@defect(
    "duplicate-param-last-wins",
    "OBO-CLA-04",
    "OBO-HYG-03",
    wrong="of a repeated parameter the last value counts",
    family="protocol",
    core=True,
)
@in_each_realm
def duplicate_param_last_wins(server: AuthorizationServer) -> None:
    def keep_last(parameters: Mapping[str, list[str]]) -> None:
        for name, values in parameters.items():
            if name not in REPEATABLE:
                del values[:-1]

    server.form_reader.check_repetitions = keep_last


@defect(
    "cache-control-missing",
    "OBO-HYG-02",
    wrong="answers have no Cache-Control",
    family="protocol",
    core=True,
)
@in_each_realm
def cache_control_missing(server: AuthorizationServer) -> None:
    original = server.answers.headers

    def headers(answer: OAuthAnswer) -> list[tuple[bytes, bytes]]:
        return [header for header in original(answer) if header[0] != b"cache-control"]

    server.answers.headers = headers


@defect(
    "grant-type-loose-match",
    "OBO-4.1T-06",
    wrong="grant_type is compared without case, and the last part of a URN is enough",
    family="protocol",
)
@in_each_realm
def grant_type_loose_match(server: AuthorizationServer) -> None:
    original = server.token_endpoint.grant_type

    def grant_type(form: Form) -> str:
        asked = (form.text("grant_type") or "").lower()
        meant = next((name for name in server.token_endpoint.grants if asked in (name, name.rpartition(":")[2])), "")
        return meant if server.token_endpoint.provider_has(meant) else original(form)

    server.token_endpoint.grant_type = grant_type


@defect(
    "grant-type-defaulted",
    "OBO-4.1T-06",
    wrong="without a grant_type the password grant is meant",
    family="protocol",
)
@in_each_realm
def grant_type_defaulted(server: AuthorizationServer) -> None:
    original = server.token_endpoint.grant_type
    server.token_endpoint.grant_type = lambda form: original(form) if form.text("grant_type") else terms.PASSWORD


@defect(
    "token-endpoint-get",
    "OBO-HYG-01",
    wrong="the token endpoint serves GET with the form in the query",
    family="protocol",
)
@in_each_realm
def token_endpoint_get(server: AuthorizationServer) -> None:
    methods, post = server.endpoints["/access_token"]

    def answer(request: OAuthRequest) -> Mapping[str, Any]:
        if request.method == "POST":
            return post(request)
        return post(replace(request, headers=(*request.headers, FORM), body=request.query))

    server.endpoints["/access_token"] = ((*methods, "GET"), answer)


@defect(
    "query-params-merged",
    "OBO-HYG-01",
    wrong="parameters of the query count like those of the form",
    family="protocol",
)
@in_each_realm
def query_params_merged(server: AuthorizationServer) -> None:
    original = server.form_reader.pairs

    def pairs(request: OAuthRequest) -> Iterable[tuple[str, str]]:
        return [*original(request), *parse_qsl(request.query.decode("latin-1"))]

    server.form_reader.pairs = pairs


@defect(
    "unknown-param-rejected",
    "OBO-HYG-04",
    wrong="a parameter that the server does not know is refused",
    family="protocol",
)
@in_each_realm
def unknown_param_rejected(server: AuthorizationServer) -> None:
    original = server.form_reader.check_repetitions

    def check(parameters: Mapping[str, list[str]]) -> None:
        if not KNOWN_PARAMETERS.issuperset(parameters):
            raise invalid_request("Unknown parameter")
        original(parameters)

    server.form_reader.check_repetitions = check


@defect(
    "empty-param-is-value",
    "OBO-HYG-04",
    wrong="a parameter without a value is not absent but empty, so that an empty actor_token is a bad one",
    family="protocol",
)
@in_each_realm
def empty_param_is_value(server: AuthorizationServer) -> None:
    server.form_reader.present = lambda values: values


@defect(
    "form-decoding-wrong",
    "OBO-HYG-05",
    wrong="values are decoded twice",
    family="protocol",
)
@in_each_realm
def form_decoding_wrong(server: AuthorizationServer) -> None:
    original = server.form_reader.pairs
    server.form_reader.pairs = lambda request: [(name, unquote_plus(value)) for name, value in original(request)]


@defect(
    "unhandled-exception-500",
    "OBO-HYG-06",
    wrong="a form that can't be decoded, or has too many parameters, ends in an exception",
    family="protocol",
    warning=True,
)
@in_each_realm
def unhandled_exception_500(server: AuthorizationServer) -> None:
    original = server.form_reader.pairs

    def pairs(request: OAuthRequest) -> Iterable[tuple[str, str]]:
        try:
            return original(request)
        except OAuthError as refusal:
            raise ValueError(refusal.description) from refusal

    server.form_reader.pairs = pairs


@defect(
    "json-body-accepted",
    "OBO-HYG-06",
    wrong="a JSON object is taken for a form",
    family="protocol",
    warning=True,
)
@in_each_realm
def json_body_accepted(server: AuthorizationServer) -> None:
    check_content_type, pairs = server.form_reader.check_content_type, server.form_reader.pairs

    def is_json(request: OAuthRequest) -> bool:
        return (request.header(b"content-type") or "").partition(";")[0].strip().lower() == JSON

    def check(request: OAuthRequest) -> None:
        if not is_json(request):
            check_content_type(request)

    def members(request: OAuthRequest) -> Iterable[tuple[str, str]]:
        if not is_json(request):
            return pairs(request)
        try:
            return [(name, value) for name, value in json.loads(request.body).items() if isinstance(value, str)]
        except (ValueError, AttributeError, RecursionError):
            raise invalid_request("Malformed JSON") from None

    server.form_reader.check_content_type = check
    server.form_reader.pairs = members
