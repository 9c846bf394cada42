"""A tenant that bears whatever is sent to it, and still has to do what the guide says afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import requests

from reference_server.app import create_app
from tests.reference_server.defects.in_process import InProcess, InProcessServer
from tests.reference_server.oauth.administration import Server
from tests.reference_server.oauth.world import Guide, World
from tests.torture.fuzz.cast import Cast
from tests.torture.fuzz.names import REALMS
from tests.torture.fuzz.wire import Wire

_LIVE = re.compile(r"<([A-Za-z ]+?)( of the other realm)?>")


@dataclass(frozen=True)
class Caller:
    """Who sends a request that doesn't say so itself."""

    name: str
    authorization: str | None


class Fuzzed:
    """A tenant with the actors of both realms."""

    def __init__(self, server: Server, http: httpx.Client) -> None:
        self.server = server
        self.http = http
        worlds = {realm: World(server, http, "", realm) for realm in REALMS}
        self._live = {realm: Cast(world).live() for realm, world in worlds.items()}
        self.callers = (
            Caller("nobody", None),
            Caller("an end user", f"Bearer {self._live['alpha']['user token']()}"),
            Caller("the administrator", worlds["alpha"].admin["Authorization"]),
        )

    def request(self, parts: Mapping[str, Any], caller: Caller) -> requests.PreparedRequest:
        """A request from its parts, live values filled in."""
        filled = self._filled(dict(parts), realm_of(parts["url"]))
        headers = ({"Authorization": caller.authorization} if caller.authorization else {}) | filled.pop("headers")
        return requests.Request(**filled | {"url": self.server.url + filled["url"], "headers": headers}).prepare()

    def still_works(self) -> None:
        """Walk through the guide with new actors; of what was changed only the provider's settings are put back."""
        for realm in REALMS:
            world = World(self.server, self.http, "", realm)
            provider = f"{world.config}/services/oauth-oidc"
            shipped = self.http.post(f"{provider}?_action=template", headers=world.admin).json()
            world.administer("PUT", provider, shipped)
        guide = Guide(self.server, self.http, "-afterwards")
        user_token = guide.user_token()
        agent_token = guide.agent_token(user_token)
        told = guide.introspect(agent_token, guide.assistant)
        assert (told["active"], told["scope"], told["sub"]) == (True, "read-data", guide.barbara.id)
        assert told["act"] == {"sub": guide.assistant.id}
        guide.revoke(agent_token, guide.assistant)
        assert not guide.is_active(agent_token, guide.assistant)
        assert guide.is_active(user_token, guide.app)

    def _filled(self, value: Any, realm: str) -> Any:
        """The value with live ones in place of their names, of the realm of the request or of the other one."""

        def live(match: re.Match[str]) -> str:
            of = next(other for other in REALMS if other != realm) if match[2] else realm
            return self._live[of].get(match[1], lambda: match[0])()

        if isinstance(value, dict):
            return {name: self._filled(item, realm) for name, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item, realm) for item in value]
        return _LIVE.sub(live, value) if isinstance(value, str) else value


class FuzzedInProcess(Fuzzed):
    """One without sockets."""

    def __init__(self, server: InProcessServer, http: httpx.Client) -> None:
        super().__init__(server, http)
        self.wire = Wire(create_app(server.tenant))


@contextmanager
def fuzzed_in_process() -> Iterator[FuzzedInProcess]:
    """A fresh tenant in this process."""
    server = InProcessServer()
    with httpx.Client(base_url=server.url, transport=InProcess(server.tenant)) as http:
        fuzzed = FuzzedInProcess(server, http)
        try:
            yield fuzzed
        finally:
            fuzzed.wire.close()


def realm_of(url: str) -> str:
    """The realm that a request goes to; alpha where its path names none."""
    found = re.search(r"/(alpha|bravo)[/_]|/(alpha|bravo)$", url.partition("?")[0])
    return next(filter(None, found.groups())) if found else "alpha"
