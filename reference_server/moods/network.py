"""What lies between a tenant and its clients: distance, faults, and a limit on how often one may ask."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_server.moods.registry import mood

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

DELAY_SECONDS = 0.15
FAULTY_SHARE = 0.05
SEED = 8693
REQUESTS_PER_SECOND = 100
RETRY_AFTER_SECONDS = 1
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on with 0 seconds: closing the socket resets the connection."""


class Slow:
    """Lets each request wait before it is passed on."""

    def __init__(self, behind: ASGIApp) -> None:
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(DELAY_SECONDS)
        await self._behind(scope, receive, send)


class Flaky:
    """Passes most requests on; the others are turned away, or their connection breaks before anything is done."""

    def __init__(self, behind: ASGIApp) -> None:
        self._behind = behind
        self._chance = random.Random(SEED)  # noqa: S311 - the same faults in each run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._chance.random() >= FAULTY_SHARE:
            await self._behind(scope, receive, send)
            return
        status = self._chance.choice((503, 429, None))
        if status is None:
            await reset(send)
        else:
            await turned_away(status)(scope, receive, send)


class Forgetful:
    """Carries out every request, but the answer to some is lost: their connection breaks."""

    def __init__(self, behind: ASGIApp) -> None:
        self._behind = behind
        self._chance = random.Random(SEED)  # noqa: S311 - the same faults in each run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lost = self._chance.random() < FAULTY_SHARE
        await self._behind(scope, receive, _dropping if lost else send)
        if lost:
            await reset(send)


class Throttling:
    """Passes on so many requests in each second; who comes later is to come again in the next."""

    def __init__(self, behind: ASGIApp) -> None:
        self._behind = behind
        self._second = 0
        self._passed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        second = int(asyncio.get_running_loop().time())
        self._passed = self._passed + 1 if second == self._second else 1
        self._second = second
        admitted = self._passed <= REQUESTS_PER_SECOND
        await (self._behind if admitted else turned_away(429))(scope, receive, send)


def turned_away(status: int) -> ASGIApp:
    """A gateway's answer to a request that may be repeated (RFC 9110 section 10.2.3, RFC 6585 section 4)."""
    return JSONResponse({"message": "Try again later"}, status, {"retry-after": str(RETRY_AFTER_SECONDS)})


async def reset(send: Send) -> None:
    """Break the connection that an answer would be sent on, without sending anything."""
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    await asyncio.sleep(0.01)  # until the server has noticed that nobody waits for an answer any more


async def _dropping(_: Message) -> None:
    """Send nothing."""


@mood("slow", differs=f"each request takes {DELAY_SECONDS * 1000:.0f} ms longer")
def slow(tenant: Tenant) -> None:
    tenant.gateways.append(Slow)


@mood(
    "flaky",
    differs=f"{FAULTY_SHARE:.0%} of the requests get 503, 429 with Retry-After, or a reset connection; nothing is done",
)
def flaky(tenant: Tenant) -> None:
    tenant.gateways.append(Flaky)


@mood("forgetful", differs=f"the connection is reset instead of {FAULTY_SHARE:.0%} of the answers, after all was done")
def forgetful(tenant: Tenant) -> None:
    tenant.gateways.append(Forgetful)


@mood("throttling", differs=f"429 with Retry-After beyond {REQUESTS_PER_SECOND} requests per second")
def throttling(tenant: Tenant) -> None:
    tenant.gateways.append(Throttling)
