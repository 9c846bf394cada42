"""Bad input gets a clear answer and harms nothing: the whole suite, started as a person would start it.

Each case is one run: its exit status, one line on stderr that names the variable, no traceback, no secret, and nothing
left on the tenant. The finer distinctions are in test_settings.py and doctor/test_short_form.py.
"""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from reference_server.errors import ApiError
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import ROOT, environment
from tests.stand_in import TENANT, but, stand_in

USAGE, NOT_JUDGED = 4, 10
OTHER_KEY = rsa.generate_private_key(65537, 2048)
OTHER_JWK = RSAAlgorithm.to_jwk(OTHER_KEY)
PUBLIC_JWK = RSAAlgorithm.to_jwk(OTHER_KEY.public_key())
Variables = Mapping[str, str]


@pytest.fixture(scope="module")
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


def good(tenant: ReferenceServer) -> dict[str, str]:
    """Settings with which a run of this tenant would begin."""
    account = tenant.service_account
    return {
        "OBO_TENANT_URL": tenant.url,
        "OBO_SERVICE_ACCOUNT_ID": account.id,
        "OBO_SERVICE_ACCOUNT_JWK": json.dumps(account.jwk),
    }


def run(variables: Variables, results: Path) -> subprocess.CompletedProcess[str]:
    """A conformance run with these variables alone."""
    return subprocess.run(  # noqa: S603 - this suite itself
        [sys.executable, "-m", "pytest", "features", "-q", "-p", "no:cacheprovider", f"--alluredir={results}"],
        cwd=ROOT,
        env=environment(variables),
        capture_output=True,
        text=True,
    )


def assert_one_line(finished: subprocess.CompletedProcess[str], status: int, variable: str, secrets: list[str]) -> None:
    output = finished.stdout + finished.stderr
    assert finished.returncode == status, output
    (line,) = filter(None, finished.stderr.splitlines())
    assert variable in line
    assert "Traceback" not in output
    assert not [secret for secret in secrets if secret in output]


@dataclass(frozen=True)
class Case:
    """`changes` are made to good settings; `variable` is the one that the line has to name."""

    variable: str
    changes: Variables
    status: int = USAGE


CASES = {
    "URL without scheme": Case("OBO_TENANT_URL", {"OBO_TENANT_URL": "tenant.example"}),
    "URL with path": Case("OBO_TENANT_URL", {"OBO_TENANT_URL": "https://tenant.example/am"}),
    "URL not HTTPS": Case("OBO_ALLOW_HTTP", {"OBO_TENANT_URL": "http://tenant.example"}),
    "JWK not JSON": Case("OBO_SERVICE_ACCOUNT_JWK", {"OBO_SERVICE_ACCOUNT_JWK": "{kty: RSA"}),
    "public key": Case("OBO_SERVICE_ACCOUNT_JWK", {"OBO_SERVICE_ACCOUNT_JWK": PUBLIC_JWK}),
    "half of a pair": Case("OBO_SERVICE_ACCOUNT_ID", {"OBO_SERVICE_ACCOUNT_ID": ""}),
    "unknown variable": Case("did you mean OBO_REALM?", {"OBO_RAELM": "alpha"}),
    "wrong realm": Case("OBO_REALM", {"OBO_REALM": "gamma"}, NOT_JUDGED),
    "unknown service account": Case("OBO_SERVICE_ACCOUNT_ID", {"OBO_SERVICE_ACCOUNT_ID": "nobody"}, NOT_JUDGED),
    "wrong key": Case("OBO_SERVICE_ACCOUNT_JWK", {"OBO_SERVICE_ACCOUNT_JWK": OTHER_JWK}, NOT_JUDGED),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_wrong_settings(case: Case, tenant: ReferenceServer, tmp_path: Path) -> None:
    variables = {**good(tenant), **case.changes}
    secrets = [tenant.service_account.jwk["d"], json.loads(OTHER_JWK)["d"]]
    assert_one_line(run(variables, tmp_path), case.status, case.variable, secrets)


def unreachable(stack: ExitStack) -> str:
    reserved = stack.enter_context(socket.socket())
    reserved.bind(("127.0.0.1", 0))
    return f"http://127.0.0.1:{reserved.getsockname()[1]}"


def untrusted(stack: ExitStack) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return stack.enter_context(stand_in(TENANT, context))


def without_agents(stack: ExitStack) -> str:
    return stack.enter_context(stand_in(but(AGENTS=(404, {"code": 404, "message": "Not Found"}))))


@pytest.mark.parametrize(
    ("start", "variable"),
    [
        pytest.param(unreachable, "OBO_TENANT_URL", id="unreachable"),
        pytest.param(untrusted, "OBO_CA_BUNDLE", id="certificate not trusted"),
        pytest.param(without_agents, "AI agents are not enabled", id="AI agents not enabled"),
    ],
)
def test_unfit_tenant(start: Callable[[ExitStack], str], variable: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        variables = {
            "OBO_TENANT_URL": start(stack),
            "OBO_SERVICE_ACCOUNT_ID": "account",
            "OBO_SERVICE_ACCOUNT_JWK": OTHER_JWK,
        }
        finished = run(variables, tmp_path)
    assert_one_line(finished, NOT_JUDGED, variable, [json.loads(OTHER_JWK)["d"]])


def test_no_permission_to_write_leaves_nothing_behind(tmp_path: Path) -> None:
    with ReferenceServer() as tenant:
        provider = tenant.tenant.realms["alpha"].provider
        provider.write = _forbidden  # type: ignore[assignment, method-assign]
        finished = run(good(tenant), tmp_path)
    assert_one_line(finished, NOT_JUDGED, "OBO_SERVICE_ACCOUNT_ID", [tenant.service_account.jwk["d"]])
    assert tenant.tenant.realms["alpha"].agents.all() == []
    kinds = ("user", "group", "application", "aiagent", "aiagentprivilege")
    assert [left for kind in kinds for left in tenant.tenant.managed.all(f"alpha_{kind}")] == []


def _forbidden(_: object) -> bool:
    raise ApiError(403, "Access denied")
