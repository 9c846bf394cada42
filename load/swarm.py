"""Locust's own processes: one alone, or a master and workers, all of them on loopback.

Workers on other machines come through a tunnel: what Locust's processes say to each other is neither encrypted nor
authenticated.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

from fixtures.tenant.errors import HarnessError
from load.ending import end
from load.handover import VARIABLE
from load.options import MASTERS_PORT, Options

ROOT: Final = Path(__file__).parent.parent
LOOPBACK: Final = "127.0.0.1"
CONNECTED_SECONDS: Final = 60
"""How long the master waits for its workers on this machine."""
REMOTE_SECONDS: Final = 600
"""The same where a person starts them on others."""
STOPPED_SECONDS: Final = 30
"""How long a user may take to end a task when the time is up."""


def swarm(options: Options, handover: Path, logs: Path) -> None:
    """Run Locust to its end; what it prints goes to files. Raises `HarnessError` where a process did not end well."""
    port = str(options.port or (MASTERS_PORT if options.remote_workers else _free_port()))
    commands = [_main(options, port), *[_worker(port)] * options.workers]
    limit = time.monotonic() + CONNECTED_SECONDS + options.duration + 2 * STOPPED_SECONDS
    limit += REMOTE_SECONDS if options.remote_workers else 0
    with ExitStack() as stack:
        processes = []
        for number, command in enumerate(commands):
            log = stack.enter_context((logs / f"locust-{number}.log").open("w", encoding="utf-8"))
            processes.append(_start(command, handover, log))
            stack.callback(end, processes[-1], STOPPED_SECONDS)
        statuses = [_wait(processes[0], limit)]
        limit = time.monotonic() + STOPPED_SECONDS  # workers end with their master
        statuses += [_wait(process, limit) for process in processes[1:]]
    if bad := [number for number, status in enumerate(statuses) if status]:
        where = ", ".join(str(logs / f"locust-{number}.log") for number in bad)
        raise HarnessError(f"Locust did not end well, it says why in {where}")


def _main(options: Options, port: str) -> list[str]:
    command = ["--headless", "--users", str(options.users), "--spawn-rate", str(options.spawn_rate)]
    command += ["--run-time", f"{options.duration}s", "--stop-timeout", str(STOPPED_SECONDS)]
    command += ["--html", str(options.html.resolve()), "--csv", str(options.csv.resolve())]
    command += ["--only-summary", "--exit-code-on-error", "0"]
    if workers := options.workers + options.remote_workers:
        patience = REMOTE_SECONDS if options.remote_workers else CONNECTED_SECONDS
        command += ["--master", "--master-bind-host", LOOPBACK, "--master-bind-port", port]
        command += ["--expect-workers", str(workers), "--expect-workers-max-wait", str(patience)]
    return command


def _worker(port: str) -> list[str]:
    return ["--worker", "--master-host", LOOPBACK, "--master-port", port]


def _start(arguments: Sequence[str], handover: Path, log: IO[str]) -> subprocess.Popen[bytes]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
    locust = [sys.executable, "-m", "locust", "--locustfile", "load/locustfile.py", "--loglevel", "WARNING"]
    return subprocess.Popen(  # noqa: S603 - Locust itself
        [*locust, *arguments],
        cwd=ROOT,
        env={**own, VARIABLE: str(handover)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _wait(process: subprocess.Popen[bytes], limit: float) -> int:
    try:
        return process.wait(max(0.0, limit - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise HarnessError("Locust did not end in time; it was stopped") from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
