"""Other programs: run to their end with what they cost, or served by; each on a core of its own."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rounds import Unmeasured
from fixtures.settings.table import VARIABLES

ROOT = Path(__file__).resolve().parents[1]
SERVER_CORE, LOAD_CORE = 0, 1
"""Who answers, and who asks."""
LIMIT_SECONDS = 1800
POLL_SECONDS = 0.002
"""How often it is looked whether a server is there."""
_START_SECONDS = 30


@dataclass(frozen=True)
class Command:
    """A program with its arguments; `variables` are added to the environment."""

    arguments: Sequence[str]
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    expected: str | None = None
    """What it prints where all went well; None: its exit status says so."""


@dataclass(frozen=True)
class Cost:
    """What a program took, its children included."""

    wall_ms: float
    cpu_ms: float
    peak_mib: float
    """Resident memory of the largest of its processes."""
    output: str


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """This process's variables without those of a developer's tenant, and these."""
    others = {name: value for name, value in os.environ.items() if name.upper() not in VARIABLES}
    others.pop("PYTEST_ADDOPTS", None)
    return {**others, **dict.fromkeys(VARIABLES, ""), **variables}


def run(command: Command, *, core: int | None = LOAD_CORE) -> Cost:
    """Run a program to its end, on one core or on all of them; raises `Unmeasured` when it fails or takes too long."""
    with tempfile.TemporaryDirectory(prefix="obo-bench-") as folder:
        report, output = Path(folder, "cost.json"), Path(folder, "output")
        meter = [sys.executable, "-I", "-S", str(ROOT / "benchmarks" / "meter.py"), str(report), usable(core)]
        with output.open("wb") as stream:
            process = subprocess.Popen(  # noqa: S603 - our own commands
                [*meter, *command.arguments],
                cwd=command.folder,
                env=environment(command.variables),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status = process.wait(LIMIT_SECONDS)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
        text = output.read_text(errors="replace")
        if status if command.expected is None else command.expected not in text:
            raise Unmeasured(f"{Path(command.arguments[0]).name} ended with {status}: {text[-300:]}")
        return Cost(**json.loads(report.read_text()), output=text)


@contextmanager
def serving(command: Command) -> Iterator[subprocess.Popen[bytes]]:
    """Have a program run in the background for the length of a block, on the core of those who answer."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command.arguments,
            cwd=command.folder,
            env=environment(command.variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        pin(process.pid, SERVER_CORE)
        try:
            yield process
        except (OSError, http.client.HTTPException) as fault:
            output.seek(0)
            raise Unmeasured(f"{fault}: {output.read()[-300:].decode(errors='replace')}") from fault
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def usable(core: int | None) -> str:
    """The number of a core, empty for all of them or where this machine has too few."""
    return "" if core is None or core >= (os.cpu_count() or 1) else str(core)


def pin(pid: int, core: int) -> None:
    """Keep a process, and what it starts from now on, on one core, where the system can and has that many."""
    if usable(core) and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {int(usable(core))})


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port: int = candidate.getsockname()[1]
        return port


def until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody accepts connections; raises `ConnectionError` where nobody ever does."""
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_SECONDS)
    raise ConnectionError("the server did not start")


def memory_mib(pid: int) -> float:
    """Resident memory of a process now, what it shares with others in proportion."""
    found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())
    if found is None:
        raise Unmeasured("the system does not tell the memory of a process")
    return int(found[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far, all of its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
