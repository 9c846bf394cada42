"""What can happen to a request and its answer on the way, one function each."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.torture.faults.proxy import Line

Toxic = Callable[["Line"], None]
"""Takes the place of passing the request on and its answer back."""

LATENCY_SECONDS: Final = 0.3
HANG_SECONDS: Final = 30.0
MIB: Final = 2**20
_BOMB_BYTES = 256 * MIB
_ENDLESS_BYTES = 1024 * MIB  # what a client has to break off before this program does
_HEADERS_BYTES = MIB
_USUAL: Final = (
    *("access_token", "expires_in", "scope", "active", "keys", "token_endpoint", "issuer", "error", "message", "_id"),
    *("_rev", "result", "coreOAuth2ClientConfig", "coreOAuth2Config", "advancedOAuth2Config"),
)
_CHUNK = b"x" * 65536


def latency(line: Line) -> None:
    """The answer takes longer than usual, and less than the time limit."""
    line.wait(LATENCY_SECONDS)
    line.answer(line.asked())


def reset_before(line: Line) -> None:
    """The connection is reset, and the tenant has never heard of the request."""
    line.reset()


def reset_after(line: Line) -> None:
    """The connection is reset when the tenant has done what it was asked for."""
    line.asked()
    line.reset()


def truncated(line: Line) -> None:
    """The connection ends in the middle of the answer."""
    answer = line.asked()
    line.raw(answer.head(len(answer.body) or 10) + answer.body[: len(answer.body) // 2])


def hang(line: Line) -> None:
    """No answer for half a minute, or until the client has had enough."""
    line.wait(HANG_SECONDS)


def expired_certificate(line: Line) -> None:
    """The connection ends, and where it began there is a certificate that has expired."""
    line.reset(then_show="expired")


def certificate_of_another(line: Line) -> None:
    """The same with a certificate for another name."""
    line.reset(then_show="of another name")


def page(line: Line) -> None:
    """A portal in between asks to log in, with status 200 and in HTML."""
    line.say("text/html", b"<!DOCTYPE html><title>Log in</title><form method=post><input name=user></form>")


def garbage(line: Line) -> None:
    """The answer says that it is JSON, and isn't."""
    line.asked()
    line.say("application/json", b'{"access_token": "eyJ0eXA\xff\x00')


def other_json(line: Line) -> None:
    """JSON that has the usual members, all of other types than usual, and text that is none."""
    strange = {name: [None, {"\ud800\x1b[2J": 1e308}] for name in _USUAL}
    line.say("application/json", json.dumps(strange).encode())


def deep_json(line: Line) -> None:
    """JSON that is nested deeper than a parser can follow."""
    line.say("application/json", b"[" * 200_000)


def nothing(line: Line) -> None:
    """Status 200 and no body."""
    line.say("application/json", b"")


def redirect(line: Line) -> None:
    """To another host, which is to get the same request with the same body."""
    line.say("text/html", b"", status=307, location=line.trap + line.sent.path)


def bomb(line: Line) -> None:
    """A body of a mebibyte that unpacks to 256."""
    line.say("application/json", _packed(), content_encoding="gzip")


def bomb_in_a_bomb(line: Line) -> None:
    """The same packed once more, so that it is a few kibibytes."""
    line.say("application/json", _packed_twice(), content_encoding="gzip, gzip")


def endless(line: Line) -> None:
    """A body that goes on and on."""
    line.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(_ENDLESS_BYTES // len(_CHUNK)):
        if not line.raw(b"%x\r\n%b\r\n" % (len(_CHUNK), _CHUNK)):
            return


def endless_drops(line: Line) -> None:
    """A body that goes on and on, a byte at a time: each comes well within the time limit."""
    line.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
    while line.raw(b" ") and not line.wait(0.1):
        pass


def huge_headers(line: Line) -> None:
    """A mebibyte of headers."""
    fields = b"".join(b"X-Header-%d: %b\r\n" % (number, _CHUNK[:1000]) for number in range(_HEADERS_BYTES // 1000))
    line.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + fields + b"Content-Length: 2\r\n\r\n{}")


def no_http(line: Line) -> None:
    """Something listens there that speaks another protocol."""
    line.raw(b"SSH-2.0-OpenSSH_9.6\r\n")


WITHOUT_ANSWER: Final[tuple[Toxic, ...]] = (
    reset_before,
    reset_after,
    truncated,
    hang,
    expired_certificate,
    certificate_of_another,
    bomb,
    bomb_in_a_bomb,
    endless,
    endless_drops,
    huge_headers,
    no_http,
)
"""After these a client has no answer."""
WITH_ANSWER: Final[tuple[Toxic, ...]] = (page, garbage, other_json, deep_json, nothing, redirect)
"""These are answers, whole and wrong."""
TOXICS: Final = (latency, *WITHOUT_ANSWER, *WITH_ANSWER)
WITH_TLS: Final = (expired_certificate, certificate_of_another)


def prepare() -> None:
    """Make beforehand what takes long."""
    _packed_twice()


@cache
def _packed() -> bytes:
    return gzip.compress(bytes(_BOMB_BYTES), 1)


@cache
def _packed_twice() -> bytes:
    return gzip.compress(_packed(), 9)
