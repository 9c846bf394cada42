"""Runs at the same time on one tenant."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from tests.end_to_end.conformance_run import start
from tests.end_to_end.listing import difference, listing
from tests.torture.endurance.killing import EXCLUSIVE
from tests.torture.journals import open_entries
from tests.torture.process import Process


def run_beside(server: Process, long: Sequence[str], short: Sequence[str], *, exclusive: bool) -> int:
    """One long run, and beside it short ones one after the other: how many.

    Fails unless all are green and nothing is left.
    """
    before = listing(server)
    variables = server.variables | (EXCLUSIVE if exclusive else {})
    long_run = start(variables, server.folder / "long" / "allure", *long)
    count = 0
    while long_run.poll() is None:
        _green(start(variables, server.folder / "short" / "allure", *short))
        count += 1
    _green(long_run)
    after = listing(server)
    assert after == before, difference(before, after)
    assert not list(open_entries(server.url))
    return count


def _green(process: subprocess.Popen[str]) -> None:
    output, _ = process.communicate()
    assert process.returncode == 0, output
