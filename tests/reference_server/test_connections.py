"""What a client may send on a connection and how long it may take; what the server tells of it in its log."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from reference_server import connection
from reference_server.limits import MAX_HEAD_BYTES
from reference_server.server import ReferenceServer

GET = b"GET /am/json/serverinfo/* HTTP/1.1\r\nhost: x\r\n"
POST = b"POST /am/oauth2/access_token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReferenceServer]:
    """A server without patience."""
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.2)
    with ReferenceServer() as server:
        yield server


def said(server: ReferenceServer, *parts: bytes, half_closed: bool = False) -> bytes:
    """All that the server answers on a connection until it closes it."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as client:
        for part in parts:
            client.sendall(part)
        if half_closed:
            client.shutdown(socket.SHUT_WR)
        answer = b""
        while received := client.recv(65536):
            answer += received
        return answer


def statuses(answer: bytes) -> list[int]:
    """The status of each answer on a connection."""
    return [int(line[:3]) for line in answer.split(b"HTTP/1.1 ")[1:]]


def body(answer: bytes) -> Any:
    """The body of the last one."""
    return json.loads(answer.rpartition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    "text",
    [
        b"garbage\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        GET + b"x-forgerock-transactionid: a\x01b\r\n\r\n",
        GET + b"content-length: 1\r\ncontent-length: 2\r\n\r\n",
        POST + b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"transfer-encoding: chunked\r\n\r\nzz\r\n",
        GET + b"transfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http_is_refused_in_the_tenants_words(server: ReferenceServer, text: bytes) -> None:
    answer = said(server, text)
    assert (statuses(answer), body(answer)["reason"]) == ([400], "Bad Request")


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_head_is_as_long_as_it_may_be(server: ReferenceServer, beyond: int) -> None:
    known = len("/am/json/serverinfo/*hostx") + len("connectionclose") + len("padding")
    head = GET + b"connection: close\r\npadding: " + b"x" * (MAX_HEAD_BYTES - known + beyond) + b"\r\n\r\n"
    assert statuses(said(server, head)) == [431 if beyond else 200]


def test_a_long_head_that_comes_in_one_piece_is_refused_once(
    server: ReferenceServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert statuses(said(server, GET + b"padding: " + b"x" * 100_000 + b"\r\n\r\n" + GET)) == [431]
    assert not caplog.records


@pytest.mark.parametrize("begin", [b"GET /", GET + b"padding: ", GET], ids=["line", "header", "headers"])
def test_a_head_without_end_is_refused(server: ReferenceServer, begin: bytes) -> None:
    more = b"x: y\r\n" * 10_000 if begin is GET else b"x" * 60_000
    answer = said(server, begin, *[more] * 10)
    assert (statuses(answer), body(answer)["code"]) == ([431], 431)


def test_a_long_body_is_no_head(server: ReferenceServer) -> None:
    form = b"grant_type=x&padding=" + b"x" * 200_000
    post = POST + f"content-length: {len(form)}\r\n\r\n".encode() + form
    assert statuses(said(server, post + GET[:20], GET[20:] + b"connection: close\r\n\r\n")) == [400, 200]


@pytest.mark.parametrize(
    "parts", [[b"GET /am HT"], [GET], [POST + b"content-length: 9\r\n\r\n", b"gra"], [GET + b"\r\n", b"GET /"]]
)
def test_who_does_not_finish_a_request_in_time_is_told(server: ReferenceServer, parts: list[bytes]) -> None:
    answer = said(server, *parts)
    assert (statuses(answer)[-1], body(answer)["code"]) == (408, 408)


def test_who_says_nothing_is_told_nothing(server: ReferenceServer) -> None:
    assert said(server) == b""


def test_who_has_no_more_to_say_still_gets_an_answer(server: ReferenceServer) -> None:
    assert statuses(said(server, GET + b"\r\n", half_closed=True)) == [200]


def test_requests_before_one_that_is_no_http_are_answered(server: ReferenceServer) -> None:
    assert statuses(said(server, (GET + b"\r\n") * 2 + b"garbage\r\n\r\n")) == [200, 200]


def test_a_few_requests_at_once_are_answered_in_order_but_not_hundreds(server: ReferenceServer) -> None:
    assert statuses(said(server, (GET + b"\r\n") * 50 + GET + b"connection: close\r\n\r\n")) == [200] * 51
    with contextlib.suppress(ConnectionResetError):
        assert len(statuses(said(server, (GET + b"\r\n") * 500))) < 500


def test_who_does_not_take_many_answers_is_dropped_without_a_trace(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.2)
    path = b"/am/oauth2/realms/root/realms/alpha/.well-known/openid-configuration"
    metadata = b"GET " + path + b" HTTP/1.1\r\nhost: x\r\n\r\n"
    server = ReferenceServer()
    server._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with server, socket.socket() as client:
        assert server._uvicorn is not None
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(10)
        client.connect(("127.0.0.1", server.port))
        client.sendall(metadata * 90)
        deadline = time.monotonic() + 10
        while server._uvicorn.server_state.tasks or time.monotonic() < deadline - 9.5:  # half a second: it has to stall
            assert time.monotonic() < deadline, "still connected"
            assert statuses(said(server, GET + b"connection: close\r\n\r\n")) == [200]
    assert not caplog.records


def test_trailers_are_no_headers(server: ReferenceServer) -> None:
    post = b"POST /am/oauth2/realms/root/realms/alpha/access_token HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
    chunks = b"transfer-encoding: chunked\r\n\r\nc\r\ngrant_type=x\r\n0\r\n"
    form = b"content-type: application/x-www-form-urlencoded\r\n"
    assert body(said(server, post + form + chunks + b"\r\n"))["error"] == "unsupported_grant_type"
    assert body(said(server, post + chunks + form + b"\r\n"))["error_description"] == "Invalid Content Type"


def test_where_connections_are_too_many_the_most_idle_has_to_go(
    server: ReferenceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 60)
    monkeypatch.setattr(connection, "MAX_CONNECTIONS", 10)
    idle = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(30)]
    assert statuses(said(server, GET + b"connection: close\r\n\r\n")) == [200]
    closed = 0
    for client in idle:
        client.setblocking(False)
        try:
            client.recv(1)
        except BlockingIOError:
            closed -= 1
        except ConnectionResetError:
            pass
        closed += 1
        client.close()
    assert closed >= 20


def test_a_fault_is_logged_without_the_values_that_led_to_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(_: object) -> None:
        message = "the secret"
        raise ValueError(message)

    with ReferenceServer() as server:
        monkeypatch.setattr(server.tenant.oauth["alpha"].form_reader, "read", crash)
        answer = said(server, POST.replace(b"/am/oauth2/", b"/am/oauth2/realms/root/realms/alpha/") + b"\r\n")
    assert (statuses(answer), body(answer)["message"]) == ([500], "Internal Server Error")
    (log,) = [logging.Formatter().format(record) for record in caplog.records if record.exc_info is None]
    assert ("ValueError" in log, "in crash" in log, "the secret" in log) == (True, True, False)
