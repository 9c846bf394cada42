"""Authlib on Flask: what an authorization server made with Python's usual parts does."""

from __future__ import annotations

from pathlib import Path

from benchmarks.environments import pinned, python_packages
from benchmarks.flow import Deployment
from benchmarks.processes import Command

NAME = "Authlib on Flask"
HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
TOLD = ("authlib", "flask", "joserfc", "waitress")
FOLDER = "authlib"


def versions() -> str:
    """What it runs with."""
    python_packages(FOLDER, LOCK)
    return pinned(LOCK, *TOLD)


def command(port: int, algorithm: str) -> Command:
    """The server."""
    python = python_packages(FOLDER, LOCK)
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
