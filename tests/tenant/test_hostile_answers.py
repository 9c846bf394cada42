"""Answers without an end, packed to burst, in no HTTP: what is read has a limit, and the error says which."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import repeat

import pytest

from fixtures.tenant.errors import Unreachable
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http
from fixtures.tenant.wire import LONGEST_ANSWER_BYTES
from tests.tenant.still_time import Time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ZEROS = gzip.compress(bytes(4 * LONGEST_ANSWER_BYTES), 1)


@contextmanager
def answering(*parts: Iterable[bytes], pause_seconds: float = 0.0) -> Iterator[str]:
    """A server that sends these bytes to whoever comes, until they go, with a pause after each part."""
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    for part in (each for several in parts for each in several):
                        connection.sendall(part)
                        if over.wait(pause_seconds):
                            return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def error_of(http: Http, url: str) -> str:
    with pytest.raises(Unreachable) as raised:
        http.send("GET", f"{url}/x")
    return str(raised.value)


def test_a_body_without_an_end_is_broken_off(http: Http) -> None:
    with answering([HEAD + b"\r\n"], repeat(b"x" * 65536)) as url:
        assert "answered GET /x with more than a tenant has to say" in error_of(http, url)


def test_a_body_that_unpacks_to_more_is_broken_off(http: Http) -> None:
    packed = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(ZEROS), ZEROS)
    with answering([HEAD + packed]) as url:
        assert "more than a tenant has to say" in error_of(http, url)


def test_what_is_packed_twice_is_not_unpacked(http: Http) -> None:
    twice = gzip.compress(ZEROS)
    packed = b"Content-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(twice), twice)
    with answering([HEAD + packed]) as url:
        assert "with a body that can't be unpacked" in error_of(http, url)


def test_a_body_that_comes_in_drops_has_the_time_of_an_answer() -> None:
    with (
        Http(timeout_seconds=0.2, retries=Time().retries(attempts=1)) as http,
        answering([HEAD + b"Content-Length: 1000\r\n\r\n"], repeat(b" "), pause_seconds=0.01) as url,
    ):
        assert "did not answer GET /x within 0.2 s" in error_of(http, url)


def test_another_protocol(http: Http) -> None:
    with answering([b"SSH-2.0-OpenSSH_9.6\r\n\r\n"]) as url:
        assert "did not answer GET /x in HTTP" in error_of(http, url)


def test_headers_without_an_end(http: Http) -> None:
    with answering([HEAD], repeat(b"X-Header: %b\r\n" % (b"x" * 1000))) as url:
        assert "did not answer GET /x in HTTP" in error_of(http, url)


def test_a_charset_that_is_for_no_text(http: Http) -> None:
    with answering([b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=hex\r\nContent-Length: 2\r\n\r\n{}"]) as url:
        assert http.send("GET", url).body == {}


def test_json_that_is_nested_too_deeply_is_none() -> None:
    assert Answer(Request("GET", "https://t/"), 200, {}, "[" * 200_000, 1.0).body is None
