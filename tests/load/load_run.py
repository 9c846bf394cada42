"""Starts a load as a person would, short and small."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.conformance_run import ROOT, environment

LONGEST_SECONDS = 120


@dataclass(frozen=True)
class FinishedLoad:
    """A load that is over: exit status, what it printed, and the folder of its reports."""

    status: int
    output: str
    folder: Path

    def counts(self) -> dict[str, int]:
        """Requests by kind, as the table tells them."""
        rows = [line for line in self.output.splitlines() if line[:34].strip() and line[34:43].strip().isdigit()]
        return {line[:34].strip(): int(line[34:43]) for line in rows}

    def texts(self) -> dict[str, str]:
        """Everything that it wrote, by place."""
        files = {path.name: path.read_text(encoding="utf-8") for path in self.folder.iterdir() if path.is_file()}
        return {"output": self.output, **files}


def start(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Begin a load of a few seconds, with these variables alone."""
    reports = ["--html", str(folder / "report.html"), "--csv", str(folder / "load")]
    brief = ["--users", "5", "--spawn-rate", "10", "--duration", "3", "--think-seconds", "0.1"]
    command = [sys.executable, "-m", "load", *brief, *reports, *arguments]
    return subprocess.Popen(  # noqa: S603 - the suite itself
        command,
        cwd=ROOT,
        env=environment(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def load(folder: Path, *arguments: str, **variables: str) -> FinishedLoad:
    """A load from its beginning to its end."""
    return ended(start(folder, *arguments, **variables), folder)


def ended(process: subprocess.Popen[str], folder: Path) -> FinishedLoad:
    """What came of a load that was begun."""
    output, _ = process.communicate(timeout=LONGEST_SECONDS)
    return FinishedLoad(process.returncode, output, folder)
