"""A plugin of pytest that keeps requests and answers out of the report: what is left is the price of the results."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.report.evidence import Evidence


def pytest_configure() -> None:
    """Before anything is asked."""
    patch = pytest.MonkeyPatch()
    for name in ("received", "failed"):
        patch.setattr(Evidence, name, _nothing)


def _nothing(*_: Any) -> None:
    """Keep nothing."""
