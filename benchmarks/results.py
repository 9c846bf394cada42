"""The raw numbers of the last run of each group, in .obo/bench/results.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.rounds import Samples


@dataclass(frozen=True)
class Measured:
    """What a group of measurements gave."""

    samples: Samples
    failures: Mapping[str, str] = field(default_factory=dict)
    """Why a peer could not be measured, by its name."""
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What a reader has to know of how it was measured this time."""


@dataclass
class Results:
    """All groups that were ever measured here, each as of its last run, and the machine that they were measured on."""

    groups: dict[str, Measured] = field(default_factory=dict)
    about: str = ""

    @classmethod
    def read(cls, path: Path) -> Results:
        """Those of a file; none where there is no such file."""
        plain = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        groups = plain.get("groups", {}).items()
        return cls({name: _measured(group) for name, group in groups}, plain.get("about", ""))

    def write(self, path: Path) -> None:
        """Write all of them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def _measured(plain: Mapping[str, Any]) -> Measured:
    return Measured(plain["samples"], plain["failures"], plain["versions"], tuple(plain["notes"]))
