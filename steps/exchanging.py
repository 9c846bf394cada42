"""Exchanges of any token by any agent, one after the other or at once, each with its three witnesses."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from fixtures.cast import Cast
from fixtures.scope_names import PERMITTED, ScopeNames
from fixtures.tenant.actors import Client
from fixtures.tenant.oauth import OAuth, Value
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE, ID_TOKEN_TYPE, JWT_TYPE
from fixtures.tenant.parallel import at_once
from steps.checks.evidence import Witnesses
from steps.requests import Attempt, Witnessing

T = TypeVar("T")
Tried = list[tuple[str, Witnesses]]
"""Exchanges with a name for each: what was special about it, or who made it."""
NOTHING: Mapping[str, Value] = {}


@dataclass(frozen=True)
class Exchanging:
    """Exchanges tokens at the application, or at another; called, it also asks what the new token says."""

    oauth: OAuth
    cast: Cast
    scopes: ScopeNames
    witnessed: Witnessing

    def __call__(self, token: Value, by: Client, changes: Mapping[str, Value] = NOTHING) -> Witnesses:
        return self.witnessed(self.attempt(token, by, changes=changes))

    def attempt(
        self,
        token: Value,
        by: Client,
        scope: str = PERMITTED,
        audience: Client | None = None,
        changes: Mapping[str, Value] = NOTHING,
    ) -> Attempt:
        """One exchange; `changes` are form fields as `OAuth.exchange` takes them."""
        asked, at = self.scopes(scope), audience or self.cast.application
        fields: dict[str, Any] = dict(changes)
        return Attempt(self.oauth.exchange(token, by=by, audience=at.client_id, scope=asked, **fields), by, asked)

    def relayed(self, token: str, clients: Sequence[Client]) -> list[Attempt]:
        """The token exchanged by the first client, its token by the next, and so on up to the first refusal."""
        attempts: list[Attempt] = []
        for client in clients:
            attempts.append(self.attempt(attempts[-1].token if attempts else token, client))
            if attempts[-1].token is None:
                break
        return attempts

    def in_turn(self, one: Callable[[], T], other: Callable[[], T]) -> list[T]:
        """Two exchanges, made by turns, twice each."""
        return [one(), other(), one(), other()]

    def ten_at_once(self, one: Callable[[], T], other: Callable[[], T]) -> list[T]:
        """Two exchanges, made five times each, all at the same time."""
        return at_once([one, other] * 5)

    def along_every_route(self, token: str | None, by: Client, actor_token: str) -> Tried:
        """The token exchanged for each type of token, without and with an actor token (RFC 8693 section 2.1)."""
        actors: tuple[dict[str, Value], ...] = ({}, {"actor_token": actor_token, "actor_token_type": ACCESS_TOKEN_TYPE})
        tried = []
        for requested, actor in itertools.product((None, ID_TOKEN_TYPE, JWT_TYPE), actors):
            route = f"requested_token_type {requested}, {'with' if actor else 'without'} an actor token"
            tried.append((route, self(token, by, {"requested_token_type": requested, **actor})))
        return tried

    def with_bad_actors(self, token: str | None, by: Client, actor_token: str) -> Tried:
        """The token exchanged with an actor token that lacks its type, with a type alone, and so on."""
        bad: dict[str, dict[str, Value]] = {
            "actor_token without actor_token_type": {"actor_token": actor_token},
            "actor_token_type without actor_token": {"actor_token_type": ACCESS_TOKEN_TYPE},
            "actor_token_type WRONG": {"actor_token": actor_token, "actor_token_type": "WRONG"},
            "actor_token garbage": {"actor_token": "garbage", "actor_token_type": ACCESS_TOKEN_TYPE},
        }
        return [(what, self(token, by, changes)) for what, changes in bad.items()]


@pytest.fixture
def exchanging(oauth: OAuth, cast: Cast, scopes: ScopeNames, witnessed: Witnessing) -> Exchanging:
    """Exchanges tokens of all sorts."""
    return Exchanging(oauth, cast, scopes, witnessed)
