"""oidc-provider: the authorization server of Node.js."""

from __future__ import annotations

from pathlib import Path

from benchmarks.environments import node_packages, wanted
from benchmarks.flow import Deployment
from benchmarks.processes import Command

NAME = "oidc-provider"
HERE = Path(__file__).parent


def versions() -> str:
    """What it runs with."""
    node_packages(NAME, HERE)
    return wanted(HERE / "package.json")


def command(port: int, algorithm: str, form: str = "jwt") -> Command:
    """The server; `form` is that of its tokens, "jwt" or "opaque"."""
    home = node_packages(NAME, HERE)
    variables = {"PORT": str(port), "ALG": algorithm, "FORMAT": form, "NODE_ENV": "production"}
    return Command(["node", "server.mjs"], home, variables)


def deployment(port: int, form: str = "jwt") -> Deployment:
    """Where its endpoints are."""
    return Deployment(
        url=f"http://127.0.0.1:{port}",
        token_path="/token",  # noqa: S106 - a path
        introspection_path="/introspect-jwt" if form == "jwt" else "/token/introspection",
        application=("application", "application-secret"),
        agent=("agent", "agent-secret"),
        user=("barbara.jensen", "Passw0rd!"),
    )
