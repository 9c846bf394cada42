"""The way to a tenant: name, port, certificate, realm. Each thing that can be wrong with it is told from the others."""

from __future__ import annotations

import datetime
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import trustme

from fixtures.doctor.finding import Finding
from fixtures.settings import Settings
from reference_server.oauth.errors import OAuthError
from reference_server.server import ReferenceServer
from tests.doctor.hand_made import look, named, only_hindrance
from tests.stand_in import METADATA, TENANT, stand_in
from tests.tenant.stand_in import Reply, serving

URL_STEP = "4.1.2 req(1)"
TOKEN = METADATA.replace(".well-known/openid-configuration", "access_token")
Serving = Callable[[], AbstractContextManager[str]]


def answering(status: int, text: str, content_type: str = "text/html", **headers: str) -> Serving:
    def behave(*_: object) -> Reply:
        return status, {"Content-Type": content_type, **headers}, text

    return lambda: serving(behave)


def hindrance(url: str, **settings: object) -> Finding:
    return only_hindrance(look(Settings(tenant_url=url, timeout_seconds=2, **settings)))  # type: ignore[arg-type]


def test_name_that_does_not_exist() -> None:
    found = hindrance("https://nonexistent.invalid")
    assert named(found) == ("unreachable", URL_STEP, "OBO_TENANT_URL")
    assert "the name nonexistent.invalid could not be resolved" in found.what


def test_closed_port() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = hindrance(f"https://127.0.0.1:{unused.getsockname()[1]}")
    assert named(found) == ("unreachable", URL_STEP, "OBO_TENANT_URL")
    assert "nothing listens there" in found.what


def test_tenant_that_does_not_answer() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        found = only_hindrance(
            look(Settings(tenant_url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.05))
        )
    assert found.cause == "unreachable"
    assert "OBO_TIMEOUT_SECONDS" in found.what


def test_through_a_proxy_only_the_answer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    findings = look(Settings(tenant_url="https://nonexistent.invalid", timeout_seconds=2))
    assert [finding.level for finding in findings] == ["note", "hindrance"]
    assert findings[1].cause == "unreachable"


class TestCertificate:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def bundle(self, authority: trustme.CA, tmp_path: Path) -> Path:
        path = tmp_path / "ca.pem"
        authority.cert_pem.write_to_path(str(path))
        return path

    @contextmanager
    def tenant(self, certificate: trustme.LeafCert) -> Iterator[str]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        with stand_in(TENANT, context) as url:
            yield url

    def test_nobody_trusted_has_signed_it(self, authority: trustme.CA) -> None:
        with self.tenant(authority.issue_cert("127.0.0.1")) as url:
            found = hindrance(url)
        assert named(found) == ("unreachable", URL_STEP, "OBO_CA_BUNDLE")
        assert "not trusted" in found.what

    def test_expired(self, authority: trustme.CA, bundle: Path) -> None:
        with self.tenant(authority.issue_cert("127.0.0.1", not_after=_in_days(-1))) as url:
            found = hindrance(url, ca_bundle=bundle)
        assert named(found) == ("unreachable", URL_STEP, "OBO_TENANT_URL")
        assert "expired" in found.what
        assert "renewed" in (found.remedy or "")

    def test_for_another_name(self, authority: trustme.CA, bundle: Path) -> None:
        with self.tenant(authority.issue_cert("tenant.example")) as url:
            found = hindrance(url, ca_bundle=bundle)
        assert named(found) == ("unreachable", URL_STEP, "OBO_TENANT_URL")
        assert "the certificate is not for 127.0.0.1" in found.what

    @pytest.mark.parametrize(("days", "level"), [(13, "note"), (15, "ok")])
    def test_expires_soon(self, authority: trustme.CA, bundle: Path, days: int, level: str) -> None:
        with self.tenant(authority.issue_cert("127.0.0.1", not_after=_in_days(days))) as url:
            findings = look(Settings(tenant_url=url, ca_bundle=bundle))
        (found,) = [finding for finding in findings if "certificate" in finding.what]
        assert found.level == level

    def test_server_without_tls(self) -> None:
        with stand_in(TENANT) as url:
            found = hindrance(url.replace("http:", "https:"))
        assert named(found) == ("unreachable", URL_STEP, "OBO_TENANT_URL")
        assert "no TLS connection" in found.what

    def test_bundle_that_holds_no_certificate(self, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").write_text("nothing")
        with stand_in(TENANT) as url:
            found = hindrance(url.replace("http:", "https:"), ca_bundle=tmp_path / "ca.pem")
        assert found.cause == "settings"
        assert "OBO_CA_BUNDLE" in (found.remedy or "")


def _in_days(days: float) -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days, hours=1)


NO_TENANT: dict[str, tuple[Serving, str, str]] = {
    "a web page": (answering(200, "<html>Welcome</html>"), "settings", "with a web page"),
    "another API": (answering(200, "{}", "application/json"), "settings", "no authorization server there"),
    "a host that redirects": (
        answering(302, "", Location="https://user@elsewhere.example/login?next=x"),
        "settings",
        "points to elsewhere.example",
    ),
    "a host without any realm": (answering(404, "{}", "application/json"), "settings", "nor in another"),
    "a tenant that is busy": (answering(503, ""), "unreachable", "503"),
    "a page in front of the token endpoint": (lambda: stand_in({METADATA: TENANT[METADATA]}), "non-conforming", "404"),
}


@pytest.mark.parametrize(("serve", "cause", "words"), NO_TENANT.values(), ids=NO_TENANT)
def test_not_a_tenant(serve: Serving, cause: str, words: str) -> None:
    with serve() as url:
        found = hindrance(url)
    assert (found.cause, found.variable) == (cause, "OBO_TENANT_URL")
    assert words in found.what


def test_issuer_without_metadata() -> None:
    with answering(404, "")() as url:
        found = only_hindrance(look(Settings(issuer=url)))
    assert (found.cause, found.variable) == ("settings", "OBO_ISSUER")


def test_wrong_realm(server: ReferenceServer) -> None:
    found = hindrance(server.url, realm="gamma")
    assert named(found) == ("settings", URL_STEP, "OBO_REALM")
    assert "alpha or bravo" in (found.remedy or "")


def test_realm_without_a_provider_that_says_so_itself() -> None:
    bravo = METADATA.replace("alpha", "bravo")
    with stand_in({bravo: TENANT[METADATA]}) as url:
        found = hindrance(url)
    assert named(found) == ("guide step not done", "1.2", "OBO_REALM")


def test_tenant_without_discovery_metadata(server: ReferenceServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: object) -> Any:
        raise OAuthError("not_found", "No such document", 404)

    endpoints = server.tenant.oauth["alpha"].endpoints
    monkeypatch.setitem(endpoints, "/.well-known/openid-configuration", (("GET",), nothing))
    findings = look(Settings(tenant_url=server.url))
    assert [finding.what for finding in findings if finding.level != "ok"] == [
        "realm 'alpha' publishes no discovery metadata; the guide's own paths are used"
    ]


@pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (30, "note"), (-30, "note"), (90, "note")])
def test_clock(server: ReferenceServer, seconds: float, level: str) -> None:
    findings = look(Settings(tenant_url=server.url), now=lambda: time.time() + seconds)
    (found,) = [finding for finding in findings if "clock" in finding.what]
    assert found.level == level
    assert ("ahead of" in found.what) is (seconds < 0)


def test_answers_without_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: "")
    with stand_in({**TENANT, TOKEN: (400, {"error": "invalid_request"})}) as url:
        findings = look(Settings(tenant_url=url))
    assert [finding.level for finding in findings if "Date" in finding.what] == ["note"]
