"""The OAuth endpoints of both realms, in front of all other routes: token requests are the hot path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_server.errors import ApiError
from reference_server.log import FAULTS
from reference_server.oauth.errors import OAuthError
from reference_server.oauth.http import OAuthAnswer, OAuthRequest, Response, read_request

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

PREFIX = "/am/oauth2/realms/root/realms/"
METADATA = "/.well-known/oauth-authorization-server"
FAULT = OAuthAnswer(ApiError(500, "Internal Server Error").body(), 500)


class Endpoint:
    """One endpoint of one realm."""

    def __init__(self, tenant: Tenant, realm: str, path: str) -> None:
        self._tenant = tenant
        self._realm = realm
        self._path = path

    def response(self, request: OAuthRequest) -> Response:
        """What goes over the wire; after a fault of this server that is a 500, and the traceback goes to the log."""
        server = self._tenant.oauth[self._realm]
        try:
            return server.answers.response(server.answer(self._path, request))
        except Exception:
            FAULTS.exception("%s of realm %s", self._path, self._realm)
            return server.answers.response(FAULT)

    def refusal(self, error: OAuthError) -> Response:
        """What goes over the wire where the request can't be read."""
        answers = self._tenant.oauth[self._realm].answers
        return answers.response(answers.refusal(error))


def by_path(tenant: Tenant) -> dict[str, Endpoint]:
    """The endpoints of both realms; RFC 8414 section 3 looks for the metadata between host and issuer path."""
    found: dict[str, Endpoint] = {}
    for realm, server in tenant.oauth.items():
        found |= {PREFIX + realm + path: Endpoint(tenant, realm, path) for path in server.endpoints}
        found[METADATA + PREFIX + realm] = Endpoint(tenant, realm, METADATA)
    return found


class OAuthRoutes:
    """Answers what goes to an OAuth endpoint, and passes everything else on."""

    def __init__(self, endpoints: Mapping[str, Endpoint], behind: ASGIApp) -> None:
        self._endpoints = endpoints
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        endpoint = self._endpoints.get(scope["path"])
        if endpoint is None:
            await self._behind(scope, receive, send)
            return
        try:
            response = endpoint.response(await read_request(scope, receive))
        except OAuthError as error:
            response = endpoint.refusal(error)
        except ClientDisconnect:
            return  # half a request must have no effect
        status, headers, body = response
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
