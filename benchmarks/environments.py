"""What is installed, here and in environments of the peers' own: made once, anew when their lock file changes."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

from benchmarks.processes import ROOT
from benchmarks.rounds import Unmeasured, say

HOME = ROOT / ".obo" / "bench"
_LIMIT_SECONDS = 600


def pinned(lock: Path, *names: str) -> str:
    """The versions of some packages of a lock file, in a line."""
    text = lock.read_text(encoding="utf-8")
    return ", ".join(
        " ".join(found) for name in names for found in re.findall(rf"^({name})==(\S+)", text, re.MULTILINE)
    )


def installed(*names: str) -> str:
    """The versions of some packages of our own environment, in a line."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def wanted(package: Path) -> str:
    """The versions that a package.json asks for, in a line."""
    asked = json.loads(package.read_text(encoding="utf-8"))["dependencies"]
    return ", ".join(f"{name} {version}" for name, version in asked.items())


def python_packages(name: str, requirements: Path) -> Path:
    """The Python of an environment with these packages; raises `Unmeasured` where they can't be had."""
    folder = HOME / name
    python = folder / "bin" / "python"
    if _is_made(folder, requirements):
        return python
    say(f"installing {name} (once) ...")
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _install([*pip, "--require-hashes", "-r", str(requirements)], folder)
    _made(folder, requirements)
    return python


def node_packages(name: str, sources: Path) -> Path:
    """A folder with the packages of a package-lock.json, and the sources beside it; raises `Unmeasured`."""
    folder, lock = HOME / name, sources / "package-lock.json"
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unmeasured("Node.js with npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    for file in sources.glob("*.*js*"):
        shutil.copy(file, folder)
    if _is_made(folder, lock):
        return folder
    say(f"installing {name} (once) ...")
    _install(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder)
    _made(folder, lock)
    return folder


def scratch(name: str) -> Path:
    """An empty folder for what a program writes."""
    folder = HOME / "scratch" / "".join(letter if letter.isalnum() else "-" for letter in name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _install(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - pip and npm
            command, cwd=folder, capture_output=True, text=True, timeout=_LIMIT_SECONDS, check=False, env=_plain()
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise Unmeasured(f"could not be installed: {fault}") from fault
    if done.returncode:
        raise Unmeasured(f"could not be installed: {(done.stderr or done.stdout)[-300:]}")


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def _is_made(folder: Path, lock: Path) -> bool:
    stamp = folder / "made-of.sha256"
    return stamp.exists() and stamp.read_text() == _digest(lock)


def _made(folder: Path, lock: Path) -> None:
    (folder / "made-of.sha256").write_text(_digest(lock))


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()
