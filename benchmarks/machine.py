"""The machine that numbers were measured on, in words."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path


def machine() -> str:
    """Cores, processor and the programs that everyone shares."""
    cpus = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", cpus.read_text()) if cpus.exists() else None
    parts = [
        f"{os.cpu_count()} cores",
        found[1] if found else platform.machine(),
        f"Python {platform.python_version()}",
    ]
    return ", ".join([*parts, *filter(None, (_told("node", "--version", "Node.js "), _told("openssl", "version", "")))])


def _told(program: str, argument: str, prefix: str) -> str:
    path = shutil.which(program)
    if path is None:
        return ""
    done = subprocess.run([path, argument], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    return prefix + done.stdout.partition("(")[0].strip()
