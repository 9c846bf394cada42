"""Runs a tenant on a real socket: in a thread for the suite, in the foreground for a person."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from types import TracebackType

import uvicorn

from reference_server import defects as defects_of_tenants
from reference_server import moods as moods_of_tenants
from reference_server.app import create_app
from reference_server.approver import PATH as APPROVER_PATH
from reference_server.limits import DRAIN_SECONDS, IDLE_SECONDS
from reference_server.log import keep_values_out
from reference_server.oauth.endpoints import by_path
from reference_server.protocol import Protocol
from reference_server.service_accounts import Credentials
from reference_server.tenant import Tenant

_STOP_SECONDS = 5
_TICKS_A_SECOND = 10
_GOODBYE_SECONDS = 0.005  # in which connections that clients have closed are found closed


class ReferenceServer:
    """A fresh tenant behind a listening socket; `url`, `tenant` and `service_account` are there before it starts.

    As a context manager it serves from a thread of its own. Port 0 picks a free one. `public_url` is what the tenant
    calls itself when clients reach it under another address. `defects` and `moods` are the names of those that it is to
    have; raises `UnknownName` for a name that is none.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str | None = None,
        *,
        hardened: bool = False,
        defects: Iterable[str] = (),
        moods: Iterable[str] = (),
    ) -> None:
        chosen_moods = [moods_of_tenants.find(name) for name in moods]
        chosen_defects = [defects_of_tenants.find(name) for name in defects]
        self._socket = _listening_socket(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.tenant = Tenant(public_url or f"http://{_bracketed(host)}:{self.port}", hardened=hardened)
        moods_of_tenants.plant(self.tenant, chosen_moods)
        for defect in chosen_defects:
            defect.plant(self.tenant)
        self.settling_seconds = max((mood.settling_seconds for mood in chosen_moods), default=0.0)
        """How long a client has to wait at most until a change of the configuration holds."""
        self.service_account: Credentials = self.tenant.service_accounts.create("Administration")
        self._ready = threading.Event()
        keep_values_out()
        self._uvicorn: _Uvicorn | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The public address of the tenant, without a trailing slash."""
        return self.tenant.url

    def approver_url(self, realm: str) -> str:
        """Where a script decides in a user's place what the agents of a realm ask for."""
        return f"{self.url}{APPROVER_PATH}/{realm}"

    def start(self) -> None:
        """Serve from a thread; returns when requests are answered."""
        self._thread = threading.Thread(target=self.serve, name="reference-server", daemon=True)
        self._thread.start()
        self._ready.wait(_STOP_SECONDS)

    def serve(self) -> None:
        """Serve until stopped. Until now gateways may join the tenant.

        In the main thread SIGINT and SIGTERM stop it.
        """
        self._uvicorn = _Uvicorn(_config(self.tenant), self._ready)
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Stop serving and give the port back."""
        if self._uvicorn is not None:
            self._uvicorn.end()
        if self._thread is None:
            self._socket.close()
        else:
            self._thread.join(_STOP_SECONDS)

    def __enter__(self) -> ReferenceServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class _Uvicorn(uvicorn.Server):
    """Tells when it is ready, ends at once where nobody is connected, and loses patience with clients that keep it
    waiting."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._told_to_end = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """Let it end; for any thread."""
        self.should_exit = True
        if self._loop:
            with suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._told_to_end.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_end.wait(), 1 / _TICKS_A_SECOND)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.sleep(_GOODBYE_SECONDS)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for listener in (*self.servers, *(sockets or ())):
            listener.close()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_A_SECOND == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Protocol):
                    connection.check()
        return await super().on_tick(counter)


def _config(tenant: Tenant) -> uvicorn.Config:
    """What gateways have to see goes the usual way."""
    direct = {} if tenant.gateways else {path.encode(): endpoint for path, endpoint in by_path(tenant).items()}
    return uvicorn.Config(
        create_app(tenant),
        http=partial(Protocol, direct),  # type: ignore[arg-type]  # a class with its first argument
        interface="asgi3",
        lifespan="off",
        ws="none",
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=2 * DRAIN_SECONDS,
    )


def _listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket. Its protocol is named because asyncio sets TCP_NODELAY only then."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
    except OSError:
        listener.close()
        raise
    return listener


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
