"""The tenant: its address, its two realms and everything that administrators keep in them."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from reference_server.am.agents import AgentRegistry
from reference_server.am.provider import ProviderService
from reference_server.clock import Clock
from reference_server.idm.objects import ManagedObjects
from reference_server.idm.schema import load_types
from reference_server.login import ServiceAccountLogin
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.service_accounts import ServiceAccounts
from reference_server.sessions import Sessions

REALMS = ("alpha", "bravo")


class Realm:
    """What a realm of access management holds."""

    def __init__(self, name: str, managed: ManagedObjects, clock: Clock) -> None:
        self.name = name
        self.provider = ProviderService(name)
        self.agents = AgentRegistry(name, managed, clock)


class Tenant:
    """A fresh tenant: two realms with the provider as shipped, and nothing else.

    `url` is the public address, fixed at start and never taken from a request (scheme and host, no trailing slash).
    A `hardened` tenant binds what agents get to the user's token, further than the guide's example does.
    """

    def __init__(self, url: str, *, hardened: bool = False) -> None:
        self.url = url.rstrip("/")
        self.hardened = hardened
        self.clock = Clock()
        self.managed = ManagedObjects(load_types(REALMS))
        self.service_accounts = ServiceAccounts()
        self.sessions = Sessions(self.clock)
        self.login = ServiceAccountLogin(self.url, self.service_accounts, self.sessions, self.clock)
        self.realms = {name: Realm(name, self.managed, self.clock) for name in REALMS}
        self.gateways: list[Callable[[ASGIApp], ASGIApp]] = []
        """What requests pass on their way to the routes, the innermost first."""
        self.oauth = {name: AuthorizationServer(self, realm) for name, realm in self.realms.items()}
