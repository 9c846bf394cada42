"""behave: Gherkin in Python without pytest; its steps send with httpx, as ours do."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.environments import pinned, python_packages
from benchmarks.flow import Deployment
from benchmarks.processes import Command

NAME = "behave"
HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
TOLD = ("behave", "httpx")
FEATURE = """Feature: The guide's flow, many times

  Scenario Outline: The agent's token names user, actor and scope, time <time>
    Given the end user's access token
    When the application introspects it
    And the AI agent exchanges it and introspects its own
    Then "sub" is the same in both
    And "act.sub" is the AI agent
    And "scope" is what was asked for

    Examples:
      | time |
"""


def versions() -> str:
    """What it runs with."""
    python_packages(NAME, LOCK)
    return pinned(LOCK, *TOLD)


def command(deployment: Deployment, flows: int, folder: Path) -> Command:
    """So many scenarios."""
    python = python_packages(NAME, LOCK)
    (folder / "features" / "steps").mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "steps.py", folder / "features" / "steps")
    rows = "".join(f"      | {number} |\n" for number in range(flows))
    (folder / "features" / "flow.feature").write_text(FEATURE + rows, encoding="utf-8")
    return Command([str(python), "-m", "behave", "--format", "progress"], folder, deployment.variables)
