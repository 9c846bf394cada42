"""A client's connection: HTTP/1.1 as uvicorn speaks it, with bounds on what a client may send and how long it takes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from http import HTTPStatus
from itertools import chain
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from reference_server.errors import ApiError
from reference_server.jose import compact_json
from reference_server.limits import DRAIN_SECONDS, MAX_CONNECTIONS, MAX_HEAD_BYTES, MAX_PIPELINED, REQUEST_SECONDS

_REFUSAL_HEADERS = (
    (b"content-type", b"application/json;charset=UTF-8"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
)


class _Refused(Exception):
    """Stops the parser."""


class Connection(HttpToolsProtocol):
    """Once a second the server lets each connection check whether its client is too slow, so that no request needs a
    timer; uvicorn's own is for connections between requests.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A new client; where there are too many, the one that is idle longest has to go."""
        super().connection_made(transport)
        self._since = self.loop.time()  # when something was last seen to happen
        self._seen: object = None  # the request, then
        self._chunk_bytes = self._head_bytes = 0
        self._head: object = None  # the one whose bytes were counted
        self._is_in_head = self._is_in_request = False
        self._status = HTTPStatus.BAD_REQUEST
        self._is_refused = False
        self._answered: RequestResponseCycle | None = None
        if len(self.connections) > MAX_CONNECTIONS:
            self._most_idle_other().drop()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone, whichever of its requests is being answered."""
        self._forsake()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some of a request; what is still sent after a refusal is not looked at."""
        if self._is_refused:
            return
        self._chunk_bytes = len(data)
        super().data_received(data)
        if self._is_in_head and not self._is_refused:
            self._head_bytes = self._head_bytes + len(data) if self.scope is self._head else 0
            self._head = self.scope
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._is_in_head = self._is_in_request = True

    def on_headers_complete(self) -> None:
        """The request may begin, unless its head is too long."""
        self._is_in_head = False
        if self._head_bytes + self._chunk_bytes > MAX_HEAD_BYTES and self._head_size() > MAX_HEAD_BYTES:
            self._status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise _Refused
        self.begin_request()
        # What comes behind the body is no header (RFC 9110 section 6.5.1).
        self.headers: Any = deque(maxlen=0)

    def begin_request(self) -> None:
        """Hand the request to the application, unless the queue before it is too long."""
        if len(self.pipeline) >= MAX_PIPELINED:
            self.drop()
            raise _Refused
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The last byte of a request."""
        self._is_in_request = False
        self.end_request()

    def end_request(self) -> None:
        """Let the application know that the request is there as a whole."""
        super().on_message_complete()

    def eof_received(self) -> bool:  # type: ignore[override]
        """A client that has no more to say still gets its answer."""
        if self._is_answering:
            self.cycle.keep_alive = False
        return self._is_answering

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """What came is not HTTP; whole requests before it are still answered."""
        if self._is_answering:
            self.cycle.keep_alive = False
        else:
            self._refuse(self._status)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def shutdown(self) -> None:
        """The server stops: what is under way is brought to its end, if the client does its part soon."""
        super().shutdown()
        self.give_up_soon()

    def write_answer(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        """Write a whole answer in one go."""
        lines = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers):
            lines += (name, b": ", value, b"\r\n")
        self.transport.write(b"".join((*lines, b"\r\n", body)))

    def give_up_soon(self) -> None:
        """Leave the client a moment."""
        self.loop.call_later(DRAIN_SECONDS, self._give_up)

    def check(self) -> None:
        """End the connection of a client that keeps the server waiting."""
        now = self.loop.time()
        if self.scope is not self._seen or not self._is_awaiting_client:
            self._seen, self._since = self.scope, now
        elif now - self._since >= REQUEST_SECONDS:
            self._give_up()

    def drop(self) -> None:
        """End the connection at once."""
        self.connections.discard(self)
        self._forsake()
        self.transport.abort()

    def _give_up(self) -> None:
        unfinished = self._is_in_request and not self._is_early_answer
        if not self._is_awaiting_client:
            return
        if unfinished and not self._is_refused and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
            self.transport.close()
        else:
            self.drop()

    @property
    def _is_early_answer(self) -> bool:
        return self.cycle is not None and self.cycle.scope is self.scope and self.cycle.response_started

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete

    @property
    def _is_amid_answer(self) -> bool:
        return self.cycle.response_started and not self.cycle.response_complete

    @property
    def _is_awaiting_client(self) -> bool:
        """For a request, for the answer to be taken, or for the end."""
        return not self._is_answering or self.flow.write_paused or self.transport.is_closing()

    def _forsake(self) -> None:
        """Nobody will hear what the application still has to say, be it to the latest request or to one before it."""
        for cycle in (self._answered, self.cycle):
            if cycle is not None:
                cycle.disconnected = True
                cycle.message_event.set()

    def _head_size(self) -> int:
        return len(self.url) + sum(map(len, chain.from_iterable(self.headers)))

    def _most_idle_other(self) -> Connection:
        """Of the other connections whose clients have the turn; this one where there is none."""
        others = (other for other in self.connections if isinstance(other, Connection) and other is not self)
        idle = (other for other in others if not other._is_answering)
        return min(idle, key=lambda other: other._since, default=self)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer in the application's place, and wait for the client to hang up so that it comes to read the answer."""
        if self.pipeline or (self.cycle is not None and self._is_amid_answer):
            self.drop()
            return
        self._is_refused = True
        self._since = self.loop.time()
        self._forsake()
        body = compact_json(ApiError(status, status.phrase).body()).encode()
        self.write_answer(status, [*_REFUSAL_HEADERS, (b"content-length", b"%d" % len(body))], body)
        self.transport.write_eof()
