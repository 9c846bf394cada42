"""Refusals that don't look like refusals, or tell what they should keep to themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reference_server.defects.registry import defect
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import OAuthError, invalid_exchange
from reference_server.oauth.form import Form
from reference_server.oauth.http import OAuthAnswer
from reference_server.oauth.token_issuer import new_id
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

SPECIFIC = {"invalid_client", "invalid_grant", "invalid_scope", "unauthorized_client", "unsupported_grant_type"}


@defect(
    "error-200-body",
    "OBO-ERR-01",
    wrong="refusals have status 200",
    family="protocol",
)
@in_each_realm
def error_200_body(server: AuthorizationServer) -> None:
    original = server.answers.refusal
    server.answers.refusal = lambda error: replace(original(error), status=200)


@defect(
    "error-body-has-token",
    "OBO-ERR-01",
    wrong="the refusal of a scope comes with an access token",
    family="protocol",
)
@in_each_realm
def error_body_has_token(server: AuthorizationServer) -> None:
    original = server.answers.refusal

    def refusal(error: OAuthError) -> OAuthAnswer:
        answer = original(error)
        token = {"access_token": new_id()} if error.error == "invalid_scope" else {}
        return replace(answer, body={**answer.body, **token})

    server.answers.refusal = refusal


@defect(
    "wrong-error-code",
    "OBO-ERR-02",
    wrong="whatever is wrong, the code is invalid_request",
    family="protocol",
    warning=True,
)
@in_each_realm
def wrong_error_code(server: AuthorizationServer) -> None:
    original = server.answers.refusal

    def refusal(error: OAuthError) -> OAuthAnswer:
        answer = original(error)
        return replace(answer, body={**answer.body, "error": "invalid_request"}) if error.error in SPECIFIC else answer

    server.answers.refusal = refusal


@defect(
    "error-leaks-policy",
    "OBO-ERR-03",
    wrong="a refusal says that the user is neither a subject nor in a subject group",
    family="protocol",
    warning=True,
)
@in_each_realm
def error_leaks_policy(server: AuthorizationServer) -> None:
    original = server.privileges.grant

    def grant(agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        try:
            return original(agent, subject, audience, requested)
        except OAuthError as refusal:
            if refusal.description == invalid_exchange().description:
                refusal.description = (
                    f"User {subject.subject} is neither a subject nor in a subject group of {audience}"
                )
            raise

    server.privileges.grant = grant


@defect(
    "secret-echoed-in-error",
    "OBO-ERR-03",
    wrong="the refusal of an exchange repeats client_secret and subject_token",
    family="protocol",
    warning=True,
)
@in_each_realm
def secret_echoed_in_error(server: AuthorizationServer) -> None:
    original = server.token_exchange.answer

    def answer(client: Client, form: Form) -> dict[str, Any]:
        try:
            return original(client, form)
        except OAuthError as refusal:
            secrets = [f"{name}={form.text(name)}" for name in ("client_secret", "subject_token")]
            refusal.description += f" ({'&'.join(secrets)})"
            raise

    server.token_exchange.answer = answer
