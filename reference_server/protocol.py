"""uvicorn's HTTP protocol with a short way for the requests that there are most of."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from reference_server.connection import Connection
from reference_server.limits import MAX_FORM_BYTES
from reference_server.oauth.endpoints import Endpoint
from reference_server.oauth.http import OAuthRequest


class Protocol(Connection):
    """Answers what is posted to an OAuth endpoint as soon as it has arrived: nothing there waits for anything.

    So such a request needs no task, no event and no messages, which together take longer than the answer. All others
    go the usual way, as does what is not plain: another version, a connection that is to be closed, an answer that
    the client has not taken in yet, a body that is too large or does not tell its length.
    """

    def __init__(
        self,
        endpoints: Mapping[bytes, Endpoint],
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._endpoints = endpoints
        self._endpoint: Endpoint | None = None
        self._headers: tuple[tuple[bytes, bytes], ...] = ()
        self._body = b""
        self._is_stopping = False

    def begin_request(self) -> None:
        """The request is known but for its body."""
        self._endpoint = self._endpoints.get(self.url) if self._is_plain() else None
        if self._endpoint is None:
            super().begin_request()
        else:
            self._body, self._headers = b"", tuple(self.headers)

    def on_body(self, body: bytes) -> None:
        """A piece of the body, which as a whole is as long as the head says."""
        if self._endpoint is None:
            super().on_body(body)
        else:
            self._body += body

    def end_request(self) -> None:
        """The request is there as a whole."""
        if self._endpoint is None:
            super().end_request()
            return
        self.write_answer(*self._endpoint.response(OAuthRequest("POST", self._headers, b"", self._body)))
        self.on_response_complete()
        if self._is_stopping:
            self.transport.close()

    def shutdown(self) -> None:
        """The server stops, but not within a request."""
        if self._endpoint is not None and self._is_in_request:
            self._is_stopping = True
            self.give_up_soon()
        else:
            super().shutdown()

    def _is_plain(self) -> bool:
        parser = self.parser
        return (
            parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and not self.expect_100_continue
            and not self.flow.write_paused
            and (self.cycle is None or self.cycle.response_complete)
            and self._is_known_to_be_small()
        )

    def _is_known_to_be_small(self) -> bool:
        headers = dict(self.headers)
        return b"transfer-encoding" not in headers and int(headers.get(b"content-length", b"0")) <= MAX_FORM_BYTES
