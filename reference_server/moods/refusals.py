"""Refusals: the same no in another of the ways that RFC 6749 section 5.2 and its extensions leave open."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from reference_server.moods.registry import mood
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import OAuthError, invalid_audience, invalid_exchange, unsupported_grant_type
from reference_server.oauth.form import Form
from reference_server.oauth.http import OAuthAnswer
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

P = ParamSpec("P")
R = TypeVar("R")
Refused = Callable[[OAuthError], OAuthError]


def refusing(rule: Callable[P, R], change: Refused) -> Callable[P, R]:
    """The same rule, whose refusals are changed."""

    def applied(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return rule(*arguments, **named)
        except OAuthError as refusal:
            raise change(refusal) from None

    return applied


def told(error: str, status: int = 400, *, instead_of: tuple[str, ...]) -> Refused:
    """Refusals with one of these codes get another code and status."""

    def change(refusal: OAuthError) -> OAuthError:
        if refusal.error not in instead_of:
            return refusal
        return OAuthError(error, refusal.description, status, challenge=refusal.challenge)

    return change


def change_refusals(server: AuthorizationServer, change: Refused) -> None:
    """Change what every endpoint of a realm answers to a request that it refuses."""
    refusal = server.answers.refusal
    server.answers.refusal = lambda error: refusal(change(error))


def change_policy(server: AuthorizationServer, error: str, status: int = 400) -> None:
    """Change what an agent learns where no privilege covers application or user."""
    change = told(error, status, instead_of=(invalid_audience().error, invalid_exchange().error))
    server.privileges.grant = refusing(server.privileges.grant, change)


def change_subject(server: AuthorizationServer, error: str, status: int = 400) -> None:
    """Change what an agent learns of a subject token that is no good; one that is missing stays a malformed request."""
    tokens = server.exchange_tokens
    judged = refusing(tokens.subject, told(error, status, instead_of=(invalid_exchange().error,)))

    def subject(form: Form) -> Token:
        form.required("subject_token")
        form.required("subject_token_type")
        return judged(form)

    tokens.subject = subject


@mood(
    "invalid-client-401",
    differs="invalid_client is a 401 also where the credentials came in the form",
    allowed_by="RFC 6749 section 5.2, RFC 7662 section 2.3",
)
@in_each_realm
def invalid_client_401(server: AuthorizationServer) -> None:
    change_refusals(server, told("invalid_client", 401, instead_of=("invalid_client",)))


@mood(
    "unauthorized-client-401",
    differs="a client that does not authenticate is unauthorized_client, 401",
    allowed_by="RFC 6749 section 5.2; vendors",
)
@in_each_realm
def unauthorized_client_401(server: AuthorizationServer) -> None:
    change_refusals(server, told("unauthorized_client", 401, instead_of=("invalid_client",)))


@mood(
    "invalid-client-403",
    differs="a client that does not authenticate is refused with 403, except after an Authorization header",
    allowed_by="vendors",
)
@in_each_realm
def invalid_client_403(server: AuthorizationServer) -> None:
    change = told("invalid_client", 403, instead_of=("invalid_client",))
    change_refusals(server, lambda refusal: refusal if refusal.challenge else change(refusal))


def _policy(error: str, status: int = 400, *, also: str = "", allowed_by: str) -> None:
    """A mood in which what no privilege covers is refused with this code and status."""

    @mood(
        f"policy-{error.replace('_', '-')}",
        differs=f"what no privilege covers is {error}{also and f', also where it is the {also}'}",
        allowed_by=allowed_by,
    )
    @in_each_realm
    def plant(server: AuthorizationServer) -> None:
        change_policy(server, error, status)


_policy("access_denied", 403, allowed_by="RFC 8693 section 2.2.2; the guide names no answer")
_policy("invalid_target", also="user", allowed_by="RFC 8693 section 2.2.2")
_policy("invalid_grant", allowed_by="RFC 6749 section 5.2; the guide names no answer")
_policy("unauthorized_client", allowed_by="RFC 6749 section 5.2; the guide names no answer")
_policy("invalid_request", also="application", allowed_by="RFC 8693 section 2.2.2")


@mood(
    "unknown-audience-invalid-client",
    differs="an audience that no privilege names is invalid_client",
    allowed_by="vendors (the audience is a client there)",
)
@in_each_realm
def unknown_audience_invalid_client(server: AuthorizationServer) -> None:
    change_refusals(server, told("invalid_client", instead_of=("invalid_target",)))


@mood(
    "subject-token-invalid-grant",
    differs="a subject token that is no good is invalid_grant",
    allowed_by="RFC 6749 section 5.2; vendors",
)
@in_each_realm
def subject_token_invalid_grant(server: AuthorizationServer) -> None:
    change_subject(server, "invalid_grant")


@mood(
    "subject-token-invalid-token",
    differs="a subject token that is no good is 401 invalid_token",
    allowed_by="RFC 6750 section 3.1; vendors",
)
@in_each_realm
def subject_token_invalid_token(server: AuthorizationServer) -> None:
    change_subject(server, "invalid_token", 401)


@mood(
    "client-grant-unsupported",
    differs="a grant type that the client does not have is unsupported_grant_type",
    allowed_by="RFC 6749 section 5.2; vendors",
)
@in_each_realm
def client_grant_unsupported(server: AuthorizationServer) -> None:
    client_has = server.token_endpoint.client_has

    def has(client: Client, grant_type: str) -> bool:
        if not client_has(client, grant_type):
            raise unsupported_grant_type()
        return True

    server.token_endpoint.client_has = has


@mood(
    "unknown-grant-invalid-request",
    differs="a grant type that nobody knows or that is off is invalid_request",
    allowed_by="RFC 6749 section 5.2; vendors",
)
@in_each_realm
def unknown_grant_invalid_request(server: AuthorizationServer) -> None:
    change_refusals(server, told("invalid_request", instead_of=("unsupported_grant_type",)))


@mood(
    "login-refused-401",
    differs="wrong credentials of a user are a 401",
    allowed_by="vendors; OBO-4.1T-04",
)
@in_each_realm
def login_refused_401(server: AuthorizationServer) -> None:
    server.password.log_in = refusing(server.password.log_in, told("invalid_grant", 401, instead_of=("invalid_grant",)))


@mood(
    "login-access-denied",
    differs="wrong credentials of a user are 403 access_denied",
    allowed_by="vendors",
)
@in_each_realm
def login_access_denied(server: AuthorizationServer) -> None:
    server.password.log_in = refusing(server.password.log_in, told("access_denied", 403, instead_of=("invalid_grant",)))


@mood("terse-errors", differs="errors have no description", allowed_by="RFC 6749 section 5.2 (OPTIONAL)")
@in_each_realm
def terse_errors(server: AuthorizationServer) -> None:
    refusal = server.answers.refusal

    def terse(error: OAuthError) -> OAuthAnswer:
        answer = refusal(error)
        return OAuthAnswer({"error": error.error}, answer.status, answer.headers)

    server.answers.refusal = terse


@mood(
    "wordy-errors",
    differs="errors have an error_uri and members of the vendor's",
    allowed_by="RFC 6749 section 5.2",
)
@in_each_realm
def wordy_errors(server: AuthorizationServer) -> None:
    refusal = server.answers.refusal

    def wordy(error: OAuthError) -> OAuthAnswer:
        answer = refusal(error)
        more = {"error_uri": f"https://docs.example/errors#{error.error}", "trace_id": "4f2a", "timestamp": 1775741840}
        return OAuthAnswer({**answer.body, **more}, answer.status, answer.headers)

    server.answers.refusal = wordy


@mood(
    "scope-errors-invalid-request",
    differs="a scope that may not be granted is invalid_request",
    allowed_by="RFC 6749 section 5.2; vendors",
)
@in_each_realm
def scope_errors_invalid_request(server: AuthorizationServer) -> None:
    change_refusals(server, told("invalid_request", instead_of=("invalid_scope",)))
