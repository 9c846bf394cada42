"""newman: Postman's collections on the command line, as the guide's own collection would be run."""

from __future__ import annotations

from pathlib import Path

from benchmarks.environments import node_packages, wanted
from benchmarks.flow import Deployment
from benchmarks.processes import Command

NAME = "newman"
HERE = Path(__file__).parent


def versions() -> str:
    """What it runs with."""
    node_packages(NAME, HERE)
    return wanted(HERE / "package.json")


def command(deployment: Deployment, flows: int, folder: Path) -> Command:
    """So many iterations of the collection, printing nothing: its fastest way."""
    home = node_packages(NAME, HERE)
    arguments = ["node", str(home / "node_modules" / "newman" / "bin" / "newman.js"), "run", str(home / "flow.json")]
    arguments += ["--silent", "--iteration-count", str(flows)]
    for name, value in deployment.variables.items():
        arguments += ["--env-var", f"{name}={value}"]
    return Command(arguments, folder)
