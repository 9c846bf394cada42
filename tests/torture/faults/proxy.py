"""A proxy between suite and tenant that spoils requests of one kind, and the host that a redirect leads to."""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import trustme

from tests.torture.faults.kinds import Sent
from tests.torture.faults.toxics import Toxic

ALWAYS: Final = 1_000_000
_ABRUPTLY = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_OF_A_CONNECTION = ("host", "content-length", "connection", "transfer-encoding", "date", "server")


@dataclass(frozen=True)
class Fault:
    """One way to spoil the requests of one kind: `times` in a row, after so many that were `spared`."""

    toxic: Toxic
    kind: str
    times: int = ALWAYS
    spared: int = 0

    @property
    def persists(self) -> bool:
        """Whether it is there to the end of the run."""
        return self.times == ALWAYS

    def __str__(self) -> str:
        often = "always" if self.persists else f"{self.times} times"
        return f"{self.toxic.__name__} at {self.kind}, {often}{f' after {self.spared}' if self.spared else ''}"


@dataclass(frozen=True)
class Reply:
    """What the tenant answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def head(self, length: int) -> bytes:
        """Status line and headers, for a body of this length."""
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return f"HTTP/1.1 {self.status} X\r\n{fields}Content-Length: {length}\r\n\r\n".encode("latin-1")


class Proxy:
    """Passes requests to the tenant on `upstream`, a port of this machine, and spoils what the `fault` is for."""

    def __init__(self, url: str, trap: str) -> None:
        self.url = url
        self.trap = trap
        self.upstream = 0
        self.certificate = "good"
        """What a new connection is shown."""
        self.injected = 0
        self._fault: Fault | None = None
        self._seen = 0
        self._lock = threading.Lock()

    @contextmanager
    def spoiling(self, fault: Fault) -> Iterator[None]:
        """Spoil requests so, inside."""
        self._fault, self._seen, self.injected = fault, 0, 0
        try:
            yield
        finally:
            self._fault, self.certificate = None, "good"

    def toxic_for(self, sent: Sent) -> Toxic | None:
        """What is to happen to a request; None: it is passed on."""
        with self._lock:
            fault = self._fault
            if fault is None or sent.kind != fault.kind:
                return None
            self._seen += 1
            if not fault.spared < self._seen <= fault.spared + fault.times:
                return None
            self.injected += 1
            return fault.toxic

    def certificate_shown(self) -> str:
        """Which certificate a new connection gets; a fault that passes shows a wrong one once."""
        with self._lock:
            shown = self.certificate
            if self._fault is None or not self._fault.persists:
                self.certificate = "good"
            return shown


class Line:
    """One request, and the connection that it came by."""

    def __init__(self, handler: BaseHTTPRequestHandler, proxy: Proxy, sent: Sent) -> None:
        self.sent = sent
        self.trap = proxy.trap
        self._handler = handler
        self._proxy = proxy

    def asked(self) -> Reply:
        """Pass the request on: the tenant's answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._proxy.upstream)
        kept = {name: value for name, value in self.sent.headers.items() if name not in _OF_A_CONNECTION}
        try:
            connection.request(self.sent.method, self.sent.path, self.sent.body or None, kept)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        headers = {name: value for name, value in response.getheaders() if name.lower() not in _OF_A_CONNECTION}
        return Reply(response.status, headers, body)

    def answer(self, reply: Reply) -> None:
        """Give a whole answer; the connection is kept."""
        self.raw(reply.head(len(reply.body)) + reply.body, last=False)

    def say(self, content_type: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Give an answer of the proxy's own."""
        named = {"Content-Type": content_type} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.raw(Reply(status, named, body).head(len(body)) + body)

    def raw(self, data: bytes, *, last: bool = True) -> bool:
        """Send bytes, after which the connection ends unless they are not the `last`; False: the client has gone."""
        self._handler.close_connection = last
        try:
            self._handler.wfile.write(data)
        except OSError:
            self._handler.close_connection = True
            return False
        return True

    def reset(self, then_show: str = "good") -> None:
        """End the connection abruptly; new ones are shown this certificate."""
        self._proxy.certificate = then_show
        self._handler.close_connection = True
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPTLY)

    def wait(self, seconds: float) -> bool:
        """Let time pass, unless the client goes: whether it went."""
        self._handler.close_connection = True
        readable, _, _ = select.select([self._handler.connection], [], [], seconds)
        return bool(readable)


@contextmanager
def proxy(trap: str, tls: Mapping[str, ssl.SSLContext] | None = None) -> Iterator[Proxy]:
    """Serve on a free port of this machine; `tls`: a context for each certificate that may be shown."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            if tls:
                self.request = tls[found.certificate_shown()].wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.connection.close()  # where there is TLS the server knows of another socket, below this one

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            line = Line(self, found, Sent(self.command, self.path, headers, body))
            toxic = found.toxic_for(line.sent)
            if toxic:
                toxic(line)
            else:
                line.answer(line.asked())

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with _serving(Handler) as server:
        found = Proxy(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}", trap)
        yield found


class Trap:
    """Another host, to which nobody should send anything."""

    def __init__(self) -> None:
        self.url = ""
        self.visits = 0


@contextmanager
def trap() -> Iterator[Trap]:
    """Serve on a free port of this machine and count who comes."""
    found = Trap()

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            found.visits += 1

    with _serving(Handler) as server:
        found.url = f"http://localhost:{server.server_port}"
        yield found


def certificates(authority: trustme.CA) -> dict[str, ssl.SSLContext]:
    """The certificates that a proxy may show, all from one authority."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    issued = {
        "good": authority.issue_cert("127.0.0.1"),
        "expired": authority.issue_cert("127.0.0.1", not_before=yesterday - timedelta(days=1), not_after=yesterday),
        "of another name": authority.issue_cert("elsewhere.example"),
    }
    contexts = {}
    for name, certificate in issued.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(contexts[name])
    return contexts


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that breaks off is what faults are for."""

    def shutdown_request(self, request: Any) -> None:
        """Close without a farewell, or else nothing could be abrupt."""
        with suppress(OSError):
            self.close_request(request)


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
