"""A reference server in a process of its own, as a tenant that outlives the runs against it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fixtures.settings import ServiceAccount, Settings
from tests.end_to_end.conformance_run import ROOT
from tests.end_to_end.listing import service_account_variables

ENDED_SECONDS = 10


@dataclass(frozen=True)
class Standalone:
    """A tenant, and who may administer it."""

    url: str
    service_account: ServiceAccount
    approver: str
    folder: Path
    """For what runs write."""

    def approver_url(self, _realm: str) -> str:
        """Where a script approves in the end user's place."""
        return self.approver

    @property
    def variables(self) -> dict[str, str]:
        """What lets a run do the guide's tasks."""
        return service_account_variables(self)


@contextmanager
def standalone(folder: Path) -> Iterator[Standalone]:
    """Start a server on a free port and end it at the end."""
    file = folder / "tenant.env"
    command = [sys.executable, "-m", "reference_server", "--port", "0", "--env-file", str(file)]
    with (folder / "server.log").open("w") as log:  # it tells of each client that is killed within a request
        process = subprocess.Popen(  # noqa: S603 - our own server
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("Reference tenant ready"), "the server did not start"
        settings = Settings.read({}, file)
        assert settings.tenant_url
        assert settings.service_account
        assert settings.approver_url
        yield Standalone(settings.tenant_url, settings.service_account, settings.approver_url, folder)
    finally:
        process.terminate()
        process.wait(ENDED_SECONDS)
        if process.stdout:
            process.stdout.close()
