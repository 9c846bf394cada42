"""Who may call an administrative API: bearers of a service account's access token with the scope of that API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from reference_server.errors import ApiError
from reference_server.http import am_answer, idm_answer
from reference_server.service_accounts import AM_SCOPE, IDM_SCOPE
from reference_server.sessions import Session, Sessions

Handler = Callable[[Request], Awaitable[Response]]
Answer = Callable[..., Response]

_TRANSACTION = "x-forgerock-transactionid"


class Access:
    """Guards handlers. Access tokens of a realm's OAuth provider open nothing here: they are in another store."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def am(self, handler: Handler) -> Handler:
        """Only for sessions with `fr:am:*`."""
        return self._guarded(handler, am_answer, AM_SCOPE)

    def idm(self, handler: Handler) -> Handler:
        """Only for sessions with `fr:idm:*`."""
        return self._guarded(handler, idm_answer, IDM_SCOPE)

    def any_scope(self, handler: Handler) -> Handler:
        """For every session."""
        return self._guarded(handler, idm_answer, None)

    def public(self, handler: Handler) -> Handler:
        """For everybody."""
        return self._answering(handler, am_answer)

    def session(self, request: Request) -> Session:
        """The session of the bearer, or 401."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._sessions.find(token.strip()) if scheme.lower() == "bearer" else None
        if session is None:
            raise ApiError(401, "Access Denied")
        return session

    def check_scope(self, session: Session, scope: str | None) -> None:
        """The session must have the scope, or 403."""
        if scope is not None and scope not in session.scopes:
            raise ApiError(403, "Access denied")

    def _guarded(self, handler: Handler, answer: Answer, scope: str | None) -> Handler:
        async def admitted(request: Request) -> Response:
            self.check_scope(self.session(request), scope)
            return await handler(request)

        return self._answering(admitted, answer)

    def _answering(self, handler: Handler, answer: Answer) -> Handler:
        """Refusals become error answers; the caller's transaction ID goes back with either."""

        async def answered(request: Request) -> Response:
            try:
                response = await handler(request)
            except ApiError as error:
                response = answer(error.body(), error.status)
            if transaction := request.headers.get(_TRANSACTION):
                response.headers[_TRANSACTION] = transaction
            return response

        return answered
