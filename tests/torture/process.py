"""A reference server in a process of its own, whose memory, log and end can be looked at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final

import httpx
from dotenv import dotenv_values

from reference_server.service_accounts import Credentials
from reference_server.tenant import Tenant
from tests.end_to_end.conformance_run import ROOT
from tests.end_to_end.listing import service_account_variables

START: Final = "import sys; from reference_server.__main__ import main; {prelude}; sys.exit(main())"
ENDED_SECONDS: Final = 20.0


class Process:
    """`python -m reference_server` with options of its own; `prelude` is Python that runs before it."""

    def __init__(self, *options: str, port: int = 0, prelude: str = "pass") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="torture-")
        self.folder = Path(self._folder.name)
        """For what the server, and runs against it, write."""
        self.log = self.folder / "log"
        env_file = self.folder / "env"
        command = [sys.executable, "-c", START.format(prelude=prelude), "--port", str(port)]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own server
                [*command, "--env-file", str(env_file), *options],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout
        self.announcement = self._process.stdout.readline()
        assert self.announcement, self.logged()
        told = {name: value or "" for name, value in dotenv_values(env_file, interpolate=False).items()}
        self.url = told["OBO_TENANT_URL"]
        self.port = int(self.url.rpartition(":")[2])
        self.service_account = Credentials(told["OBO_SERVICE_ACCOUNT_ID"], json.loads(told["OBO_SERVICE_ACCOUNT_JWK"]))
        self._approver_url = told["OBO_APPROVER_URL"]

    @property
    def tenant(self) -> Tenant:
        """Out of reach."""
        raise RuntimeError("the tenant lives in another process")

    @property
    def variables(self) -> dict[str, str]:
        """What lets a run do the guide's tasks."""
        return service_account_variables(self)

    def approver_url(self, _realm: str, /) -> str:
        """Where a script approves in the end user's place."""
        return self._approver_url

    def memory(self) -> int:
        """Resident bytes."""
        return resident_bytes(self._process.pid)

    def cpu_seconds(self) -> float:
        """What the process has consumed."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def client(self) -> httpx.Client:
        """A client of it."""
        return httpx.Client(base_url=self.url, timeout=20)

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Tell it to stop."""
        self._process.send_signal(number)

    def ended(self) -> int:
        """Its exit status, once it has ended."""
        return self._process.wait(ENDED_SECONDS)

    def logged(self) -> str:
        """What it wrote to standard error."""
        return self.log.read_text("utf-8")

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.signal()
        try:
            self.ended()
        finally:
            self._process.kill()
            if self._process.stdout:
                self.announcement += self._process.stdout.read()
                self._process.stdout.close()
            self._folder.cleanup()


def resident_bytes(pid: int) -> int:
    """What of a process is in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
