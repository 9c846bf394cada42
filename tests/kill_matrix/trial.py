"""One run of the suite against a bundled server with a defect or in a mood, or on a clean one."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.end_to_end.conformance_run import LEAN, ROOT, environment

LIMIT_SECONDS: Final = 240
STRICT: Final = ("--profile", "strict", "--fail-on", "should")
"""How a SHOULD comes to count; the bundled server is hardened then."""


@dataclass(frozen=True)
class Observed:
    """What a trial saw of one requirement: outcome word, reason, and what was recorded for information."""

    word: str
    reason: str = ""
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """A run that is over. Without outcomes it never came to its end; the output says why."""

    status: int
    output: str
    outcomes: dict[str, Observed] = field(default_factory=dict)


def run(
    defects: Collection[str],
    requirements: Collection[str],
    *,
    strict: bool,
    moods: Collection[str] = (),
    options: Sequence[str] = (),
    limit_seconds: int = LIMIT_SECONDS,
) -> Trial:
    """The scenarios that bear the tags of these requirements (none: all), on a server with these defects and moods."""
    with tempfile.TemporaryDirectory(prefix="obo-trial-") as folder:
        file = Path(folder, "outcomes.json")
        arguments = ["-q", *LEAN, "-p", "no:allure_pytest", "-p", "tests.kill_matrix.recorder"]
        arguments += ["--outcomes", str(file), *(STRICT if strict else ()), *options]
        arguments += ["-m", " or ".join(sorted(requirements))] if requirements else []
        finished = subprocess.run(  # noqa: S603 - the suite itself
            [sys.executable, "-m", "pytest", "features", *arguments],
            cwd=ROOT,
            env=environment({"OBO_REFERENCE_DEFECT": " ".join(defects), "OBO_REFERENCE_MOOD": " ".join(moods)}),
            capture_output=True,
            text=True,
            timeout=limit_seconds,
            check=False,
        )
        plain = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    outcomes = {
        requirement: Observed(seen["word"], seen["reason"], tuple(seen["recorded"]))
        for requirement, seen in plain.items()
    }
    return Trial(finished.returncode, finished.stdout + finished.stderr, outcomes)
