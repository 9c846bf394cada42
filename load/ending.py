"""The end of the processes that a load started: none of them outlives it."""

from __future__ import annotations

import subprocess


def end(process: subprocess.Popen[bytes] | subprocess.Popen[str], patience_seconds: float) -> None:
    """Ask a process to end, if it has not ended yet, and kill it where it takes longer than that."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
