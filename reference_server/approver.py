"""A scripted end user's approval device: `POST /approver/{realm}` decides a CIBA request (README, "Approvals").

A tenant has a push notification or a journey in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.access import Access
from reference_server.errors import ApiError, bad_request, not_found
from reference_server.http import am_answer, json_object

if TYPE_CHECKING:
    from reference_server.oauth.authorization_server import AuthorizationServer
    from reference_server.oauth.backchannel_requests import BackchannelRequest
    from reference_server.tenant import Tenant

PATH = "/approver"


class Approver:
    """Lets users decide what awaits them, by name and password; nobody else has a say in it."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def decide(self, request: Request) -> Response:
        """The decision as it was taken, or 400, 401 and 404."""
        server = self._tenant.oauth.get(request.path_params["realm"])
        if server is None:
            raise not_found()
        message = await json_object(request)
        pending = self.pending(server, self.user(server, message), str(message.get("binding_message", "")))
        decision = message.get("decision")
        if decision not in ("approve", "deny"):
            raise bad_request("decision is neither approve nor deny")
        server.backchannel_requests.decide(pending, decision, self.scopes(server, pending, message.get("scope")))
        return am_answer({"decision": decision, "scope": " ".join(pending.scopes)})

    def user(self, server: AuthorizationServer, message: Mapping[str, Any]) -> str:
        """The UUID of the user who decides."""
        user_id = server.users.authenticate(str(message.get("username", "")), str(message.get("password", "")))
        if user_id is None:
            raise ApiError(401, "Access Denied")
        return user_id

    def pending(self, server: AuthorizationServer, user_id: str, binding_message: str) -> BackchannelRequest:
        """The user's request of that message."""
        request = server.backchannel_requests.awaiting(user_id, binding_message)
        if request is None:
            raise not_found("No request with this binding message awaits the user's decision")
        return request

    def scopes(self, server: AuthorizationServer, pending: BackchannelRequest, text: Any) -> tuple[str, ...]:
        """What is approved: all that was asked for, or a part of it."""
        scopes = pending.scopes if text is None else server.scopes.parse(str(text))
        if server.scopes.refused(pending.scopes, scopes):
            raise bad_request("scope goes beyond what was asked for")
        return scopes


def routes(tenant: Tenant, access: Access) -> list[Route]:
    """The approver of each realm."""
    return [Route(f"{PATH}/{{realm}}", access.public(Approver(tenant).decide), methods=["POST"])]
