"""The reference server as a program: start, env file, stop."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from reference_server import defects
from reference_server.server import ReferenceServer


def test_the_embedded_server_starts_quickly_and_gives_its_port_back() -> None:
    begin = time.perf_counter()
    with ReferenceServer() as server:
        started = time.perf_counter() - begin
        assert httpx.get(f"{server.url}/am/json/serverinfo/*").status_code == 200

    assert started < 0.5
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0


def test_a_post_is_answered_without_delay() -> None:
    with ReferenceServer() as server, httpx.Client(base_url=server.url) as http:
        begin = time.perf_counter()
        for _ in range(20):
            http.post("/am/oauth2/access_token", data={"grant_type": "none"})

    # Without TCP_NODELAY each would take 45 ms.
    assert time.perf_counter() - begin < 0.6


def test_the_public_url_is_the_tenants_name_for_itself() -> None:
    with ReferenceServer(public_url="https://tenant.example") as server:
        assert server.url == "https://tenant.example"
        answer = httpx.get(f"http://127.0.0.1:{server.port}/am/json/serverinfo/*", headers={"host": "evil.example"})
        assert "evil" not in answer.text


def test_a_new_tenant_is_empty() -> None:
    with ReferenceServer() as server:
        for realm in server.tenant.realms.values():
            assert realm.agents.all() == []
            for kind in ("user", "group", "application", "aiagent", "aiagentprivilege"):
                assert server.tenant.managed.all(f"{realm.name}_{kind}") == []


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_announces_itself_once_and_stops_quietly(tmp_path: Path, signal_number: int) -> None:
    env_file = tmp_path / "tenant.env"
    command = [sys.executable, "-m", "reference_server", "--port", "0", "--env-file", str(env_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        ready = process.stdout.readline()
        settings = dict(line.split("=", 1) for line in env_file.read_text("utf-8").splitlines())
        assert settings["OBO_TENANT_URL"] in ready
        assert httpx.get(settings["OBO_TENANT_URL"] + "/am/json/serverinfo/*").status_code == 200
        process.send_signal(signal_number)
        rest, errors = process.communicate(timeout=10)

    assert (process.returncode, rest, errors) == (0, "", "")


def test_the_env_file_is_for_its_owner_alone_and_fits_python_dotenv(tmp_path: Path) -> None:
    from dotenv import dotenv_values

    from reference_server.__main__ import write_env_file

    env_file = tmp_path / "tenant.env"
    env_file.write_text("old")
    env_file.chmod(0o644)
    server = ReferenceServer()
    write_env_file(env_file, server)
    server.stop()

    settings = dotenv_values(env_file, interpolate=False)
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert settings["OBO_REALM"] == "alpha"
    assert settings["OBO_SERVICE_ACCOUNT_ID"] == server.service_account.id
    assert json.loads(settings["OBO_SERVICE_ACCOUNT_JWK"] or "") == server.service_account.jwk
    assert settings["OBO_APPROVER_URL"] == server.approver_url("alpha")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--public-url", "tenant.example"], 2),
        (["--public-url", "https://tenant.example/am"], 2),
        (["--port", "http"], 2),
        (["--port", "0", "--host", "192.0.2.1"], 1),
        (["--port", "0", "--env-file", "/nonexistent/folder/file"], 1),
    ],
)
def test_wrong_arguments_end_with_one_line_and_no_traceback(arguments: list[str], status: int) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "reference_server", *arguments], capture_output=True, text=True, timeout=20, check=False
    )

    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith(("reference_server:", "python -m reference_server: error:"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reference_server", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603


def test_the_defects_are_listed_with_what_must_notice_them() -> None:
    listed = run("--list-defects")
    assert listed.returncode == 0
    for name, defect in defects.load().items():
        assert any(line.split()[0] == name and defect.wrong in line for line in listed.stdout.splitlines())


def test_an_unknown_defect_stops_the_program_before_it_serves() -> None:
    stopped = run("--port", "0", "--defect", "no-such-defect")
    assert (stopped.returncode, stopped.stdout) == (4, "")
    assert "no-such-defect" in stopped.stderr


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - not bound here
        ("::", False),
        ("192.0.2.1", False),
        ("tenant.example", False),
    ],
)
def test_the_program_knows_who_can_reach_it(host: str, alone: bool) -> None:
    from reference_server.__main__ import is_loopback

    assert is_loopback(host) is alone
