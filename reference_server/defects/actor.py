"""F3, actor: who the token says acts for the subject, and who acted before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference_server.defects.registry import defect
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.delegation_bounds import MAX_ACTORS
from reference_server.oauth.errors import OAuthError
from reference_server.oauth.form import Form
from reference_server.oauth.token_exchange_grant import Exchange
from reference_server.oauth.token_issuer import Authorization
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

Actor = Mapping[str, Any]


@defect(
    "act-missing",
    "OBO-4.2I-03",
    "OBO-ACT-04",
    wrong="plain impersonation: no `act` anywhere",
    family="actor",
    core=True,
)
@in_each_realm
def act_missing(server: AuthorizationServer) -> None:
    _leave_act_out(server, lambda _: True)


@defect(
    "act-sub-is-app",
    "OBO-4.2I-03",
    "OBO-4.2I-04",
    "OBO-ACT-08",
    wrong="`act.sub` is the client that the subject token was issued to, not the agent that authenticated",
    family="actor",
    core=True,
)
@in_each_realm
def act_sub_is_app(server: AuthorizationServer) -> None:
    actor = server.token_exchange.actor
    server.token_exchange.actor = lambda exchange: {**actor(exchange), "sub": exchange.subject.client_id}


@defect(
    "act-from-actor-token",
    "OBO-ACT-06",
    wrong="`act.sub` is copied from any valid actor token, whoever sends it",
    family="actor",
    core=True,
)
@in_each_realm
def act_from_actor_token(server: AuthorizationServer) -> None:
    tokens, actor = server.exchange_tokens, server.token_exchange.actor

    def copying(exchange: Exchange) -> Actor:
        value, kind = exchange.form.text("actor_token"), exchange.form.text("actor_token_type")
        token = tokens.genuine(value, kind) if value and kind else None
        return {**actor(exchange), "sub": token.subject} if token else actor(exchange)

    tokens.is_own = lambda *_: True
    server.token_exchange.actor = copying


@defect(
    "act-cached-per-subject",
    "OBO-ACT-08",
    wrong="`act` is cached by subject token: a second agent that exchanges it is taken for the first",
    family="actor",
    core=True,
)
@in_each_realm
def act_cached_per_subject(server: AuthorizationServer) -> None:
    actor, cached = server.token_exchange.actor, dict[str, Actor]()
    server.token_exchange.actor = lambda exchange: cached.setdefault(exchange.subject.id, actor(exchange))


@defect(
    "nested-act-lost",
    "OBO-ACT-01",
    wrong="a second exchange replaces `act` instead of nesting the former actor",
    family="actor",
    core=True,
)
@in_each_realm
def nested_act_lost(server: AuthorizationServer) -> None:
    server.token_exchange.actor = lambda exchange: {"sub": exchange.client.id}


@defect(
    "nested-act-reversed",
    "OBO-ACT-01",
    wrong="nests the current actor inside the former one",
    family="actor",
    core=True,
)
@in_each_realm
def nested_act_reversed(server: AuthorizationServer) -> None:
    def innermost(earlier: Actor | None, current: Actor) -> Actor:
        return current if earlier is None else {**earlier, "act": innermost(earlier.get("act"), current)}

    server.token_exchange.actor = lambda exchange: innermost(exchange.subject.actor, {"sub": exchange.client.id})


@defect(
    "reexchange-strips-act",
    "OBO-ACT-04",
    wrong="a delegated token that another agent exchanges, or its own without an actor token, comes out without `act`",
    family="actor",
    core=True,
)
@in_each_realm
def reexchange_strips_act(server: AuthorizationServer) -> None:
    def is_stripped(exchange: Exchange) -> bool:
        is_another = exchange.subject.client_id != exchange.client.id
        return exchange.subject.actor is not None and (is_another or exchange.form.text("actor_token") is None)

    _leave_act_out(server, is_stripped)


def _leave_act_out(server: AuthorizationServer, where: Callable[[Exchange], bool]) -> None:
    authorization = server.token_exchange.authorization

    def leaving_out(exchange: Exchange, scopes: tuple[str, ...]) -> Authorization:
        authorized = authorization(exchange, scopes)
        return replace(authorized, actor=None) if where(exchange) else authorized

    server.token_exchange.authorization = leaving_out


@defect(
    "chained-exchange-skips-privilege",
    "OBO-ACT-02",
    wrong="when the subject token already has an actor, that one's privilege is checked instead of the agent's own",
    family="actor",
    core=True,
)
@in_each_realm
def chained_exchange_skips_privilege(server: AuthorizationServer) -> None:
    grant = server.privileges.grant

    def granting(agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        former = server.clients.active(subject.actor["sub"]) if subject.actor else None
        return grant(former or agent, subject, audience, requested)

    server.privileges.grant = granting


@defect(
    "actor-token-type-not-required",
    "OBO-ACT-07",
    wrong="accepts an actor token without its type, unseen",
    family="actor",
)
@in_each_realm
def actor_token_type_not_required(server: AuthorizationServer) -> None:
    check_actor = server.exchange_tokens.check_actor

    def checking(client: Client, form: Form) -> None:
        if form.text("actor_token_type") is not None:
            check_actor(client, form)

    server.exchange_tokens.check_actor = checking


@defect(
    "invalid-actor-token-ignored",
    "OBO-ACT-07",
    wrong="drops an invalid actor token and issues the token all the same",
    family="actor",
)
@in_each_realm
def invalid_actor_token_ignored(server: AuthorizationServer) -> None:
    check_actor = server.exchange_tokens.check_actor

    def checking(client: Client, form: Form) -> None:
        try:
            check_actor(client, form)
        except OAuthError:
            if not (form.text("actor_token") and form.text("actor_token_type")):
                raise

    server.exchange_tokens.check_actor = checking


@defect(
    "unbounded-act-depth",
    "OBO-ACT-09",
    wrong="lets a chain of actors grow until the server breaks with a 5xx",
    family="actor",
    warning=True,
)
@in_each_realm
def unbounded_act_depth(server: AuthorizationServer) -> None:
    depth = server.bounds.depth

    def growing(subject: Token) -> int:
        if depth(subject) >= MAX_ACTORS:
            raise RecursionError
        return depth(subject)

    server.bounds.depth = growing


@defect(
    "act-carries-nonidentity-claims",
    "OBO-ACT-09",
    wrong="copies all claims of the agent's own token into `act`, with `exp`, `aud` and `nbf`",
    family="actor",
    warning=True,
)
@in_each_realm
def act_carries_nonidentity_claims(server: AuthorizationServer) -> None:
    actor, issuer = server.token_exchange.actor, server.issuer

    def copying(exchange: Exchange) -> Actor:
        client = exchange.client
        own = server.client_credentials.authorization(client, exchange.scopes)
        claims = issuer.oauth_claims(own, terms.ACCESS_TOKEN, client.access_token_lifetime)
        return {**claims, **actor(exchange)}

    server.token_exchange.actor = copying
