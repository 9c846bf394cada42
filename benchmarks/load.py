"""`python -m benchmarks.load`: sends one request over and over on kept connections, and counts and times the answers.

The wish is JSON on standard input, the outcome JSON on standard output. A process of its own, so that it has a core of
its own; a hand-made client, so that it is never the slower side.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.processes import LOAD_CORE, ROOT, environment, pin
from benchmarks.rounds import Unmeasured
from benchmarks.statistics import percentile
from fixtures.tenant.exchange import FORM_TYPE

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Wish:
    """What to send, on how many connections, and for how long or how often: what comes first ends it."""

    url: str
    forms: Sequence[dict[str, str]] = ()
    """Sent in turns; none: a GET."""
    connections: int = 1
    seconds: float | None = None
    requests: int | None = None
    expected: str = ""
    """What each right answer holds."""
    headers: dict[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    per_second: float
    p50_ms: float
    p99_ms: float
    answers: int
    wrong: int
    """Answers other than 200, or without what was expected."""


def load(wish: Wish) -> Outcome:
    """Send it from a process on the load's core; raises `Unmeasured` where an answer is wrong."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=ROOT,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    pin(process.pid, LOAD_CORE)
    output, faults = process.communicate(json.dumps(asdict(wish)).encode())
    if process.returncode:
        raise Unmeasured(faults[-300:].decode(errors="replace"))
    outcome = Outcome(**json.loads(output))
    if outcome.wrong:
        raise Unmeasured(f"{outcome.wrong} of {outcome.answers} answers were wrong")
    return outcome


class _Connection(asyncio.Protocol):
    """One request after the other; `told` gets milliseconds and whether the answer was right, and says what is next."""

    def __init__(self, first: bytes, told: Callable[[float, bool], bytes | None], expected: bytes) -> None:
        self._request: bytes | None = first
        self._told = told
        self._expected = expected
        self._received = b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(_END_OF_HEAD)
        if head < 0:
            return
        length = _content_length(self._received[:head])
        if len(self._received) < head + len(_END_OF_HEAD) + length:
            return
        right = self._received[9:12] == b"200" and self._expected in self._received
        self._received = b""
        self._request = self._told((time.perf_counter() - self._sent) * 1000, right)
        self._send()

    def connection_lost(self, fault: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(fault or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        if self._request is None:
            self.ended.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(self._request)


class _Tally:
    def __init__(self, wish: Wish) -> None:
        self.milliseconds: list[float] = []
        self.wrong = 0
        self._requests = as_sent(wish)
        self._sent = 0
        self._left = wish.requests or sys.maxsize
        self._ends = time.perf_counter() + wish.seconds if wish.seconds else float("inf")

    def following(self) -> bytes | None:
        """The next request, None when it is enough."""
        if self._sent >= self._left or time.perf_counter() >= self._ends:
            return None
        self._sent += 1
        return self._requests[self._sent % len(self._requests)]

    def told(self, milliseconds: float, right: bool) -> bytes | None:
        """Count an answer."""
        self.milliseconds.append(milliseconds)
        self.wrong += not right
        return self.following()


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(_LENGTH)
    if at < 0:
        raise ValueError("an answer without Content-Length")
    return int(lowered[at + len(_LENGTH) :].partition(b"\r\n")[0])


def as_sent(wish: Wish) -> list[bytes]:
    """The requests of a wish, byte for byte."""
    address = urlsplit(wish.url)
    target = address.path + (f"?{address.query}" if address.query else "")
    shared = "".join(f"{name}: {value}\r\n" for name, value in (wish.headers or {}).items())
    if not wish.forms:
        return [f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\n{shared}\r\n".encode()]
    found = []
    for form in wish.forms:
        body = urlencode(form)
        head = f"POST {target} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: {FORM_TYPE}\r\n{shared}"
        found.append(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    return found


def _itself(made: _Connection) -> _Connection:
    return made


async def _sent(wish: Wish) -> Outcome:
    address = urlsplit(wish.url)
    host, port = address.hostname or "", address.port or 80
    loop = asyncio.get_running_loop()
    tally = _Tally(wish)
    connections = []
    began = time.perf_counter()
    for _ in range(wish.connections):
        if first := tally.following():
            made = _Connection(first, tally.told, wish.expected.encode())
            await loop.create_connection(partial(_itself, made), host, port)
            connections.append(made)
    patience = (wish.seconds or _PATIENCE_SECONDS * 60) + _PATIENCE_SECONDS
    await asyncio.wait_for(asyncio.gather(*(each.ended for each in connections)), patience)
    seconds = time.perf_counter() - began
    times = tally.milliseconds
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    return Outcome(len(times) / seconds, p50, p99, len(times), tally.wrong)


def main() -> int:
    """Do what standard input asks for."""
    wish = Wish(**json.load(sys.stdin))
    try:
        import uvloop
    except ImportError:
        outcome = asyncio.run(_sent(wish))
    else:
        outcome = uvloop.run(_sent(wish))
    json.dump(asdict(outcome), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
