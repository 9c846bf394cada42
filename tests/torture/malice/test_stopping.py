"""A server that is told to stop: what is under way is answered, nothing new is taken, and the port is free at once."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Iterator

import pytest

from tests.reference_server.oauth.world import Guide
from tests.torture.conftest import Count, Length
from tests.torture.malice.under_way import UnderWay
from tests.torture.process import Process

LONGEST_SECONDS = 15.0  # two it is; other work of the machine may come between
REQUESTS = 20
BOTH = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


@pytest.fixture(autouse=True)
def served_at_once() -> None:
    """Here the server is one that stops."""


@pytest.fixture
def stopping() -> Iterator[Process]:
    """A server of one test."""
    with Process() as process:
        yield process


def refuses_connections(process: Process) -> bool:
    """Whether nothing new is taken any more; raises AssertionError if that never comes."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_SECONDS:
        try:
            with socket.create_connection(("127.0.0.1", process.port), 5):
                pass
        except ConnectionRefusedError:
            return True
        except ConnectionError:
            continue
    return False


@BOTH
def test_what_is_under_way_is_answered_and_nothing_new_is_taken(stopping: Process, number: int, count: Count) -> None:
    with stopping.client() as http:
        guide = Guide(stopping, http, "-stopping")
        under_way = [UnderWay(stopping, guide) for _ in range(REQUESTS)]
        stopping.signal(number)
        assert refuses_connections(stopping)
        found = [one.finish() for one in under_way]
    assert [answer.json for answer in found] == [{"active": False}] * REQUESTS
    assert (stopping.ended(), stopping.logged()) == (0, "")
    count("requests under way at a stop", REQUESTS)


@BOTH
def test_who_never_finishes_a_request_does_not_keep_the_server(stopping: Process, number: int) -> None:
    with stopping.client() as http:
        guide = Guide(stopping, http, "-stopping")
        under_way = [UnderWay(stopping, guide) for _ in range(REQUESTS)]
        silent = [socket.create_connection(("127.0.0.1", stopping.port), 20) for _ in range(REQUESTS)]
        began = time.monotonic()
        stopping.signal(number)
        assert stopping.ended() == 0
    assert time.monotonic() - began < LONGEST_SECONDS
    assert [one.answer().status for one in under_way] == [408] * REQUESTS
    assert stopping.logged() == ""
    for client in silent:
        with client, contextlib.suppress(ConnectionError):
            assert client.recv(1) == b""


def test_the_port_is_free_at_once(length: Length, count: Count) -> None:
    restarts, port = length.of(20, at_least=3), 0
    for _ in range(restarts):
        with Process(port=port) as process, process.client() as http:
            assert http.get("/am/json/serverinfo/*").status_code == 200
            port = process.port
    count("restarts on the same port", restarts)
