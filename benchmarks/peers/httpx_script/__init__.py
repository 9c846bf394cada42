"""The floor: a script of the four requests and their assertions, without any runner."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.environments import installed
from benchmarks.flow import Deployment
from benchmarks.processes import Command

NAME = "httpx script"


def versions() -> str:
    """What it runs with."""
    return installed("httpx")


def command(deployment: Deployment, flows: int, folder: Path) -> Command:
    """So many flows, one after the other."""
    script = Path(__file__).with_name("script.py")
    return Command([sys.executable, str(script), str(flows)], folder, deployment.variables)
