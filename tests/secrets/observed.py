"""A reference server whose secrets are known by kind: noted on the wire, by other code than the suite's own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from reference_server.server import ReferenceServer

Kinds = dict[str, set[str]]
KEY_MEMBERS = ("d", "p", "q", "dp", "dq", "qi")
ISSUED = {
    "password": "access token of a user",
    "urn:ietf:params:oauth:grant-type:token-exchange": "access token of an agent",
    "urn:openid:params:grant-type:ciba": "access token of an agent",
    "urn:ietf:params:oauth:grant-type:jwt-bearer": "token of the service account",
}
SIGNED = {"assertion": "client assertion", "client_assertion": "client assertion", "request": "signed request"}
KINDS = frozenset(
    {"user password", "application secret", "agent secret", "key of the service account", "refresh token", "ID token"}
    | {*ISSUED.values(), *SIGNED.values()}
)
"""What a whole run by a service account comes across; `witness` adds the keys of agents, which are never sent."""


class Wire:
    """A gateway that notes what is secret in requests that succeed and in their answers."""

    def __init__(self, secrets: Kinds) -> None:
        self._app: Any = None
        self._secrets = secrets
        self.echoing = False
        """Whether OAuth requests are answered by an error page that repeats them."""

    def in_front_of(self, app: Any) -> Wire:
        """Stand before an ASGI application."""
        self._app = app
        return self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass request and answer on."""
        sent, answered, status = bytearray(), bytearray(), 0

        async def receiving() -> Any:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def sending(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            answered.extend(message.get("body", b""))
            await send(message)

        if self.echoing and scope["path"].endswith("/access_token") and "/realms/" in scope["path"]:
            await _echo(scope, receive, send)
            return
        await self._app(scope, receiving, sending)
        if 200 <= status < 300:
            self._note(scope["path"], bytes(sent), bytes(answered))

    def _note(self, path: str, sent: bytes, answered: bytes) -> None:
        form = dict(parse_qsl(sent.decode("utf-8", "replace")))
        document, answer = _json(sent), _json(answered)
        issued = ISSUED.get(form.get("grant_type", ""), "token")
        of_a_client = "agent secret" if "/AIAgent/" in path else "application secret"
        secret = document.get("coreOAuth2ClientConfig", document).get("userpassword")
        found = [(issued, answer.get("access_token")), ("ID token", answer.get("id_token")), (of_a_client, secret)]
        found += [("refresh token", answer.get("refresh_token")), ("user password", document.get("password"))]
        found += [(kind, form.get(name)) for name, kind in SIGNED.items()]
        for kind, value in found:
            value = value.get("value") if isinstance(value, dict) else value
            if isinstance(value, str) and value:
                self._secrets[kind].add(value)


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    body = (await receive()).get("body", b"")
    text = b"<html><pre>" + repr(scope["headers"]).encode() + b"\n" + body + b"</pre></html>"
    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class Observed:
    """The server, what is secret of it, and the wire to it."""

    def __init__(self, server: ReferenceServer) -> None:
        self.server = server
        self.secrets: Kinds = defaultdict(set)
        self.secrets["key of the service account"] = {str(server.service_account.jwk[name]) for name in KEY_MEMBERS}
        self.wire = Wire(self.secrets)
        server.tenant.gateways.append(self.wire.in_front_of)


@contextmanager
def observed(*defects: str) -> Iterator[Observed]:
    """A serving reference server with these defects."""
    tenant = Observed(ReferenceServer(defects=defects))
    with tenant.server:
        yield tenant
