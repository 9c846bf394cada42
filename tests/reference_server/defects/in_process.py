"""Tenants in this process, with and without a defect: no socket to open, no server to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import httpx

from reference_server import defects, moods
from reference_server.app import create_app
from reference_server.login import ServiceAccountLogin
from reference_server.service_accounts import Credentials, ServiceAccounts
from reference_server.tenant import Tenant
from tests.reference_server.oauth.world import Guide

URL = "http://127.0.0.1:8080"
_accounts = ServiceAccounts()


@cache
def administrator() -> Credentials:
    """One account for all tenants: to make its key takes longer than everything else."""
    return _accounts.create("Administration")


class InProcessServer:
    """A fresh tenant with these defects, in these moods."""

    def __init__(self, *names: str, hardened: bool = False, in_moods: Iterable[str] = ()) -> None:
        self.url = URL
        self.tenant = Tenant(URL, hardened=hardened)
        moods.plant(self.tenant, [moods.find(name) for name in in_moods])
        for name in names:
            defects.find(name).plant(self.tenant)
        self.service_account = administrator()
        self.tenant.login = ServiceAccountLogin(URL, _accounts, self.tenant.sessions, self.tenant.clock)


class InProcess(httpx.BaseTransport):
    """Answers by calling the tenant's application."""

    def __init__(self, tenant: Tenant) -> None:
        self._application = httpx.ASGITransport(create_app(tenant), raise_app_exceptions=False)
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._answer(request))

    def close(self) -> None:
        self._runner.close()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._application.handle_async_request(request)
        headers = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
        return httpx.Response(answer.status_code, headers=headers, content=await answer.aread())


@contextmanager
def guide_with(*names: str, hardened: bool = False, in_moods: Iterable[str] = ()) -> Iterator[Guide]:
    """The guide's tasks 1 to 3, done on a tenant that has these defects and is in these moods."""
    server = InProcessServer(*names, hardened=hardened, in_moods=in_moods)
    with httpx.Client(base_url=URL, transport=InProcess(server.tenant)) as http:
        yield Guide(server, http, "")
