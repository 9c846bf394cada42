"""The curl lines of a report, sent again by a shell: the same status and the same members.

Here those of one task; `python -m pytest -p tests.report.replaying features` replays a whole report (two minutes).
"""

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
    told = next(line for line in run.output.splitlines() if line.startswith("curl lines of the report: "))
    counts = dict(part.rsplit(": ", 1) for part in told.split(", "))
    assert int(counts["replayed"]) > 100
    assert (counts["answered otherwise"], counts["changed later"]) == ("0", "0"), run.output
