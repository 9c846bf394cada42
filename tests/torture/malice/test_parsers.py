"""Requests that nobody can read, or that nobody should: clear refusals, in bounded time and memory."""

from __future__ import annotations

import json
import random

import pytest

from tests.reference_server.administrator import TOKEN_PATH
from tests.reference_server.oauth.world import Guide
from tests.torture.conftest import Count, Length
from tests.torture.malice.judgement import check_refusal, check_refused_or_closed
from tests.torture.malice.wire import FORM, Answer, request, said
from tests.torture.process import Process

FORMS = ("/access_token", "/introspect", "/token/revoke", "/bc-authorize", "/tokeninfo")
SEED = 8693

HOSTILE_FORMS: dict[str, bytes] = {
    "one megabyte": b"grant_type=" + b"x" * (1 << 20),
    "a token of one megabyte": b"token=" + b"e" * (1 << 20),
    "a million dots": b"token=" + b"." * 250_000,
    "a thousand parameters": b"&".join(b"a%d=b" % number for number in range(1000)),
    "a hundred thousand separators": b"&" * 100_000,
    "one parameter twice": b"grant_type=password&grant_type=password",
    "one parameter twice in disguise": b"grant_type=password&grant%5Ftype=password",
    "NUL": b"grant_type=a\x00b",
    "NUL in disguise": b"grant_type=a%00b&%00=c",
    "invalid UTF-8": b"grant_type=\xff\xfe\xc0\xaf",
    "invalid UTF-8 in disguise": b"grant_type=%ff%c0%af",
    "half of a surrogate": b"grant_type=%ed%a0%80",
    "broken escapes": b"grant_type=%zz%",
    "nothing": b"",
    "names without values": b"&".join([b"grant_type", b"token", b"request"]),
    "nested brackets": b"grant_type" + b"[" * 5000 + b"]" * 5000 + b"=x",
    "a number without end": b"requested_expiry=" + b"9" * 100_000,
    "JSON": b'{"grant_type": "password"}',
    "a multipart body": b"--x\r\ncontent-disposition: form-data; name=grant_type\r\n\r\npassword\r\n--x--",
}

HOSTILE_DOCUMENTS: dict[str, bytes] = {
    "five megabytes": b'{"name":"' + b"x" * (5 << 20) + b'"}',
    "a hundred thousand levels": b"[" * 100_000 + b"]" * 100_000,
    "a hundred thousand levels without end": b'{"a":' * 100_000,
    "seventy levels": b'{"name":' * 70 + b"1" + b"}" * 70,
    "a number of ten thousand digits": b'{"name":' + b"9" * 10_000 + b"}",
    "a number beyond all": b'{"name":1e999999}',
    "no number": b'{"name":NaN}',
    "invalid UTF-8": b'{"name":"\xff\xfe"}',
    "NUL": b'{"name":"\x00"}',
    "UTF-16": '{"name":"x"}'.encode("utf-16"),
    "UTF-32": '{"name":"x"}'.encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "half a document": b'{"name":"x"',
    "two documents": b"{}{}",
    "nothing": b"",
    "a text": b'"x"',
    "a million items": b"[" + b"1," * 999_999 + b"1]",
    "a form": b"name=x",
}

HOSTILE_HEADS: dict[str, bytes] = {
    "an address of one megabyte": b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nhost: x\r\n\r\n",
    "a header of one megabyte": b"GET / HTTP/1.1\r\nhost: x\r\na: " + b"x" * (1 << 20) + b"\r\n\r\n",
    "a header name of one megabyte": b"GET / HTTP/1.1\r\n" + b"x" * (1 << 20) + b": y\r\n\r\n",
    "a hundred thousand headers": b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 100_000 + b"\r\n",
    "a bearer token of one megabyte": b"GET /openidm/x HTTP/1.1\r\nauthorization: Bearer "
    + b"x" * (1 << 20)
    + b"\r\n\r\n",
    "a method without end": b"A" * (1 << 20),
    "no HTTP": b"hello\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 100,
    "HTTP/9.9": b"GET / HTTP/9.9\r\n\r\n",
    "SSH": b"SSH-2.0-x\r\n",
    "NUL in the address": b"GET /\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\na: \x00\r\n\r\n",
    "no ASCII in the address": b"GET /\xc3\xa9 HTTP/1.1\r\n\r\n",
    "a blank in a name": b"GET / HTTP/1.1\r\na b: c\r\n\r\n",
    "a blank after a name": b"POST / HTTP/1.1\r\ncontent-length : 5\r\n\r\nhello",
    "two lengths": b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 5\r\n\r\nhello",
    "a length and chunks": b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    "a length beyond all": b"POST / HTTP/1.1\r\ncontent-length: " + b"9" * 100 + b"\r\n\r\n",
    "a chunk beyond all": b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n",
    "a chunk of no length": b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    "chunks in disguise": b"POST / HTTP/1.1\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "line feeds alone": b"GET / HTTP/1.1\nhost: x\n\n",
    "a folded header": b"GET / HTTP/1.1\r\na: b\r\n c\r\nhost: x\r\n\r\n",
    "a tunnel": b"CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n",
    "another host's address": b"GET http://example.com/ HTTP/1.1\r\nhost: x\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n",
    "a path upwards": b"GET /am/../../../../etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n",
    "a path upwards in disguise": b"GET /am/%2e%2e/%2e%2e/etc/passwd%00 HTTP/1.1\r\nhost: x\r\n\r\n",
    "nothing but line ends": b"\r\n" * 100_000,
}


def named(cases: dict[str, bytes]) -> pytest.MarkDecorator:
    """A test for each."""
    return pytest.mark.parametrize("content", cases.values(), ids=cases.keys())


def last(process: Process, *parts: bytes) -> Answer:
    """The answer to one request."""
    (answer,) = said(process.port, *parts)
    return answer


@named(HOSTILE_FORMS)
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_a_hostile_form(process: Process, guide: Guide, count: Count, content: bytes, chunked: bool) -> None:
    for path in (*(guide.oauth + path for path in FORMS), TOKEN_PATH):
        check_refusal(last(process, request("POST", path, content, chunked=chunked, content_type=FORM)))
    count("hostile requests", len(FORMS) + 1)


@named(HOSTILE_FORMS)
def test_a_hostile_form_of_a_client_that_is_known(process: Process, guide: Guide, count: Count, content: bytes) -> None:
    credentials = "&".join(f"{key}={value}" for key, value in guide.assistant.credentials.items()).encode()
    for path in ("/access_token", "/bc-authorize"):
        check_refusal(
            last(process, request("POST", guide.oauth + path, credentials + b"&" + content, content_type=FORM))
        )
    count("hostile requests", 2)


@named(HOSTILE_DOCUMENTS)
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_a_hostile_document(process: Process, guide: Guide, count: Count, content: bytes, chunked: bool) -> None:
    user = guide.managed("user", guide.barbara.id)
    requests = [
        ("PUT", f"{guide.config}/agents/OAuth2Client/hostile"),
        ("PUT", f"{guide.config}/agents/AIAgent/hostile"),
        ("PUT", f"{guide.config}/services/oauth-oidc"),
        ("POST", "/openidm/managed/alpha_user?_action=create"),
        ("PUT", guide.managed("group", "hostile")),
        ("PUT", user),
        ("PATCH", user),
        ("POST", "/approver/alpha"),
    ]
    for method, path in requests:
        hostile = request(method, path, content, chunked=chunked, authorization=guide.admin["Authorization"])
        check_refusal(last(process, hostile))
    count("hostile requests", len(requests))


@named(HOSTILE_HEADS)
def test_a_hostile_head(process: Process, count: Count, content: bytes) -> None:
    check_refused_or_closed(said(process.port, content, half_closed=True))
    count("hostile requests", 1)


def test_a_client_that_waits_before_it_sends_too_much_is_told_first(process: Process, guide: Guide) -> None:
    head = request("PUT", guide.managed("user", guide.barbara.id), expect="100-continue", content_length=str(1 << 40))
    check_refusal(last(process, head))


def test_a_body_without_end_is_refused_and_not_kept(process: Process, guide: Guide) -> None:
    before = process.memory()
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = request("POST", guide.oauth + "/access_token", transfer_encoding="chunked", content_type=FORM)
    check_refusal(said(process.port, head, *[chunk] * 400)[0])
    assert process.memory() - before < 16 << 20


@pytest.mark.parametrize(
    "query",
    [
        "_queryFilter=" + "(" * 5000,
        "_queryFilter=" + "!" * 5000 + "true",
        "_queryFilter=" + "%28" * 100 + "true" + "%29" * 100,
        "_queryFilter=userName+eq+" + "9" * 5000,
        "_queryFilter=userName+eq+%22",
        "_queryFilter=%00",
        "_queryFilter=%ff",
        "_queryFilter=true&_pageSize=" + "9" * 5000,
        "_queryFilter=true&_pageSize=-1",
        "_queryFilter=true&_pagedResultsOffset=1e9",
        "_queryFilter=true&_pagedResultsCookie=%ff",
        "",
    ],
)
def test_a_hostile_query(process: Process, guide: Guide, count: Count, query: str) -> None:
    path = f"/openidm/managed/alpha_user?{query}"
    check_refusal(last(process, request("GET", path, authorization=guide.admin["Authorization"])))
    count("hostile requests", 1)


@pytest.mark.parametrize(
    "query",
    [
        "_queryFilter=true&_fields=" + "/".join(["groups", "members"] * 200),
        "_queryFilter=true&_fields=" + ",".join(["*", "*_ref"] * 2000),
        "_queryFilter=true&_sortKeys=" + ",".join(["userName"] * 2000),
        "_queryFilter=" + "+or+".join(["true"] * 3000),
        "_queryFilter=" + "/".join(["a"] * 5000) + "+pr",
    ],
    ids=["far", "often", "sorted often", "long", "deep"],
)
def test_a_query_that_asks_for_much_is_answered_in_time(process: Process, guide: Guide, query: str) -> None:
    before = process.cpu_seconds()
    path = f"/openidm/managed/alpha_user?{query}"
    assert last(process, request("GET", path, authorization=guide.admin["Authorization"])).status == 200
    assert process.cpu_seconds() - before < 5


def test_what_is_stored_can_always_be_shown(process: Process, guide: Guide) -> None:
    path = guide.managed("role", "odd")
    odd = {"name": "odd\x00\ud800\U0001f600", "deep": json.loads('{"a":' * 60 + "1" + "}" * 60), "big": 10**99}
    stored = request("PUT", path, json.dumps(odd).encode(), authorization=guide.admin["Authorization"])
    assert last(process, stored).status < 500
    patch = [{"operation": "add", "field": "/deep" + "/a" * 60, "value": odd["deep"]}]
    patched = request("PATCH", path, json.dumps(patch).encode(), authorization=guide.admin["Authorization"])
    assert last(process, patched).status < 500
    shown = request("GET", f"{path}?_fields=deep,big,name", authorization=guide.admin["Authorization"])
    assert last(process, shown).status == 200


def test_honest_requests_with_some_bytes_changed_never_break_the_server(
    process: Process, guide: Guide, length: Length, count: Count
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same malice in each run
    exchange = f"grant_type=password&username={guide.barbara.username}&password=x&client_id=x&client_secret=y&scope=z"
    originals = [
        request("POST", guide.oauth + "/access_token", exchange.encode(), content_type=FORM),
        request("POST", guide.oauth + "/introspect", b"token=a.b.c&client_id=x&client_secret=y", content_type=FORM),
        request("GET", guide.oauth + "/userinfo", authorization="Bearer a.b.c"),
        request(
            "PATCH",
            guide.managed("user", guide.barbara.id),
            b'[{"operation":"x"}]',
            chunked=True,
            authorization=guide.admin["Authorization"],
        ),
        request(
            "GET",
            "/openidm/managed/alpha_user?_queryFilter=userName+eq+%22x%22",
            authorization=guide.admin["Authorization"],
        ),
    ]
    number, before = length.of(20_000), process.cpu_seconds()
    for _ in range(number):
        for answer in said(process.port, changed(chance.choice(originals), chance), half_closed=True):
            assert answer.status < 500, answer
    count("hostile requests", number)
    assert (process.cpu_seconds() - before) / number < 0.05


def changed(original: bytes, chance: random.Random) -> bytes:
    """The same with a few bytes replaced, left out or put in."""
    text = bytearray(original)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(text))
        match chance.randrange(3):
            case 0:
                text[place] = chance.randrange(256)
            case 1:
                del text[place : place + chance.randint(1, 8)]
            case _:
                text[place:place] = chance.choice([b"\x00", b"\r\n", b"%", b"&", b"\xff", b":", b"9" * 20, b" "])
    return bytes(text) or b"\r\n"
