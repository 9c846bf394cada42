"""Authlib on Flask: what an authorization server made with Python's usual parts does."""

from __future__ import annotations

from pathlib import Path

from benchmarks.environments import python_packages
from benchmarks.flow import Deployment
from benchmarks.processes import Command

NAME = "Authlib on Flask"
HERE = Path(__file__).parent
FOLDER = "authlib"
TOLD = ("Authlib==", "Flask==", "joserfc==", "waitress==")


def versions() -> str:
    """What it runs with."""
    python_packages(FOLDER, HERE / "requirements.txt")
    lines = (HERE / "requirements.txt").read_text().splitlines()
    return ", ".join(line.replace("==", " ") for line in lines if line.startswith(TOLD))


def command(port: int, algorithm: str) -> Command:
    """The server."""
    python = python_packages(FOLDER, HERE / "requirements.txt")
    return Command([str(python), str(HERE / "server.py")], HERE, {"PORT": str(port), "ALG": algorithm})


def deployment(port: int) -> Deployment:
    """Where its endpoints are."""
    return Deployment(
        url=f"http://127.0.0.1:{port}",
        token_path="/token",  # noqa: S106 - a path
        introspection_path="/introspect",
        application=("application", "application-secret"),
        agent=("agent", "agent-secret"),
        user=("barbara.jensen", "Passw0rd!"),
    )
