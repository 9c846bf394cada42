"""HTTP as bytes on a socket, for requests that no client would send."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import dataclass
from typing import Any

SECONDS = 40.0  # more than the server's patience
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """One answer on a connection."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body as JSON."""
        return json.loads(self.body)


def request(method: str, path: str, body: bytes = b"", *, chunked: bool = False, **headers: str) -> bytes:
    """A request after which the connection is closed; header names are written with underscores."""
    named = {"host": "tenant", "connection": "close"} | {key.replace("_", "-"): value for key, value in headers.items()}
    if chunked:
        named["transfer-encoding"] = "chunked"
        pieces = [body[start : start + 4096] for start in range(0, len(body), 4096)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    elif body:
        named["content-length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{key}: {value}" for key, value in named.items()), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body


def said(port: int, *parts: bytes, half_closed: bool = False) -> list[Answer]:
    """What a server answers to these bytes until it closes the connection; none where it does so without a word."""
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        with contextlib.suppress(ConnectionError):  # it may have heard enough
            for part in parts:
                connection.sendall(part)
            if half_closed:
                connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(1 << 16):
                received += piece
    return answers(bytes(received))


def answers(received: bytes) -> list[Answer]:
    """The answers in a stream of bytes; the last one may be cut short."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines)}
        code, length = int(status.split()[1]), int(headers.get("content-length", 0))
        if code >= 200:  # 100 Continue is none yet
            found.append(Answer(code, headers, rest[:length]))
        received = rest[length:]
    return found
