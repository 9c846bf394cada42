"""Tools of this machine that the tests need besides Python: what is absent is skipped, or missed where required."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def tool(name: str) -> str:
    """The path of a command; skips the test, with the reason, where there is none."""
    return shutil.which(name) or absent(f"needs {name}")


def absent(reason: str) -> NoReturn:
    """Skip the test; in CI and where OBO_INTEROP says "required", fail it."""
    if os.environ.get("CI", "").lower() == "true" or os.environ.get("OBO_INTEROP") == "required":
        pytest.fail(f"{reason}, and it is required here", pytrace=False)
    pytest.skip(reason)
