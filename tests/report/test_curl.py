"""A request as a curl line: no secret in it, and in a shell that has the variables it sends the same."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote_plus

import pytest

from fixtures.report.curl import ODD_BODY, ODD_TEXT, curl
from fixtures.report.redaction import redactor
from fixtures.report.shell_names import ShellNames
from fixtures.tenant.exchange import FORM_TYPE, Request
from fixtures.tenant.http import Http

TOKEN = "t" * 40
SECRET = 's3cr\'t "of" $HOME `id` \\ é空 & + % ! \n end'


MEANING: dict[str | None, Callable[[str], Any]] = {
    "application/json": json.loads,
    FORM_TYPE: partial(parse_qsl, keep_blank_values=True),
}


class Recorder(BaseHTTPRequestHandler):
    """Notes each request, and answers with nothing."""

    seen: ClassVar[list[dict[str, Any]]] = []

    def note(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        kind = self.headers.get("content-type")
        self.seen.append(
            {
                "method": self.command,
                "path": self.path.partition("?")[0],
                "query": parse_qsl(self.path.partition("?")[2], keep_blank_values=True),
                "content-type": kind,
                "authorization": self.headers.get("authorization"),
                "version": self.headers.get("accept-api-version"),
                "body": MEANING.get(kind, str)(body),
                "dpop": self.headers.get("dpop"),
            }
        )
        self.send_response(204)
        self.end_headers()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = note

    def log_message(self, *_: Any) -> None:
        """Nothing on stderr."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Recorder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


ODD = "odd/secret+of the%agent é"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


def basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{quote_plus(user)}:{quote_plus(secret)}".encode()).decode()


FORM = {"grant_type": "password", "username": "barbara.jensen", "password": SECRET, "scope": "openid a'b", "empty": ""}
REQUESTS: dict[str, dict[str, Any]] = {
    "a form": {"form": FORM},
    "a repeated field": {"form": [("scope", "a"), ("scope", "b"), ("client_secret", SECRET), ("client_secret", "x")]},
    "an empty form": {"form": ()},
    "odd names": {"form": {"a@b": "1", "ü=": "2", "@": "3"}},
    "a value like a file": {"form": {"scope": "@/etc/passwd", "state": "=@x"}},
    "Basic": {"form": {"a": "b"}, "headers": {"Authorization": "Basic YXBwOnBsYWlu"}},
    "Bearer": {
        "method": "GET",
        "headers": {"Authorization": f"Bearer {TOKEN}", "Accept-API-Version": "resource=1.0"},
    },
    "Basic, percent-encoded": {"form": {"a": "b"}, "headers": {"Authorization": basic("my app", ODD)}},
    "Basic, of nobody we know": {"form": {"a": "b"}, "headers": {"Authorization": basic("app", "a/b:c")}},
    "Basic, without a colon": {"form": {"a": "b"}, "headers": {"Authorization": "Basic YXBw"}},
    "Basic, not in UTF-8": {"form": {"a": "b"}, "headers": {"Authorization": "Basic //86YQ=="}},
    "Basic, without a secret": {"form": {"a": "b"}, "headers": {"Authorization": "Basic YXBwOg=="}},
    "odd secrets in JSON": {"json": {"password": SECRET, "l": [ODD, JWT], "token": '\\ "é" \ue000'}},
    "multipart": {
        "form": {"scope": "x", "password": SECRET, "client_secret": "x"},
        "content": f'--b\r\nname="password"\r\n\r\n{SECRET}\r\n--b\r\nscope=x'.encode(),
        "headers": {"Content-Type": "multipart/form-data; boundary=b"},
    },
    "a form that is not encoded": {
        "form": {"a": "ü &", "client_secret": ODD},
        "content": f"a=ü &client_secret={ODD}&b=".encode(),
    },
    "secrets in places of others": {"form": {"request": JWT, "scope": ODD}, "headers": {"DPoP": JWT}},
    "JSON": {
        "method": "PUT",
        "json": {"userpassword": "simple-secret", "l": [{"password": "other's"}, 1], "é": None},
    },
    "a query": {"method": "GET", "params": {"_queryFilter": 'userName eq "x"', "_fields": "*"}},
    "a secret in the query": {"method": "GET", "params": {"access_token": SECRET, "a": "b c"}},
    "no body": {"method": "DELETE"},
    "another type": {"form": {"a": "b"}, "headers": {"Content-Type": f"{FORM_TYPE}; charset=utf-8"}},
}


@pytest.mark.skipif(shutil.which("curl") is None and "CI" not in os.environ, reason="no curl on this machine")
@pytest.mark.parametrize("kind", REQUESTS)
def test_a_shell_sends_the_same(url: str, kind: str) -> None:
    given = {"method": "POST", **REQUESTS[kind]}
    known = ShellNames()
    known.give("plain", "OBO_APPLICATION_CLIENT_SECRET")
    known.give(ODD, "OBO_AGENT_CLIENT_SECRET")
    names = ShellNames(known)
    with Http() as http:
        sent = http.send(given.pop("method"), f"{url}/path", **given).request

    line = curl(sent, names)
    environment = names.to_environment() | {"PATH": os.environ["PATH"]}
    shell = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=False)  # noqa: S603, S607

    assert shell.returncode == 0, shell.stderr
    assert Recorder.seen[-1] == Recorder.seen[-2]
    for secret in ("s3cr", TOKEN, "simple-secret", "other", "YXBwOnBsYWlu", "barbara", "odd/secret", "eyJ"):
        assert secret not in line
    assert redactor.text(line) == line


def test_secrets_are_called_as_the_environment_calls_them_and_tokens_by_who_has_them() -> None:
    known = ShellNames()
    known.give("of-the-agent", "OBO_AGENT_CLIENT_SECRET")
    names = ShellNames(known)
    exchange = "urn:ietf:params:oauth:grant-type:token-exchange"
    names.received({"access_token": "first", "refresh_token": "r", "id_token": None}, "password")
    names.received({"access_token": "second"}, "password")
    names.received({"access_token": "third"}, exchange)
    form = (("client_secret", "of-the-agent"), ("subject_token", "second"), ("actor_token", "third"), ("token", "new"))
    line = curl(Request("POST", "https://tenant.example.com/x", {}, form), names)
    wanted = ['client_secret="$OBO_AGENT_CLIENT_SECRET"', 'subject_token="$USER_TOKEN_2"', 'actor_token="$AGENT_TOKEN"']
    assert all(piece in line for piece in [*wanted, 'token="$TOKEN"'])


def test_the_same_secret_has_the_same_name() -> None:
    names = ShellNames()
    assert [names.give(value, "TOKEN") for value in ("a", "b", "a")] == ["TOKEN", "TOKEN_2", "TOKEN"]


def test_no_name_stands_for_two_values() -> None:
    known = ShellNames()
    known.give("first session", "SERVICE_ACCOUNT_TOKEN")
    names = ShellNames(known)
    names.received({"access_token": "second session"}, "urn:ietf:params:oauth:grant-type:jwt-bearer")
    assert names.find("second session") == "SERVICE_ACCOUNT_TOKEN_2"
    assert names.to_environment()["SERVICE_ACCOUNT_TOKEN"] == "first session"


def test_an_identifier_in_a_secrets_place_stays_readable_in_its_own() -> None:
    form = (("client_id", "my-application"), ("client_secret", "my-application"), ("client_id", "my-application"))
    line = curl(Request("POST", "https://tenant.example.com/x", {}, form), ShellNames())
    assert line.count("client_id=my-application") == 2
    assert 'client_secret="$CLIENT_SECRET"' in line


def test_options_of_the_run_are_on_each_line() -> None:
    line = curl(Request("GET", "https://tenant.example.com/x"), ShellNames(), '--cacert "$OBO_CA_BUNDLE"')
    assert line == 'curl -sS --cacert "$OBO_CA_BUNDLE" https://tenant.example.com/x'


def test_what_a_shell_cannot_send_says_so() -> None:
    odd = Request("POST", "https://tenant.example.com/x", {}, (("a", "b"),), content=b"\xff")
    nul = Request("POST", "https://tenant.example.com/x", {}, (("a", "\x00"),))
    assert (curl(odd, ShellNames()), curl(nul, ShellNames())) == (ODD_BODY, ODD_TEXT)
