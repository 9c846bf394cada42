"""Runs of the suite: all of it, or nothing but the guide's flow so many times."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.processes import ROOT, Command

QUIET = ("-q", "--assert=plain", "-p", "benchmarks.as_installed", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
"""As `python3 run` does, with nothing that only developers have."""
UNSHARED: Final = "--no-sharing"
"""The option with which each scenario fetches its own tokens."""
OWN_TOKENS: Final = "@own_tokens"
"""The tag of scenarios that share none."""
FEATURE: Final = """@task_4_2 {tag}
Feature: The guide's flow, many times
  Rule: Where a user's token is needed
"""
OUTLINE: Final = """
    @OBO-4.2I-03
    Scenario Outline: The agent's token names user, actor and scope, part {part}, time <time>
      Given the end user's access token for "openid read-data"
      When the application introspects the user's token
      Given the AI agent's access token for "read-data", exchanged from it
      When the agent's token is introspected
      Then "sub" is the same in both, to the byte
      And "act.sub" is the AI agent
      And "scope" is "read-data" and nothing of the user's token

      Examples:
        | time |
"""


def flows(
    folder: Path,
    count: int,
    *arguments: str,
    parts: int = 1,
    tag: str = "",
    variables: Mapping[str, str] | None = None,
) -> Command:
    """A run of the suite over nothing but so many scenarios of the guide's flow, in a project made for them.

    They are the rows of so many outlines, the `parts`; the feature bears the `tag`.
    """
    project = _project(folder, count, parts, tag)
    return replace(suite(project, *arguments, variables=variables), expected=f"{count} passed")


def suite(folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> Command:
    """A run of the suite in one process, in this project or in one made of it."""
    command = [sys.executable, "-m", "pytest", *QUIET, *arguments]
    return Command(command, folder, {"PYTHONPATH": str(ROOT), **(variables or {})})


def front_door(*arguments: str, variables: Mapping[str, str] | None = None) -> Command:
    """A run as a person starts it, with what `python3 run` chooses by itself."""
    return Command([sys.executable, str(ROOT / "run"), *arguments], ROOT, variables or {})


def front_door_flows(
    folder: Path, count: int, *, parts: int = 1, variables: Mapping[str, str] | None = None
) -> Command:
    """The flows of such a project as a person would start them."""
    project = _project(folder, count, parts)
    options = ["-q", "--rootdir", str(project), "-c", str(project / "pyproject.toml"), str(project / "features")]
    return replace(front_door(*options, variables=variables), expected=f"{count} passed")


def _project(folder: Path, count: int, parts: int, tag: str = "") -> Path:
    """Requirements and all, with one feature; since it judges so few of them, the exit status is "not judged"."""
    (folder / "features").mkdir(parents=True, exist_ok=True)
    for name in ("conftest.py", "pyproject.toml", "features/requirements.toml", "features/guide.toml"):
        shutil.copy(ROOT / name, folder / name)
    text = FEATURE.format(tag=tag)
    for part in range(parts):
        rows = "".join(f"        | {number} |\n" for number in range(part, count, parts))
        text += OUTLINE.format(part=part) + rows
    (folder / "features" / "flow.feature").write_text(text, encoding="utf-8")
    return folder
