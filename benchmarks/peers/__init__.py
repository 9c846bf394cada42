"""Those that are measured beside us. A folder each: what it is made of, and the module that installs and starts it."""

from __future__ import annotations

from types import ModuleType

from benchmarks.rounds import Unmeasured


def versions_of(*peers: ModuleType) -> dict[str, str]:
    """What each runs with, by its name; those that can't be had are left out."""
    found = {}
    for peer in peers:
        try:
            found[str(peer.NAME)] = str(peer.versions())
        except Unmeasured:
            continue
    return found
