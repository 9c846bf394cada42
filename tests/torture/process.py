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

import httpx

from reference_server.service_accounts import Credentials
from reference_server.tenant import Tenant

START = "import sys; from reference_server.__main__ import main; {prelude}; sys.exit(main())"
ENDED_SECONDS = 20.0


class Process:
    """`python -m reference_server` with options of its own; `prelude` is Python that runs before it."""

    def __init__(self, *options: str, port: int = 0, prelude: str = "pass") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="malice-")
        folder = Path(self._folder.name)
        self.log = folder / "log"
        env_file = folder / "env"
        command = [sys.executable, "-c", START.format(prelude=prelude), "--port", str(port)]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own server
                [*command, "--env-file", str(env_file), *options], stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout
        self.announcement = self._process.stdout.readline()
        settings = dict(line.split("=", 1) for line in env_file.read_text("utf-8").splitlines())
        self.url = settings["OBO_TENANT_URL"]
        self.port = int(self.url.rpartition(":")[2])
        key = json.loads(settings["OBO_SERVICE_ACCOUNT_JWK"].strip("'"))
        self.service_account = Credentials(settings["OBO_SERVICE_ACCOUNT_ID"], key)

    @property
    def tenant(self) -> Tenant:
        """Out of reach: it lives in the process."""
        raise NotImplementedError

    def memory(self) -> int:
        """Resident bytes."""
        statm = Path(f"/proc/{self._process.pid}/statm").read_text("ascii")
        return int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE")

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
