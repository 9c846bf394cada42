"""tavern: HTTP tests in YAML on pytest, which it wants older than ours."""

from __future__ import annotations

from pathlib import Path

from benchmarks.environments import pinned, python_packages
from benchmarks.flow import Deployment
from benchmarks.processes import Command

NAME = "tavern"
HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
TOLD = ("tavern", "pytest")


def versions() -> str:
    """What it runs with."""
    python_packages(NAME, LOCK)
    return pinned(LOCK, *TOLD)


def command(deployment: Deployment, flows: int, folder: Path) -> Command:
    """So many tests."""
    python = python_packages(NAME, LOCK)
    text = (HERE / "flow.tavern.yaml").read_text(encoding="utf-8")
    (folder / "test_flow.tavern.yaml").write_text(text.replace("TIMES", str(list(range(flows)))), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -q -p no:cacheprovider\n")
    return Command([str(python), "-m", "pytest"], folder, deployment.variables)
