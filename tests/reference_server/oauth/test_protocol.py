"""Token requests take a short way that nobody can tell from the usual one, taken where the address has a query."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from reference_server.limits import MAX_FORM_BYTES
from reference_server.server import ReferenceServer

PATH = "/am/oauth2/realms/root/realms/alpha"
TYPE = "Content-Type: application/x-www-form-urlencoded"
SHORT, USUAL = "", "?x=1"


def exchange(server: ReferenceServer, *pieces: bytes, answers: int = 1) -> list[bytes]:
    """Send pieces one after the other on one connection, and read that many answers, without their dates."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
        found: list[bytes] = []
        while len(found) < answers:
            head, blank, rest = received.partition(b"\r\n\r\n")
            length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0)
            if blank and len(rest) >= length:
                lines = [line for line in head.split(b"\r\n") if not line.startswith(b"date:")]
                found.append(b"\r\n".join([*lines, b"", rest[:length]]))
                received = rest[length:]
            else:
                more = connection.recv(65536)
                assert more, f"the connection ended after {received!r}"
                received += more
    return found


def post(way: str, body: bytes, *headers: str, endpoint: str = "/access_token", version: str = "1.1") -> bytes:
    """A request with a body of known length."""
    head = [f"POST {PATH}{endpoint}{way} HTTP/{version}", "Host: x", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


CASES: dict[str, Callable[[str], list[bytes]]] = {
    "a refusal": lambda way: [post(way, b"grant_type=password&client_id=x&client_secret=y", TYPE)],
    "a challenge": lambda way: [post(way, b"grant_type=password", TYPE, "Authorization: Basic eDp5")],
    "introspection": lambda way: [post(way, b"token=x&client_id=x", TYPE, endpoint="/introspect")],
    "no form": lambda way: [post(way, b"{}", "Content-Type: application/json")],
    "no body": lambda way: [post(way, b"", TYPE)],
    "a method that is not allowed": lambda way: [post(way, b"", TYPE, endpoint="/connect/jwk_uri")],
    "a body in pieces": lambda way: [post(way, b"", TYPE)[:60], post(way, b"", TYPE)[60:]],
    "a body in chunks": lambda way: [
        post(way, b"", TYPE).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"),
        b"9\r\ngrant_typ\r\n",
        b"4\r\ne=ab\r\n0\r\n\r\n",
    ],
    "the largest body": lambda way: [post(way, b"a" * MAX_FORM_BYTES, TYPE)],
    "a body that is too large": lambda way: [post(way, b"a" * (MAX_FORM_BYTES + 1), TYPE)],
    "chunks that are too large": lambda way: [
        post(way, b"", TYPE).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"),
        b"%x\r\n%s\r\n0\r\n\r\n" % (MAX_FORM_BYTES + 1, b"a" * (MAX_FORM_BYTES + 1)),
    ],
    "a connection to be closed": lambda way: [post(way, b"", TYPE, "Connection: close")],
    "the old protocol": lambda way: [post(way, b"", TYPE, version="1.0")],
}


@pytest.mark.parametrize("case", CASES)
def test_both_ways_lead_to_the_same_answer(server: ReferenceServer, case: str) -> None:
    short, usual = (exchange(server, *CASES[case](way)) for way in (SHORT, USUAL))
    assert short == usual


def test_answers_come_in_the_order_of_the_requests_whichever_way_each_goes(server: ReferenceServer) -> None:
    requests = [
        post(way, b"", TYPE, endpoint=end) for end in ("/access_token", "/introspect") for way in (SHORT, USUAL)
    ]
    expected = [exchange(server, request)[0] for request in requests]
    assert exchange(server, b"".join(requests), answers=4) == expected
    assert exchange(server, b"".join(reversed(requests)), answers=4) == expected[::-1]


def test_a_client_that_waits_to_be_asked_for_the_body_is_asked(server: ReferenceServer) -> None:
    request = post(SHORT, b"grant_type=x", TYPE, "Expect: 100-continue")
    asked, answered = exchange(server, request, answers=2)
    assert asked.startswith(b"HTTP/1.1 100")
    assert answered.startswith(b"HTTP/1.1 400")


def test_a_fault_is_a_500_and_goes_to_the_log(
    server: ReferenceServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(server.tenant.oauth["alpha"].token_endpoint, "answer", fail)
    short, usual = (exchange(server, post(way, b"client_secret=hidden", TYPE)) for way in (SHORT, USUAL))
    assert short == usual
    assert short[0].startswith(b"HTTP/1.1 500")
    assert "ZeroDivisionError" in caplog.text
    assert "hidden" not in caplog.text
