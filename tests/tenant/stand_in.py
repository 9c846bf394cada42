"""A tiny web server on loopback that answers as a test says."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], str]
Behaviour = Callable[[str, str, dict[str, str], str], Reply | None]


@contextmanager
def serving(behave: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve, and yield the URL. `behave` gets method, path, headers (lower case) and body; None: hang up silently."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or else a body waits for 40 ms until its headers are acknowledged

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0))).decode()
            reply = behave(self.command, self.path, headers, body)
            if reply is None:
                self.close_connection = True
                return
            self._reply(*reply)

        def _reply(self, status: int, headers: dict[str, str], text: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text.encode())), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def saying(status: int, body: Any = None, **headers: str) -> Behaviour:
    """Always the same JSON answer; `content_type` becomes Content-Type."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return lambda *_: (status, named, "" if body is None else json.dumps(body))


def echo(method: str, path: str, headers: dict[str, str], body: str) -> Reply:
    """What was received, as JSON."""
    return 200, {}, json.dumps({"method": method, "path": path, "headers": headers, "body": body})


def slow(seconds: float) -> Behaviour:
    """An answer that takes its time."""

    def behave(*_: Any) -> Reply:
        time.sleep(seconds)
        return 200, {}, "{}"

    return behave
