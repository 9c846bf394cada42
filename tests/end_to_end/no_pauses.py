"""Plugin: what is sent anew is sent at once."""

from __future__ import annotations

from fixtures.tenant import retries

retries.FIRST_PAUSE_SECONDS = 0.0
