"""Starts the suite as a person would, and reads what it left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fixtures import hand_made_file
from fixtures.cast import Cast
from fixtures.settings.table import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
LEAN = ("--assert=plain", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")  # as a user's run


@dataclass(frozen=True)
class Finished:
    """A conformance run that is over: exit status, what it printed, and its Allure results."""

    status: int
    output: str
    results: Path

    @cached_property
    def scenarios(self) -> list[dict[str, Any]]:
        """Allure's result of each scenario."""
        return [json.loads(path.read_text(encoding="utf-8")) for path in self.results.glob("*-result.json")]

    def messages(self, status: str) -> dict[str, str]:
        """Message by scenario, of those with an Allure status ("failed", "skipped" …)."""
        found = [scenario for scenario in self.scenarios if scenario["status"] == status]
        return {f"{scenario['name']} {scenario['uuid']}": scenario["statusDetails"]["message"] for scenario in found}

    def outcomes(self, word: str) -> set[str]:
        """The requirements that the summary lists under an outcome word ("failed", "warning")."""
        return {line.split()[1] for line in self.output.splitlines() if line.startswith(f"{word} OBO-")}


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """An environment with these variables alone; empty ones hide those of the developer's .env."""
    others = {name: value for name, value in os.environ.items() if name.upper() not in VARIABLES}
    return {**others, **dict.fromkeys(VARIABLES, ""), **variables}


def start(
    variables: Mapping[str, str],
    results: Path,
    *arguments: str,
    features: Iterable[str] = ("features",),
    start_new_session: bool = False,
) -> subprocess.Popen[str]:
    """Start a conformance run with these variables alone."""
    command = [sys.executable, "-m", "pytest", *features, "-q", *LEAN, f"--alluredir={results}"]
    return subprocess.Popen(  # noqa: S603 - the suite itself
        [*command, *arguments],
        cwd=ROOT,
        env=environment(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=start_new_session,
    )


def run(variables: Mapping[str, str], results: Path, *arguments: str) -> Finished:
    """A whole conformance run."""
    process = start(variables, results, *arguments)
    output, _ = process.communicate()
    return Finished(process.returncode, output, results)


def reap(variables: Mapping[str, str]) -> tuple[int, str]:
    """`run reap --yes`: its exit status, and what it printed."""
    command = [sys.executable, "-m", "fixtures.provision", "reap", "--yes"]
    finished = subprocess.run(  # noqa: S603 - the suite itself
        command, cwd=ROOT, env=environment(variables), capture_output=True, text=True, check=False
    )
    return finished.returncode, finished.stdout + finished.stderr


def hand_made_variables(tenant_url: str, cast: Cast) -> dict[str, str]:
    """The eight variables of a set-up made by hand, on a tenant where changes hold at once."""
    return hand_made_file.variables(tenant_url, "alpha", cast) | {"OBO_PROPAGATION_SECONDS": "0"}
