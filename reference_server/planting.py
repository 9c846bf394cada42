"""Ways to bend a tenant, by replacing methods on its parts: what defects and moods share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.tokens import Token

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

Plant = Callable[["Tenant"], None]
"""Gives a tenant a defect or a mood."""

T = TypeVar("T")


def in_each_realm(bend: Callable[[AuthorizationServer], None]) -> Plant:
    """What bends a tenant each of whose authorization servers is bent that way."""

    @wraps(bend)
    def plant(tenant: Tenant) -> None:
        for server in tenant.oauth.values():
            bend(server)

    return plant


def always(value: T) -> Callable[..., T]:
    """A rule that gives this answer whatever it is asked."""
    return lambda *_, **__: value


def show(server: AuthorizationServer, members: Callable[[Token], Mapping[str, Any]]) -> None:
    """Let JWT and introspection tell these members of a token, which inside the server stays what it is."""
    active, serialise = server.introspection.active, server.issuer.serialise
    server.introspection.active = lambda token: {**active(token), **members(token)}
    server.issuer.serialise = lambda claims: serialise({**claims, **members(Token("", claims, stateless=True))})
