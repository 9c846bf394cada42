"""A plugin of pytest that hides what only developers have: httpx loads its command line where it finds `rich`."""

from __future__ import annotations

import sys

sys.modules["rich"] = None  # type: ignore[assignment]
