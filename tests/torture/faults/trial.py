"""A run of the suite under one fault, and what it has to keep to nevertheless."""

from __future__ import annotations

import os
import signal
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import trustme

from fixtures.results.document import DEFAULT_FILE, RunResults
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from reference_server.server import ReferenceServer
from tests.end_to_end import conformance_run
from tests.end_to_end.listing import difference, listing, service_account_variables
from tests.secrets.observed import Observed
from tests.secrets.scan import Scan
from tests.torture.faults import rule
from tests.torture.faults.kinds import METADATA, REVOCATION
from tests.torture.faults.proxy import Fault, Proxy, Trap, certificates, proxy, trap
from tests.torture.faults.toxics import prepare
from tests.torture.journals import open_entries

DEADLINE_SECONDS: Final = 12
LIMIT_SECONDS: Final = 60
"""Within which a run has ended and cleaned up, whatever happens: this machine may be slow, too."""
MOST_MEBIBYTES: Final = 300
"""A run without faults needs about a third."""
PATIENCE: Final = {"OBO_TIMEOUT_SECONDS": "1", "OBO_DEADLINE_SECONDS": str(DEADLINE_SECONDS)}
_FLOW = ("features/task_4_2_get_an_agent_token.feature", "-k", "act or issuer or documented or own")
_FEATURES: Final = {
    METADATA: ("features/beyond/discovery.feature",),
    REVOCATION: ("features/beyond/lifecycle_of_tokens.feature", "-k", "revoked or Revoking"),
}


@dataclass(frozen=True)
class Tenant:
    """A reference server behind a proxy."""

    proxy: Proxy
    trap: Trap
    observed: Observed
    authority: Path
    """PEM file of who signs the proxy's certificates."""

    @property
    def variables(self) -> dict[str, str]:
        """What lets a run do the guide's tasks."""
        return service_account_variables(self.observed.server) | {"OBO_CA_BUNDLE": str(self.authority)}

    def forget_secrets(self) -> None:
        """Those of earlier runs."""
        kept = self.observed.secrets["key of the service account"]
        self.observed.secrets.clear()
        self.observed.secrets["key of the service account"] = kept

    def listing(self) -> dict[str, Any]:
        """Everything that there is on it."""
        server = self.observed.server
        with Http(ca_bundle=str(self.authority)) as http:
            return listing(server, Administration(http, server.url, "alpha", server.service_account))


@contextmanager
def tenant(folder: Path, *, tls: bool) -> Iterator[Tenant]:
    """A tenant that is reached through a proxy alone."""
    prepare()
    authority, bundle = trustme.CA(), folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    contexts: dict[str, ssl.SSLContext] | None = certificates(authority) if tls else None
    with ExitStack() as stack:
        caught = stack.enter_context(trap())
        front = stack.enter_context(proxy(caught.url, contexts))
        observed = Observed(ReferenceServer(public_url=front.url))
        stack.enter_context(observed.server)
        front.upstream = observed.server.port
        yield Tenant(front, caught, observed, bundle)


@dataclass(frozen=True)
class Ended:
    """A run that is over."""

    status: int
    output: str
    seconds: float
    mebibytes: float
    """Its memory at most."""
    results: Path
    injected: int
    """How many requests were spoilt."""

    @cached_property
    def document(self) -> RunResults | None:
        """Its results; None where it could not begin."""
        path = self.results.parent / DEFAULT_FILE
        return RunResults.read(path) if path.exists() else None

    @property
    def sent_anew(self) -> int:
        """How many requests were sent anew, and scenarios played anew, as the results tell."""
        return sum(self.document.retries.values()) if self.document else 0

    @property
    def blames_the_tenant(self) -> bool:
        """Whether it says of any requirement that the tenant does not keep it."""
        return bool(self.document and self.document.of("failed"))

    @property
    def places(self) -> dict[str, str]:
        """What it wrote, by file."""
        files = [path for path in self.results.parent.rglob("*") if path.is_file()]
        found = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in files}
        return found | {"terminal": self.output}


def run(under: Fault, tenant: Tenant, folder: Path) -> Ended:
    """A run of a few scenarios under a fault."""
    feature, *arguments = _FEATURES.get(under.kind, _FLOW)
    results = folder / "written" / "allure"
    tenant.forget_secrets()
    with tenant.proxy.spoiling(under):
        ended = _run(tenant.variables | PATIENCE, results, feature, arguments)
        return Ended(*ended, results, tenant.proxy.injected)


def judge(fault: Fault, tenant: Tenant, ended: Ended, before: dict[str, Any]) -> None:
    """Fail where a run has not kept a promise; afterwards the tenant is as it was before."""
    told = f"{fault}: exit status {ended.status} after {ended.seconds:.1f} s\n{ended.output}"
    assert ended.injected, f"{fault}: nothing was spoilt\n{ended.output}"
    assert ended.status in rule.allowed(fault), told
    assert not ended.blames_the_tenant or rule.FAILED in rule.allowed(fault), told
    if ended.status == rule.GREEN and rule.is_got_over_by_retries(fault):
        assert ended.sent_anew, told
    assert "Traceback" not in ended.output, told
    assert "INTERNALERROR" not in ended.output, told
    assert not tenant.trap.visits, told
    assert ended.mebibytes < MOST_MEBIBYTES, f"{ended.mebibytes:.0f} MiB; {told}"
    assert not Scan(tenant.observed.secrets).leaks(ended.places), told
    _as_before(tenant, before, told)


def _as_before(tenant: Tenant, before: dict[str, Any], told: str) -> None:
    if any(open_entries(tenant.proxy.url)):
        status, output = conformance_run.reap(tenant.variables)
        assert status == 0, f"{told}\n{output}"
        assert not list(open_entries(tenant.proxy.url)), f"{told}\n{output}"
    after = tenant.listing()
    assert after == before, f"{told}\n{difference(before, after)}"


def _run(
    variables: dict[str, str], results: Path, feature: str, arguments: Sequence[str]
) -> tuple[int, str, float, float]:
    began = time.monotonic()
    process = conformance_run.start(variables, results, *arguments, features=[feature], start_new_session=True)
    late = threading.Timer(LIMIT_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
    late.start()
    assert process.stdout
    try:
        with process.stdout:
            output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
    finally:
        late.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, output, time.monotonic() - began, used.ru_maxrss / 1024
