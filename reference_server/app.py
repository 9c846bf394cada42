"""The tenant as an ASGI application: every route of every API."""

from __future__ import annotations

import re
from functools import reduce
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from reference_server import approver, server_info
from reference_server.access import Access
from reference_server.am import endpoints as am_endpoints
from reference_server.body import BodyTooLarge, read_body
from reference_server.errors import ApiError
from reference_server.http import am_answer
from reference_server.idm import endpoints as idm_endpoints
from reference_server.limits import MAX_FORM_BYTES, MAX_PARAMETERS
from reference_server.login import PATH, LoginRefused, ServiceAccountLogin
from reference_server.oauth.endpoints import OAuthRoutes, by_path
from reference_server.tenant import Tenant


def create_app(tenant: Tenant) -> ASGIApp:
    """All routes of the tenant, behind its gateways."""
    access = Access(tenant.sessions)
    routes = [
        Route(PATH, TokenEndpoint(tenant.login).answer, methods=["POST"]),
        *approver.routes(tenant, access),
        *server_info.routes(access),
        *am_endpoints.routes(tenant, access),
        *idm_endpoints.routes(tenant, access),
    ]
    for route in routes:  # `$` also matches before a line end: a client's ID and that ID with %0A would be the same
        route.path_regex = re.compile(route.path_regex.pattern.removesuffix("$") + r"\Z")
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            ClientDisconnect: _nobody_there,
            Exception: _internal_error,
        },
    )
    # A redirect would repeat the Host header of the request; the tenant knows only its own address.
    app.router.redirect_slashes = False
    oauth = cast(ASGIApp, OAuthRoutes(by_path(tenant), app))
    return reduce(lambda behind, gateway: gateway(behind), tenant.gateways, oauth)


class TokenEndpoint:
    """`/am/oauth2/access_token`, where service accounts log in. The form needs no percent-encoding."""

    def __init__(self, login: ServiceAccountLogin) -> None:
        self._login = login

    async def answer(self, request: Request) -> Response:
        """An access token, or 400."""
        headers = {"cache-control": "no-store"}
        try:
            return am_answer(self._login.token(await self._form(request)), headers=headers)
        except LoginRefused as refusal:
            return am_answer(refusal.body(), 400, headers)
        except BodyTooLarge:
            return am_answer(LoginRefused("invalid_request", "Request too large").body(), 413, headers)

    async def _form(self, request: Request) -> dict[str, str]:
        text = (await read_body(request.receive, MAX_FORM_BYTES)).decode("utf-8", "replace")
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
        except ValueError:
            raise LoginRefused("invalid_request", "Malformed form parameters") from None
        form = dict(pairs)
        if len(form) < len(pairs):
            raise LoginRefused("invalid_request", "Invalid request, a parameter is given more than once")
        return form


async def _http_error(_: Request, error: Exception) -> Response:
    """No such path, or not that method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    return am_answer(ApiError(status, HTTPStatus(status).phrase).body(), status, headers)


async def _nobody_there(_: Request, __: Exception) -> Response:
    """The client went away within its request; what is answered reaches nobody, and nothing was done."""
    return Response(status_code=400)


async def _internal_error(_: Request, __: Exception) -> Response:
    """A fault of this server; the traceback goes to the log, not to the client."""
    return am_answer(ApiError(500, "Internal Server Error").body(), 500)
