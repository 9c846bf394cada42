"""Defects that would show no difference here, each with the reason."""

from __future__ import annotations

from typing import Final

LEFT_OUT: Final[dict[str, str]] = {}
