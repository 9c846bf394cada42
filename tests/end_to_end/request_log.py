"""Writes down what reaches a reference server: methods and paths, and how log-ins went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from reference_server.server import ReferenceServer

OAUTH = "/am/oauth2/realms/root/realms/alpha"


@dataclass
class RequestLog:
    """Method and path of each request, in order; `wrong_passwords` counts log-ins of users who exist."""

    requests: list[tuple[str, str]] = field(default_factory=list)
    wrong_passwords: int = 0

    @property
    def beside_oauth(self) -> set[tuple[str, str]]:
        """What went to anything but the realm's OAuth endpoints."""
        return {(method, path) for method, path in self.requests if not path.startswith(OAUTH)}


@contextmanager
def logged(server: ReferenceServer) -> Iterator[RequestLog]:
    """Log what comes to a server that is not started yet, and serve meanwhile."""
    log, users = RequestLog(), server.tenant.oauth["alpha"].users
    authenticate = users.authenticate

    def noting(behind: ASGIApp) -> ASGIApp:
        async def gateway(scope: Scope, receive: Receive, send: Send) -> None:
            log.requests.append((scope["method"], scope["path"]))
            await behind(scope, receive, send)

        return gateway

    def counting(username: str, password: str) -> str | None:
        found = authenticate(username, password)
        log.wrong_passwords += found is None and users.named(username) is not None
        return found

    server.tenant.gateways.append(noting)
    users.authenticate = counting  # type: ignore[method-assign]
    with server:
        yield log
