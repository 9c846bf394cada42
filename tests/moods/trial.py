"""One run of the suite against the bundled server in some moods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reference_server import moods
from tests.kill_matrix import trial
from tests.kill_matrix.trial import Observed

LIMIT_SECONDS: Final = 900
IN_PARALLEL: Final = ("-n", "8")
"""Where most of the time is spent waiting."""
WORDS: Final = ("verified", "warning", "failed", "broken", "not verified", "not applicable", "not testable")
RED: Final = ("failed", "broken")


@dataclass(frozen=True)
class Verdict:
    """What came of a run."""

    moods: tuple[str, ...]
    status: int
    outcomes: Mapping[str, Observed] = field(default_factory=dict)
    output: str = ""

    @property
    def green(self) -> bool:
        """Whether the run found nothing wrong and came to its end."""
        return self.status == 0 and bool(self.outcomes) and not self._with(RED)

    def lines(self) -> Iterator[str]:
        """The run in a line, then what was red, and what needed mention."""
        counts = Counter(seen.word for seen in self.outcomes.values())
        told = ", ".join(f"{counts[word]} {word}" for word in WORDS if counts[word])
        yield f"{'green' if self.green else 'RED':5}  {'+'.join(self.moods)}: {told or self.output[-400:]}"
        for name, seen in self._with(RED if counts.keys() & set(RED) else ()).items():
            yield f"       {seen.word} {name}: {seen.reason.partition(chr(10))[0]}"

    def _with(self, words: Collection[str]) -> dict[str, Observed]:
        return {name: seen for name, seen in sorted(self.outcomes.items()) if seen.word in words}


def run(names: tuple[str, ...], requirements: Collection[str] = ()) -> Verdict:
    """The scenarios that bear the tags of these requirements (none: all), with the server in these moods."""
    waits = not all(moods.find(name).legal for name in names)
    options = IN_PARALLEL if waits and not requirements else ()
    ended = trial.run([], requirements, strict=False, moods=names, options=options, limit_seconds=LIMIT_SECONDS)
    return Verdict(names, ended.status, ended.outcomes, ended.output)
