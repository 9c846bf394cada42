"""HTTP to a tenant: what is sent, what comes back, and what is said when nothing does."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from fixtures.tenant.errors import HarnessError, Unreachable
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http, attempted
from fixtures.tenant.parallel import at_once
from fixtures.tenant.transport_faults import explain
from fixtures.tenant.urls import host_of, is_loopback, origin_of, over_plain_http
from tests.tenant.observers import Recorder
from tests.tenant.stand_in import Reply, echo, saying, serving, slow
from tests.tenant.still_time import Time


def test_form_is_sent_urlencoded(http: Http) -> None:
    with serving(echo) as url:
        answer = http.send("POST", url + "/token", form={"scope": "a b", "audience": "x&y"})
    assert answer.members["body"] == "scope=a+b&audience=x%26y"
    assert answer.members["headers"]["content-type"] == "application/x-www-form-urlencoded"


def test_form_may_repeat_a_field(http: Http) -> None:
    with serving(echo) as url:
        answer = http.send("POST", url + "/token", form=[("client_id", "a"), ("client_id", "b")])
    assert answer.members["body"] == "client_id=a&client_id=b"
    assert answer.request.form == (("client_id", "a"), ("client_id", "b"))


def test_json_and_parameters(http: Http) -> None:
    with serving(echo) as url:
        answer = http.send("PUT", url + "/x", json={"a": None}, params={"_queryFilter": "_id eq 'a'"})
    assert answer.members["body"] == '{"a": null}'
    assert answer.members["path"] == "/x?_queryFilter=_id%20eq%20%27a%27"


def test_own_content_type_wins(http: Http) -> None:
    with serving(echo) as url:
        answer = http.send("POST", url, form={"a": "b"}, headers={"content-type": "text/plain"})
    assert answer.members["headers"]["content-type"] == "text/plain"


def test_content_is_sent_as_it_is_in_place_of_the_form(http: Http) -> None:
    with serving(echo) as url:
        answer = http.send("POST", url, form=[("a", "&")], content=b"a=&")
    assert answer.members["body"] == "a=&"
    assert answer.members["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert answer.request.form == (("a", "&"),)


def test_answer_is_plain_data(http: Http) -> None:
    with serving(saying(418, {"error": "x"}, x_thing="1")) as url:
        answer = http.send("get", url)
    assert (answer.status, answer.request.method, answer.headers["x-thing"]) == (418, "GET", "1")
    assert answer.body == {"error": "x"}
    assert answer.milliseconds > 0


@pytest.mark.parametrize(("text", "body"), [("<html>", None), ("", None), ("[1]", [1])])
def test_members_of_what_is_no_object(text: str, body: object) -> None:
    answer = Answer(Request("GET", "http://h/"), 200, {}, text, 1.0)
    assert answer.body == body
    assert answer.members == {}


def test_redirects_are_answers(http: Http) -> None:
    with serving(saying(302, location="/elsewhere")) as url:
        assert http.send("GET", url).status == 302


def test_cookies_are_not_kept(http: Http) -> None:
    def behave(method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], str]:
        status, _, text = echo(method, path, headers, body)
        return status, {"Set-Cookie": "session=1; Path=/"}, text

    with serving(behave) as url:
        http.send("GET", url)
        assert "cookie" not in http.send("GET", url).members["headers"]


def test_observers_see_exchanges_in_order(http: Http) -> None:
    seen: list[str] = []

    class Named(Recorder):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def sending(self, request: Request) -> None:
            seen.append(f"{self.name} sending {request.method}")

        def received(self, answer: Answer) -> None:
            seen.append(f"{self.name} received {answer.status}")

    http.observers += [Named("first"), Named("second")]
    with serving(saying(204)) as url:
        http.send("DELETE", url)
    assert seen == ["first sending DELETE", "second sending DELETE", "first received 204", "second received 204"]


def test_plain_http_to_this_machine_loads_no_certificates(monkeypatch: pytest.MonkeyPatch, http: Http) -> None:
    monkeypatch.setattr(httpx, "create_ssl_context", None)
    with serving(saying(200)) as url:
        assert http.send("GET", url).status == 200


def test_threads_take_turns_on_connections_that_are_kept() -> None:
    connections: set[int] = set()

    def behave(*_: object) -> Reply:
        connections.add(threading.get_ident())  # the server has a thread for each connection
        return 200, {}, "{}"

    with serving(behave) as url, Http(max_in_flight=2) as http:
        answers = at_once([lambda: http.send("GET", url)] * 10)
        used = set(connections)
        http.send("GET", url)
        assert connections == used
    assert [answer.status for answer in answers] == [200] * 10
    assert 1 <= len(used) <= 2


def test_refused_connection(http: Http, sent: Recorder) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(Unreachable) as raised:
            http.send("POST", f"http://{host}/x?secret=1", form={"password": "hidden"})
    assert str(raised.value) == f"{host} refused the connection; check OBO_TENANT_URL"
    assert [str(error) for error in sent.errors] == [str(raised.value)]


def test_time_limit() -> None:
    with (
        serving(slow(0.3)) as url,
        Http(timeout_seconds=0.05, retries=Time().retries()) as http,
        pytest.raises(Unreachable) as raised,
    ):
        http.send("GET", url + "/slow?token=hidden")
    assert str(raised.value).endswith("did not answer GET /slow within 0.05 s (OBO_TIMEOUT_SECONDS)")


def test_connection_closed_without_an_answer(http: Http) -> None:
    with serving(lambda *_: None) as url, pytest.raises(Unreachable, match="closed the connection without a complete"):
        http.send("GET", url)


def test_what_a_server_turns_away_without_a_word_is_no_answer(http: Http) -> None:
    with serving(lambda *_: None) as url:
        nothing, seconds = attempted(lambda: http.send("GET", url))
    with serving(saying(400)) as url:
        answer, _ = attempted(lambda: http.send("GET", url))
    assert nothing is None
    assert 0 < seconds < 5
    assert answer is not None
    assert answer.status == 400


def test_name_that_is_not_resolved() -> None:
    fault = httpx.ConnectError("x")
    fault.__cause__ = socket.gaierror(-2, "Name or service not known")
    line = explain(fault, "GET", "https://user:hidden@tenant.example/x", 15)
    assert line == "the name tenant.example could not be resolved; check OBO_TENANT_URL"


@pytest.mark.parametrize("url", ["ftp://h/", "nonsense", "http://[::1/"])
def test_what_is_no_url_is_said_plainly(http: Http, url: str) -> None:
    with pytest.raises((HarnessError, ValueError)) as raised:
        http.send("GET", url)
    assert "\n" not in str(raised.value)


class TestTls:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def context(self, authority: trustme.CA) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        return context

    def test_untrusted_certificate(self, http: Http, context: ssl.SSLContext) -> None:
        with serving(saying(200), context) as url, pytest.raises(Unreachable) as raised:
            http.send("GET", url)
        assert "is not trusted" in str(raised.value)
        assert "OBO_CA_BUNDLE" in str(raised.value)

    def test_bundle_makes_it_trusted(self, authority: trustme.CA, context: ssl.SSLContext, tmp_path: Path) -> None:
        bundle = tmp_path / "ca.pem"
        authority.cert_pem.write_to_path(str(bundle))
        with serving(saying(200), context) as url, Http(ca_bundle=str(bundle)) as http:
            assert http.send("GET", url).status == 200

    def test_certificates_of_the_environment_are_trusted(
        self, authority: trustme.CA, context: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        with serving(saying(200), context) as url, Http() as http:
            assert http.send("GET", url).status == 200

    @pytest.mark.parametrize("shown", [True, False])
    def test_client_certificate_is_shown(
        self, authority: trustme.CA, context: ssl.SSLContext, tmp_path: Path, shown: bool
    ) -> None:
        bundle, certificate, key = (str(tmp_path / name) for name in ("ca.pem", "certificate.pem", "key.pem"))
        authority.cert_pem.write_to_path(bundle)
        issued = authority.issue_cert("a-client.example")
        issued.cert_chain_pems[0].write_to_path(certificate)
        issued.private_key_pem.write_to_path(key)
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        pair = (certificate, key) if shown else None
        patience = Time().retries()
        with (
            serving(saying(200), context) as url,
            Http(ca_bundle=bundle, client_certificate=pair, retries=patience) as http,
        ):
            answer, _ = attempted(lambda: http.send("GET", url))
        assert (answer is not None) is shown

    def test_unusable_bundle(self, context: ssl.SSLContext, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").write_text("no certificate")
        with (
            serving(saying(200), context) as url,
            Http(ca_bundle=str(tmp_path / "ca.pem")) as http,
            pytest.raises(HarnessError, match="check OBO_CA_BUNDLE"),
        ):
            http.send("GET", url)

    def test_tls_to_a_plain_server(self, http: Http) -> None:
        with serving(saying(200)) as url, pytest.raises(Unreachable, match="no TLS connection to 127"):
            http.send("GET", url.replace("http:", "https:"))


class TestProxy:
    @pytest.fixture(autouse=True)
    def proxy(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """A proxy for everything but one host, which answers with what it was asked for."""
        with serving(echo) as url:
            monkeypatch.setenv("HTTP_PROXY", url)
            monkeypatch.setenv("http_proxy", url)
            monkeypatch.setenv("NO_PROXY", "direct.invalid")
            monkeypatch.setenv("no_proxy", "direct.invalid")
            yield

    def test_it_is_asked_in_the_tenants_place(self, http: Http) -> None:
        assert http.send("GET", "http://tenant.invalid/x").members["path"] == "http://tenant.invalid/x"

    def test_not_for_what_no_proxy_names(self, http: Http) -> None:
        with pytest.raises(Unreachable, match=r"name direct\.invalid could not be resolved"):
            http.send("GET", "http://direct.invalid/x")

    def test_not_for_this_machine(self, http: Http) -> None:
        with serving(echo) as url:
            assert http.send("GET", f"{url}/x").members["path"] == "/x"


def test_reprs_show_no_content() -> None:
    request = Request("POST", "https://h/x?access_token=hidden", {"Authorization": "hidden"}, (("p", "hidden"),))
    answer = Answer(request, 200, {"x": "hidden"}, "hidden", 1.0)
    assert repr(request) == "<Request POST https://h/x>"
    assert repr(answer) == "<Answer 200 to POST https://h/x>"


def test_answer_survives_as_plain_form() -> None:
    answer = Answer(Request("POST", "https://h/", {"a": "b"}, (("x", "y"),)), 400, {"c": "d"}, "{}", 1.5)
    assert Answer.from_plain(answer.to_plain()) == answer


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("a.localhost", True), ("10.0.0.1", False), ("h", False)],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Tenant.example/x?y", "https://tenant.example:443"),
        ("https://tenant.example:443", "https://tenant.example:443"),
        ("http://tenant.example", "http://tenant.example:80"),
        ("https://tenant.example:8443/", "https://tenant.example:8443"),
        ("https://user@tenant.example/", "https://tenant.example:443"),
        ("/x", ""),
        ("", ""),
        ("https://tenant.example:port/", ""),
        ("https://[::1/", ""),
    ],
)
def test_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_the_same_address_without_tls() -> None:
    assert over_plain_http("https://t.example:443/a?b") == "http://t.example/a?b"
    assert over_plain_http("https://t.example:8443/a") == "http://t.example:8443/a"
    assert host_of("https://t.example:8443/a") == "t.example"
