"""Whether a defect was noticed where it had to be: pure functions over the outcomes of trials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from fixtures.report.catalogue import Catalogue
from reference_server.defects import Defect
from tests.kill_matrix.trial import Observed, Trial

Verdict = Literal["killed", "partly", "survived"]


@dataclass(frozen=True)
class Killing:
    """What came of one defect: the requirements that noticed it and those that should have."""

    defect: Defect
    noticed: tuple[str, ...]
    missed: tuple[str, ...]
    note: str = ""
    """Where a requirement missed it: what became of that requirement instead."""

    @property
    def verdict(self) -> Verdict:
        """Killed is what every requirement noticed that had to."""
        if not self.noticed:
            return "survived"
        return "partly" if self.missed else "killed"


def needs_strict(defect: Defect, catalogue: Catalogue) -> bool:
    """Whether the defect shows only where a SHOULD counts, on a hardened server."""
    rows = [catalogue.requirements[name] for name in defect.caught_by if name in catalogue.requirements]
    return defect.hardened or defect.warning or any(row.level_in("guide") != "MUST" for row in rows)


def judge(defect: Defect, trial: Trial, clean: Mapping[str, Observed]) -> Killing:
    """Hold a trial of a defect against the requirements that must notice it."""
    noticed, missed, notes = [], [], []
    for requirement in defect.caught_by:
        seen = trial.outcomes.get(requirement, Observed("no outcome", _last_line(trial.output)))
        if is_noticed(seen, clean.get(requirement, Observed("no outcome"))):
            noticed.append(requirement)
        else:
            missed.append(requirement)
            notes.append(f"{requirement}: {seen.word}{f' ({_first_line(seen.reason)})' if seen.reason else ''}")
    return Killing(defect, tuple(noticed), tuple(missed), "; ".join(notes))


def is_noticed(seen: Observed, clean: Observed) -> bool:
    """A check of the requirement failed, or recorded something that it doesn't record of a clean server.

    What was broken, or not verified for another's sake, noticed nothing.
    """
    if clean.word not in ("verified", "warning"):
        return False
    return seen.word == "failed" or (seen.word in ("verified", "warning") and seen.recorded != clean.recorded)


def false_alarms(clean: Trial) -> list[str]:
    """Requirements that fail on a clean server."""
    return sorted(name for name, seen in clean.outcomes.items() if seen.word in ("failed", "broken"))


def killers(killings: Iterable[Killing]) -> dict[str, list[str]]:
    """Defects by the requirement that noticed them."""
    found: dict[str, list[str]] = {}
    for killing in killings:
        for requirement in killing.noticed:
            found.setdefault(requirement, []).append(killing.defect.name)
    return found


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
