"""The body of a request, as far as it is of reasonable size and its sender still there."""

from __future__ import annotations

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from reference_server.limits import MAX_UNWANTED_BYTES


class BodyTooLarge(Exception):
    """The body is longer than the endpoint takes."""


async def read_body(receive: Receive, most: int) -> bytes:
    """Read a body of at most that many bytes to its end.

    What is beyond is read but not kept, up to a point, so that the client gets its answer. Raises `BodyTooLarge`, and
    `ClientDisconnect` where the body ends because the client went away: half a request must have no effect.
    """
    body = bytearray()
    size = 0
    more = True
    while more and size <= most + MAX_UNWANTED_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size <= most:
            body += chunk
    if size > most:
        raise BodyTooLarge
    return bytes(body)
