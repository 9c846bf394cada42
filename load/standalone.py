"""The bundled server in a process of its own: on two cores it and the load that is put on it don't share one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fixtures.settings import Settings
from fixtures.tenant.errors import HarnessError
from load.ending import end

ROOT: Final = Path(__file__).parent.parent
ENDED_SECONDS: Final = 10


@contextmanager
def standalone(settings: Settings, folder: Path) -> Iterator[Settings]:
    """Start it on a free port, with the defects and moods of the settings; yields the settings that lead there."""
    file = folder / "tenant.env"
    named = [f"--defect={name}" for name in settings.reference_defects]
    named += [f"--mood={name}" for name in settings.reference_moods]
    command = [sys.executable, "-m", "reference_server", "--port", "0", "--env-file", str(file), *named]
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 - our own server
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C is for the load, which still needs it to tidy up
        )
    try:
        if process.stdout is None or not process.stdout.readline().startswith("Reference tenant ready"):
            raise HarnessError("the bundled server did not start; `.venv/bin/python -m reference_server` says why")
        yield Settings.read({"OBO_PROPAGATION_SECONDS": str(settings.propagation_seconds)}, file)
    finally:
        end(process, ENDED_SECONDS)
        if process.stdout:
            process.stdout.close()
