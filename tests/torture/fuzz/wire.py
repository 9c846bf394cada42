"""Requests as they are prepared for the wire, put to an application that runs in this process."""

from __future__ import annotations

import asyncio
import signal
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from starlette.types import ASGIApp, Message

PATIENCE_SECONDS = 10
"""What takes longer hangs; all of it takes a few milliseconds."""


@dataclass(frozen=True)
class Answer:
    """What came back, and the traceback if the application broke."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    traceback: str = field(default="", repr=False)


class Hang(Exception):
    """A request was not answered in time."""


@contextmanager
def patience() -> Iterator[None]:
    """Raises `Hang`, also out of an endless loop. Only in the main thread."""

    def give_up(_: int, __: FrameType | None) -> None:
        raise Hang(f"no answer within {PATIENCE_SECONDS} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Wire:
    """One application."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._runner = asyncio.Runner()

    def send(self, request: requests.PreparedRequest) -> Answer:
        """The application's answer; 500 with a traceback if it broke, also if it answered before it did."""
        with patience():
            return self._runner.run(self._answer(request))

    def close(self) -> None:
        """Forget the event loop."""
        self._runner.close()

    async def _answer(self, request: requests.PreparedRequest) -> Answer:
        sent: list[Message] = []
        body = body_of(request)

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            await self._application(_scope(request), receive, send)
        except Exception:
            return Answer(500, {}, b"", traceback.format_exc())
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


def _scope(request: requests.PreparedRequest) -> dict[str, Any]:
    url = urlsplit(str(request.url))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(url.path),
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "root_path": "",
        "headers": [(_bytes(name).lower(), _bytes(value)) for name, value in request.headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
    }


def body_of(request: requests.PreparedRequest) -> bytes:
    """The body, empty where there is none."""
    assert isinstance(request.body, str | bytes | None)
    return _bytes(request.body or b"")


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
