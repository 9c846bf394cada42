"""No secret of a run shows in anything that it writes: where it passes, fails, breaks, or is interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fixtures.cast import Cast
from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.polling import until
from fixtures.tenant.provisioning import Provisioning
from fixtures.world import JOURNALS
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import ROOT, hand_made_variables, start
from tests.end_to_end.listing import service_account_variables
from tests.secrets.observed import KINDS, Observed, observed
from tests.secrets.scan import Scan

FEATURES = [
    str(ROOT / "features" / name)
    for name in ("beyond/human_in_the_loop.feature", "task_4_1_get_an_end_user_token.feature")
] + [str(ROOT / "features" / "task_4_2_get_an_agent_token.feature")]
LOUD = ["--showlocals", "--tb=long", "-vv", "-rA", "--capture=no", "--log-level=DEBUG", "-o", "log_cli=true"]
OUTPUTS = {"one process": LOUD, "two workers": ["-n", "2", "-v", "--showlocals"]}
DEFECTS = ("secret-echoed-in-error", "exchange-echoes-subject-token", "act-missing")
FILES = {"terminal", "junit.xml", "run.log"} | {
    f"obo-{name}" for name in ("results.json", "results.sarif", "summary.md", "badge.json")
}
COMPLETE = ("passes", "fails", "breaks")
"""Outcomes of runs that come across every kind of secret."""
LONGEST_RUN_SECONDS = 180.0
KEY_OF_AN_AGENT = "key of an agent"
Act = Callable[[Observed, subprocess.Popen[str]], None]


def goes_on(_tenant: Observed, _process: subprocess.Popen[str]) -> None:
    """Nothing happens."""


def is_interrupted(_tenant: Observed, process: subprocess.Popen[str]) -> None:
    """Ctrl-C, as a terminal sends it."""
    process.send_signal(signal.SIGINT)


def meets_error_pages(tenant: Observed, _process: subprocess.Popen[str]) -> None:
    """The token endpoint answers 500, with a page that repeats the request."""
    tenant.wire.echoing = True


OUTCOMES: dict[str, tuple[tuple[str, ...], dict[str, str], Act, int]] = {
    "passes": ((), {}, goes_on, 0),
    "fails": (DEFECTS, {}, goes_on, 1),
    "breaks": ((), {"SECRETS_BREAKING": "1"}, goes_on, 10),
    "meets error pages": ((), {}, meets_error_pages, 1),
    "is interrupted": ((), {}, is_interrupted, 2),
}
"""Defects of the tenant, variables for the witness, what is done in the middle of the run, and its exit status."""


class Written:
    """A run, and all that it wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._witness = folder / "witness.json"
        self._allure = folder / "written" / "allure-results"
        self._journals = set(JOURNALS.glob("journal-*"))
        self.output = ""

    def run(self, tenant: Observed, variables: dict[str, str], arguments: list[str], act: Act) -> int:
        """Start it, do something to it in the middle of its scenarios, and return its exit status."""
        files = [f"--junitxml={self._allure.parent / 'junit.xml'}", f"--log-file={self._allure.parent / 'run.log'}"]
        variables = variables | {"SECRETS_WITNESS": str(self._witness)}
        plugin = ["-p", "tests.secrets.witness"]
        process = start(variables, self._allure, *files, *plugin, *arguments, features=FEATURES)
        try:
            with ThreadPoolExecutor(1) as pool:  # it waits where nobody reads what it prints
                reading = pool.submit(process.communicate, timeout=LONGEST_RUN_SECONDS)
                if act is not goes_on:
                    assert until(self._is_well_under_way, bool, limit_seconds=LONGEST_RUN_SECONDS, every_seconds=0.02)
                    act(tenant, process)
                self.output, _ = reading.result()
        finally:
            process.kill()
        if self._witness.exists():
            tenant.secrets[KEY_OF_AN_AGENT] |= set(json.loads(self._witness.read_text(encoding="utf-8")))
        return process.returncode

    def _is_well_under_way(self) -> bool:
        return len(list(self._allure.glob("*-result.json"))) > 20

    def places(self) -> dict[str, str]:
        """What it wrote by file name, journals included; those of a tenant that is gone are taken away."""
        journals = sorted(set(JOURNALS.glob("journal-*")) - self._journals)
        files = [path for path in self._allure.parent.rglob("*") if path.is_file()]
        found = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in [*files, *journals]}
        for journal in journals:
            journal.unlink()
        return found | {"terminal": self.output}


@pytest.mark.parametrize("outputs", OUTPUTS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_run_shows_no_secret(tmp_path: Path, outcome: str, outputs: str) -> None:
    defects, variables, act, status = OUTCOMES[outcome]
    written = Written(tmp_path)
    with observed(*defects) as tenant:
        variables = service_account_variables(tenant.server) | variables
        ended = written.run(tenant, variables, OUTPUTS[outputs], act)
    assert ended == status, written.output
    places = written.places()
    assert set(places) >= FILES
    assert Scan(tenant.secrets).leaks(places) == set()
    if outcome in COMPLETE:
        assert {kind for kind, values in tenant.secrets.items() if values} >= {*KINDS, KEY_OF_AN_AGENT}


def test_a_run_that_reaches_no_tenant_shows_no_key(tmp_path: Path) -> None:
    written = Written(tmp_path)
    tenant = Observed(ReferenceServer())
    tenant.server.stop()
    ended = written.run(tenant, service_account_variables(tenant.server), LOUD, goes_on)
    assert ended == 10, written.output
    places = written.places()
    assert "unreachable" in places["terminal"]
    assert Scan(tenant.secrets).leaks(places) == set()


def test_a_run_on_a_half_made_set_up_shows_no_secret(tmp_path: Path) -> None:
    written = Written(tmp_path)
    with observed() as tenant:
        variables = hand_made_variables(tenant.server.url, made_by_hand(tenant, tmp_path / "journal"))
        ended = written.run(tenant, variables, LOUD, goes_on)
    assert ended == 1, written.output
    assert Scan(tenant.secrets).leaks(written.places()) == set()


def test_the_scan_finds_what_a_run_without_a_redactor_shows(tmp_path: Path) -> None:
    written = Written(tmp_path)
    with observed() as tenant:
        unmasked = {"SECRETS_UNMASKED": "1", "SECRETS_BREAKING": "1"}
        written.run(tenant, service_account_variables(tenant.server) | unmasked, LOUD, goes_on)
    leaks = Scan(tenant.secrets).leaks(written.places())
    places = {leak.place.partition("-result.json")[1] or leak.place for leak in leaks}
    assert places >= {
        "terminal",
        "junit.xml",
        "-result.json",
        "obo-results.json",
        "obo-summary.md",
        "obo-results.sarif",
    }
    assert {leak.kind for leak in leaks} >= {"access token of a user", "refresh token", "ID token", "user password"}


def made_by_hand(tenant: Observed, folder: Path) -> Cast:
    """Tasks 2 and 3, but no token exchange at the provider: most scenarios fail."""
    server = tenant.server
    with Http() as http:
        admin = Administration(http, server.url, "alpha", server.service_account)
        return guide_cast(Provisioning.begin(admin, folder))
