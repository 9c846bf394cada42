"""Whether the tests noticed enough: the share of killed mutants, and survivors for which no reason is given."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant

LEAST_KILLED = 0.9


@dataclass(frozen=True)
class Judgement:
    """What came of a part's mutants."""

    killed: int
    total: int
    unexplained: tuple[Mutant, ...]
    stale: tuple[str, ...]
    """Listed survivors that are none any more."""

    @property
    def share(self) -> float:
        """The share of killed mutants, from 0 to 1."""
        return self.killed / self.total if self.total else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether the tests may stay as they are."""
        return self.share >= LEAST_KILLED and not self.unexplained


def judge(mutants: Sequence[Mutant], accepted: Collection[str]) -> Judgement:
    """Hold mutants against the survivors that are accepted; a change of wording alone needs no reason of its own."""
    survivors = [mutant for mutant in mutants if not mutant.killed]
    found = {mutant.change for mutant in survivors}
    functions = {mutant.function for mutant in mutants}
    return Judgement(
        len(mutants) - len(survivors),
        len(mutants),
        tuple(mutant for mutant in survivors if mutant.change not in accepted and not mutant.is_wording),
        tuple(sorted(name for name in accepted if name.partition(":")[0] in functions and name not in found)),
    )


def accepted(path: Path) -> Mapping[str, str]:
    """Accepted survivors, by what they change, with the reason."""
    families = tomllib.loads(path.read_text(encoding="utf-8")).get("family", [])
    return {change: family["reason"] for family in families for change in family["mutants"]}
