"""What is exchanged, for what, and how much of what is asked for is granted (RFC 8693, RFC 6749 section 3.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from reference_server.moods.registry import mood
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.delegation_bounds import HardenedBounds
from reference_server.oauth.errors import invalid_exchange, invalid_request, unknown_scopes
from reference_server.oauth.form import Form
from reference_server.oauth.token_exchange_grant import Exchange
from reference_server.oauth.tokens import Token
from reference_server.planting import always, in_each_realm

JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"


@mood(
    "scope-narrowed",
    differs="grants those of the requested scopes that it may; an error where that is none",
    allowed_by="RFC 6749 section 3.3, RFC 8693 section 2.2.1",
)
@in_each_realm
def scope_narrowed(server: AuthorizationServer) -> None:
    def grant(permitted: Collection[str], requested: Sequence[str]) -> tuple[str, ...]:
        granted = tuple(scope for scope in requested if server.scopes.permits(permitted, scope))
        if not granted:
            raise unknown_scopes(requested)
        return granted

    server.scopes.grant = grant
    _narrow_to_subject(server)


@mood(
    "scope-narrowed-to-nothing",
    differs="grants those of the requested scopes that it may, and a token without any where that is none",
    allowed_by="RFC 6749 section 3.3 (that an error would be better is a SHOULD of OBO-SCP-07)",
)
@in_each_realm
def scope_narrowed_to_nothing(server: AuthorizationServer) -> None:
    def grant(permitted: Collection[str], requested: Sequence[str]) -> tuple[str, ...]:
        return tuple(scope for scope in requested if server.scopes.permits(permitted, scope))

    server.scopes.grant = grant
    _narrow_to_subject(server)


def _narrow_to_subject(server: AuthorizationServer) -> None:
    """Narrow to the subject token too, where that is a bound."""
    privileges_grant, bounds = server.privileges.grant, server.bounds

    def grant(agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        scopes = privileges_grant(agent, subject, audience, requested)
        excess = bounds.excess_scopes(subject, scopes)
        return server.scopes.grant([scope for scope in scopes if scope not in excess], scopes) if excess else scopes

    server.privileges.grant = grant


@mood(
    "default-scopes",
    differs="an exchange without a scope gets what the privilege permits",
    allowed_by="RFC 6749 section 3.3, RFC 8693 section 2.1",
)
@in_each_realm
def default_scopes(server: AuthorizationServer) -> None:
    requested_scopes = server.token_exchange.requested_scopes

    def requested(client: Client, form: Form) -> tuple[str, ...]:
        return requested_scopes(client, form) if form.text("scope") else _permitted(server, client, form)

    server.token_exchange.requested_scopes = requested


def _permitted(server: AuthorizationServer, client: Client, form: Form) -> tuple[str, ...]:
    """What the privileges permit that name every application asked for and cover the user."""
    subject, privileges = server.exchange_tokens.subject(form), server.privileges
    sets = [
        set(privileges.permitted_scopes(privilege))
        for audience in form.every("audience")
        for privilege in privileges.of(client)
        if privileges.names_application(privilege, audience) and privileges.covers(privilege, client, subject)
    ]
    common = (
        set.intersection(*sets) - set(server.bounds.excess_scopes(subject, sorted(set.union(*sets)))) if sets else ()
    )
    return tuple(sorted(common))


@mood(
    "actor-token-ignored",
    differs="actor_token and actor_token_type are not looked at: the actor is the client",
    allowed_by="RFC 8693 section 2.1 (OPTIONAL); OBO-ACT-07",
)
@in_each_realm
def actor_token_ignored(server: AuthorizationServer) -> None:
    server.exchange_tokens.check_actor = always(None)


@mood(
    "actor-token-refused",
    differs="every actor_token is refused",
    allowed_by="RFC 8693 section 2.1 (OPTIONAL)",
)
@in_each_realm
def actor_token_refused(server: AuthorizationServer) -> None:
    def check_actor(client: Client, form: Form) -> None:
        if form.text("actor_token") or form.text("actor_token_type"):
            raise invalid_request("actor_token is not supported")

    server.exchange_tokens.check_actor = check_actor


@mood(
    "re-exchange-refused",
    differs="a token that an agent got by exchange is not exchanged again",
    allowed_by="RFC 8693 section 2.1 leaves it to policy; OBO-ACT-01",
)
@in_each_realm
def re_exchange_refused(server: AuthorizationServer) -> None:
    may_seed = server.exchange_tokens.may_seed
    server.exchange_tokens.may_seed = lambda token: token.actor is None and may_seed(token)


@mood(
    "no-autonomous-exchange",
    differs="an agent's own token is not exchanged",
    allowed_by="the guide shows users' tokens only; OBO-AUT-02",
)
@in_each_realm
def no_autonomous_exchange(server: AuthorizationServer) -> None:
    may_seed = server.exchange_tokens.may_seed
    server.exchange_tokens.may_seed = lambda token: token.end_user is not None and may_seed(token)


@mood(
    "subject-token-of-the-application",
    differs="a user's token is exchanged only for the application that it was issued to",
    allowed_by="RFC 8693 section 2.1 leaves it to policy; OBO-SUB-06",
)
@in_each_realm
def subject_token_of_the_application(server: AuthorizationServer) -> None:
    authorise = server.token_exchange.authorise

    def authorising(exchange: Exchange) -> tuple[str, ...]:
        subject = exchange.subject
        if subject.end_user and subject.actor is None and {subject.client_id} != set(exchange.audiences):
            raise invalid_exchange()
        return authorise(exchange)

    server.token_exchange.authorise = authorising


@mood(
    "bound-to-subject-token",
    differs="what an agent gets is bound by scope and expiry of the user's token",
    allowed_by="RFC 8693 section 2.1, RFC 9700; OBO-SCP-05, OBO-LIF-11",
)
@in_each_realm
def bound_to_subject_token(server: AuthorizationServer) -> None:
    server.bounds = server.token_exchange.bounds = HardenedBounds()


@mood(
    "access-tokens-only",
    differs="exchanges access tokens for access tokens only, no ID tokens",
    allowed_by="RFC 8693 section 2.2.2",
)
@in_each_realm
def access_tokens_only(server: AuthorizationServer) -> None:
    requested_type, subject_token = server.token_exchange.requested_type, server.exchange_tokens.subject_token

    def requested(form: Form) -> str:
        if form.text("requested_token_type") not in (None, terms.ACCESS_TOKEN_TYPE):
            raise invalid_exchange()
        return requested_type(form)

    def subject(value: str, token_type: str) -> Token | None:
        return subject_token(value, token_type) if token_type == terms.ACCESS_TOKEN_TYPE else None

    server.token_exchange.requested_type = requested
    server.exchange_tokens.subject_token = subject


@mood(
    "jwt-token-type",
    differs="also gives tokens of type jwt, and says so",
    allowed_by="RFC 8693 section 3; OBO-4.2X-06",
)
@in_each_realm
def jwt_token_type(server: AuthorizationServer) -> None:
    answer, requested_type = server.token_exchange.answer, server.token_exchange.requested_type

    def requested(form: Form) -> str:
        return terms.ACCESS_TOKEN_TYPE if form.text("requested_token_type") == JWT_TYPE else requested_type(form)

    def answering(client: Client, form: Form) -> dict[str, Any]:
        granted = answer(client, form)
        return granted | {"issued_token_type": form.text("requested_token_type") or granted["issued_token_type"]}

    server.token_exchange.requested_type = requested
    server.token_exchange.answer = answering


@mood(
    "issued-as-jwt",
    differs="says that the access token issued is of type jwt",
    allowed_by="RFC 8693 section 3 (it is both); OBO-4.2X-02",
)
@in_each_realm
def issued_as_jwt(server: AuthorizationServer) -> None:
    answer = server.token_exchange.answer

    def answering(client: Client, form: Form) -> dict[str, Any]:
        granted = answer(client, form)
        return granted | {"issued_token_type": JWT_TYPE} if form.text("requested_token_type") is None else granted

    server.token_exchange.answer = answering


@mood(
    "first-client-in-act",
    differs="the innermost actor is the application that the user's token was issued to",
    allowed_by="RFC 8693 section 4.1 (prior actors are informational); OBO-4.2I-04",
)
@in_each_realm
def first_client_in_act(server: AuthorizationServer) -> None:
    actor = server.token_exchange.actor

    def with_application(exchange: Exchange) -> dict[str, Any]:
        subject, current = exchange.subject, dict(actor(exchange))
        first = subject.actor is None and subject.end_user is not None
        return current | {"act": {"sub": subject.client_id}} if first else current

    server.token_exchange.actor = with_application


@mood(
    "refresh-token-absent",
    differs="the answer to an exchange has no refresh_token",
    allowed_by="RFC 8693 section 2.2.1 (OPTIONAL); the guide's answer has null",
)
@in_each_realm
def refresh_token_absent(server: AuthorizationServer) -> None:
    answer = server.token_exchange.answer
    server.token_exchange.answer = lambda client, form: {
        name: value for name, value in answer(client, form).items() if name != "refresh_token"
    }
