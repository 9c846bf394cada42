"""Clients that are slow, silent, gone or many: their connections end, and nobody else waits for them."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator

import pytest

from reference_server.limits import MAX_CONNECTIONS
from tests.reference_server.oauth.world import Guide
from tests.torture.conftest import Count, Length
from tests.torture.malice.under_way import UnderWay
from tests.torture.malice.wire import FORM, request, said
from tests.torture.process import Process

GET = b"GET /am/json/serverinfo/* HTTP/1.1\r\nhost: x\r\n"
SHORT_PATIENCE, LONG_PATIENCE = 3.0, 30.0
GRACE = 10.0  # the server looks once a second; other work of the machine may come between
RESET = struct.pack("ii", 1, 0)


@pytest.fixture(scope="module")
def patience(length: Length) -> float:
    """Seconds that a request may take: as shipped, or less in a short run."""
    return SHORT_PATIENCE if length.short else LONG_PATIENCE


@pytest.fixture(scope="module")
def impatient(patience: float) -> Iterator[Process]:
    """A server that has just that patience."""
    with Process(
        prelude=f"from reference_server import connection; connection.REQUEST_SECONDS = {patience}"
    ) as process:
        yield process
        assert process.logged() == ""


def connections(port: int, number: int, said_first: bytes) -> list[socket.socket]:
    """That many clients that all begin alike."""
    clients = []
    for _ in range(number):
        client = socket.create_connection(("127.0.0.1", port), 10)
        client.sendall(said_first)
        clients.append(client)
    return clients


def ended(client: socket.socket) -> bool:
    """Whether the server has closed the connection."""
    client.setblocking(False)
    try:
        while client.recv(1 << 16):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    client.close()
    return True


SLOW = {
    "silent": b"",
    "within the line": b"GET /am/js",
    "within the headers": GET + b"x-slow: ",
    "before the body": request("POST", "/am/oauth2/access_token", content_type=FORM, content_length="100"),
    "within the body": request("POST", "/am/oauth2/access_token", content_type=FORM, content_length="100") + b"grant",
    "within a chunk": request("POST", "/am/oauth2/access_token", transfer_encoding="chunked") + b"ff\r\ngrant",
    "within the second request": GET + b"\r\n" + GET,
}


def test_slow_clients_are_dropped_and_nobody_waits_for_them(
    impatient: Process, patience: float, length: Length, count: Count
) -> None:
    number = length.of(100, at_least=20)
    slow = [client for begin in SLOW.values() for client in connections(impatient.port, number, begin)]
    began = time.monotonic()
    while slow and time.monotonic() - began < patience + GRACE:
        assert [answer.status for answer in said(impatient.port, GET + b"connection: close\r\n\r\n")] == [200]
        for client in slow:
            with contextlib.suppress(OSError):
                client.sendall(b"x")  # a little each time does not help
        slow = [client for client in slow if not ended(client)]
        select.select([], [], [], 0.2)
    for client in slow:
        client.close()
    assert not slow
    count("slow clients", number * len(SLOW))


def test_who_never_reads_the_answer_is_dropped(impatient: Process, patience: float) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", impatient.port))
        metadata = (
            b"GET /am/oauth2/realms/root/realms/alpha/.well-known/openid-configuration HTTP/1.1\r\nhost: x\r\n\r\n"
        )
        client.setblocking(False)
        began = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012 - one of these sends tells
            while time.monotonic() - began < patience + 2 * GRACE:
                with contextlib.suppress(BlockingIOError):
                    client.sendall(metadata * 10)
                select.select([], [], [], 0.1)


def test_many_idle_connections_leave_room_for_an_honest_one(process: Process, length: Length, count: Count) -> None:
    number = length.of(2_000, at_least=1_200)
    idle = connections(process.port, number, b"")
    assert [answer.status for answer in said(process.port, GET + b"connection: close\r\n\r\n")] == [200]
    assert sum([ended(client) for client in idle]) >= number - MAX_CONNECTIONS
    for client in idle:
        client.close()
    count("idle connections", number)


def test_clients_that_vanish_leave_nothing_behind(
    process: Process, guide: Guide, length: Length, count: Count, honest: Callable[[], None]
) -> None:
    form = f"grant_type=password&username={guide.barbara.username}&password={guide.barbara.password}".encode()
    post = request("POST", guide.oauth + "/access_token", form, content_type=FORM)
    put = request(
        "PUT", guide.managed("role", "vanishing"), b'{"name":"vanishing"}', authorization=guide.admin["Authorization"]
    )
    places = [len(post) // 3, len(post) - 5, len(post)]
    number = length.of(1_000, at_least=60)
    for turn in range(number):
        text = (post, put)[turn % 2]
        client = socket.create_connection(("127.0.0.1", process.port), 10)
        client.sendall(text[: min(places[turn % 3], len(text) - 1)])
        if turn % 4 > 1:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.close()
    honest()
    assert guide.http.get(guide.managed("role", "vanishing"), headers=guide.admin).status_code == 404
    assert process.logged() == ""
    count("clients that vanish", number)


def test_half_a_connection_is_enough_for_an_answer(process: Process, guide: Guide) -> None:
    form = f"token=x&client_id={guide.app.id}&client_secret={guide.app.secret}".encode()
    post = request("POST", guide.oauth + "/introspect", form, content_type=FORM)
    assert [answer.status for answer in said(process.port, post, half_closed=True)] == [200]
    assert said(process.port, post[:-1], half_closed=True) == []


def test_pipelined_requests_are_answered_in_order(process: Process) -> None:
    ids = [f"turn-{number}" for number in range(60)]
    requests = [GET + f"x-forgerock-transactionid: {name}\r\n\r\n".encode() for name in ids]
    found = said(process.port, b"".join(requests), half_closed=True)
    assert [answer.headers["x-forgerock-transactionid"] for answer in found] == ids


def test_a_flood_of_pipelined_requests_is_cut_off(process: Process, length: Length, count: Count) -> None:
    before, number = process.memory(), length.of(200_000, at_least=20_000)
    found = said(process.port, *[(GET + b"\r\n") * 1000] * (number // 1000))
    assert all(answer.status == 200 for answer in found)
    assert len(found) < number
    assert process.memory() - before < 16 << 20
    count("pipelined requests", number)


def test_a_smuggled_request_is_none(process: Process, guide: Guide) -> None:
    inner = request("GET", guide.managed("user", guide.barbara.id), authorization=guide.admin["Authorization"])
    for headers in (
        "content-length: 4\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 4",
    ):
        outer = f"POST /am/oauth2/access_token HTTP/1.1\r\nhost: x\r\n{headers}\r\n\r\n0\r\n\r\n".encode()
        assert [answer.status for answer in said(process.port, outer + inner)] == [400]


def test_continue_is_said_to_who_waits_for_it(process: Process, guide: Guide) -> None:
    assert UnderWay(process, guide).finish().json == {"active": False}
