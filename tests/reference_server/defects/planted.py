"""A tenant of its own for each defect, without a socket, and the same test with and without the defect."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from reference_server.app import create_app
from reference_server.defects import find
from reference_server.service_accounts import AM_SCOPE, IDM_SCOPE
from reference_server.tenant import Tenant
from tests.reference_server.oauth.world import Guide


def planted(name: str) -> pytest.MarkDecorator:
    """Run a test in a tenant with the defect, where `wrong` is true, and in a clean one, where it is false."""
    cases = [pytest.param(name, True, id=name), pytest.param(None, False, id="clean")]
    return pytest.mark.parametrize(("guide", "wrong"), cases, indirect=["guide"])


@contextmanager
def guide_with(*defects: str, hardened: bool = False) -> Iterator[Guide]:
    """The guide's tasks 1 to 3, done in a tenant with these defects."""
    tenant = Tenant("http://tenant.example", hardened=hardened)
    for name in defects:
        find(name).plant(tenant)
    with InProcess(tenant) as transport, httpx.Client(transport=transport, base_url=tenant.url) as http:
        yield DirectGuide(tenant, http)


class DirectGuide(Guide):
    """Administers with a session that is there without a login, which would cost more than all the rest."""

    def __init__(self, tenant: Tenant, http: httpx.Client) -> None:
        server: Any = SimpleNamespace(tenant=tenant, url=tenant.url)
        super().__init__(server, http, "-1")

    def _administrator(self) -> str:
        return self.server.tenant.sessions.open("administrator", frozenset({AM_SCOPE, IDM_SCOPE}))


class InProcess(httpx.BaseTransport):
    """Asks the application itself; an exception in it is answered as a server would."""

    def __init__(self, tenant: Tenant) -> None:
        self._loop = asyncio.new_event_loop()
        self._asgi = httpx.ASGITransport(create_app(tenant), raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer, read to its end."""
        return self._loop.run_until_complete(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._asgi.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

    def close(self) -> None:
        """Let go of the event loop."""
        self._loop.close()
