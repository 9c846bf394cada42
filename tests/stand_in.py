"""A stand-in for a tenant: answers the few paths of the doctor's short form as told. Loopback only."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

METADATA = "/am/oauth2/realms/root/realms/alpha/.well-known/openid-configuration"
LOGIN = "/am/oauth2/access_token"
PROVIDER = "/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc"
AGENTS = "/am/json/realms/root/realms/alpha/realm-config/agents/AIAgent"

Answers = Mapping[str, tuple[int, dict[str, Any]]]

TENANT: Answers = {
    METADATA: (200, {"token_endpoint": "/"}),
    LOGIN: (200, {"access_token": "a-token", "expires_in": 899}),
    PROVIDER: (200, {"aiAgentsConfig": {"aiAgentsEnabled": True}}),
    AGENTS: (200, {"result": []}),
}


def but(**changes: tuple[int, dict[str, Any]]) -> Answers:
    """The answers of a tenant that is well, with some replaced: `but(AGENTS=(404, {}))`."""
    return {**TENANT, **{globals()[name]: answer for name, answer in changes.items()}}


@contextmanager
def stand_in(answers: Answers, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Answer each path as told and anything else with 404; yields the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path.partition("?")[0], (404, {"code": 404, "message": "Not Found"}))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            if 300 <= status < 400:
                self.send_header("Location", "https://elsewhere.example/path?query")
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that breaks off the handshake is what some tests want."""
