"""The curl lines of a report, sent again by a shell: the same status and the same members."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.end_to_end import conformance_run


@pytest.mark.skipif(shutil.which("curl") is None and "CI" not in os.environ, reason="no curl on this machine")
def test_each_line_gives_the_same_answer(tmp_path: Path) -> None:
    run = conformance_run.run({}, tmp_path / "results", "-p", "tests.report.replaying", "-m", "task_4_2")
    assert run.status == 0, run.output
    told = next(line for line in run.output.splitlines() if line.startswith("curl lines replayed: "))
    assert int(told.split()[3].rstrip(",")) > 100
    assert ", otherwise: 0," in told, run.output
