"""How hypothesis looks for counterexamples: the same ones each time, and without a limit that a busy machine breaks."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("checks", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("checks")
