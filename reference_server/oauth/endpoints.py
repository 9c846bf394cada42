"""The OAuth routes of both realms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.errors import OAuthError
from reference_server.oauth.http import Answers, OAuthAnswer, read_request

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

PREFIX = "/am/oauth2/realms/root/realms/{realm}"
METADATA = "/.well-known/oauth-authorization-server"
UNKNOWN_REALM = OAuthAnswer({"code": 404, "reason": "Not Found", "message": "Not Found"}, 404)


class Endpoint:
    """One endpoint of every realm, as an ASGI application."""

    def __init__(self, tenant: Tenant, path: str) -> None:
        self._tenant = tenant
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the realm is the one that the path names."""
        server = self._tenant.oauth.get(scope["path_params"]["realm"])
        if server is None:
            await Answers().send(send, UNKNOWN_REALM)
        else:
            await server.answers.send(send, await self.answer(server, scope, receive))

    async def answer(self, server: AuthorizationServer, scope: Scope, receive: Receive) -> OAuthAnswer:
        """The realm's answer."""
        try:
            return server.answer(self._path, await read_request(scope, receive))
        except OAuthError as refusal:
            return server.answers.refusal(refusal)


def routes(tenant: Tenant) -> list[Route]:
    """The OAuth endpoints, and the metadata where RFC 8414 section 3 looks for it: between host and issuer path."""
    paths = dict.fromkeys(path for server in tenant.oauth.values() for path in server.endpoints)
    return [
        *(Route(PREFIX + path, Endpoint(tenant, path)) for path in paths),
        Route(METADATA + PREFIX, Endpoint(tenant, METADATA)),
    ]
