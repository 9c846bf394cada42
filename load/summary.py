"""What came of a load: counts, times and what was wrong, by kind of request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

WRONG: Final = "wrong answer"
UNANSWERED: Final = "no answer"
PERCENTILES: Final = (50, 90, 95, 99)


@dataclass(frozen=True)
class Figures:
    """Requests of one kind; times in milliseconds, percentiles by number."""

    requests: int
    per_second: float
    percentiles: Mapping[str, float]


@dataclass(frozen=True)
class Failure:
    """What went wrong, and how often."""

    kind: str
    what: str
    """Begins with `WRONG` or `UNANSWERED`."""
    count: int


@dataclass(frozen=True)
class Summary:
    """A load that is over."""

    total: Figures
    kinds: Mapping[str, Figures]
    failures: tuple[Failure, ...]
    troubles: tuple[str, ...]
    """What makes the figures doubtful, or the load incomplete: faults of the load itself."""
    notes: tuple[str, ...] = ()

    @property
    def wrong(self) -> int:
        """How many answers were not what they had to be."""
        return self._count(WRONG)

    @property
    def unanswered(self) -> int:
        """How many requests were cut off, timed out, or turned away by a tenant that was too busy."""
        return self._count(UNANSWERED)

    def _count(self, sort: str) -> int:
        return sum(failure.count for failure in self.failures if failure.what.startswith(sort))

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The inverse of `write`; raises `FileNotFoundError` where Locust ended without it."""
        plain = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            Figures(**plain["total"]),
            {kind: Figures(**figures) for kind, figures in plain["kinds"].items()},
            tuple(Failure(**failure) for failure in plain["failures"]),
            tuple(plain["troubles"]),
            tuple(plain["notes"]),
        )

    def lines(self) -> Iterable[str]:
        """For a terminal: a table, then what was wrong, most frequent first."""
        yield f"{'':<34}{'requests':>9}{'per s':>8}" + "".join(f"{f'p{each}':>7}" for each in PERCENTILES) + "  ms"
        for kind, figures in [*sorted(self.kinds.items()), ("all", self.total)]:
            times = "".join(f"{figures.percentiles[str(each)]:>7.0f}" for each in PERCENTILES)
            yield f"{kind:<34}{figures.requests:>9}{figures.per_second:>8.1f}{times}"
        for failure in sorted(self.failures, key=lambda failure: -failure.count):
            yield f"{failure.count} x {failure.kind}: {failure.what}"
        yield from self.notes
        yield from (f"trouble: {trouble}" for trouble in self.troubles)
        yield f"wrong answers: {self.wrong}, without an answer: {self.unanswered}"
