"""Plugin: every judgement of a check goes into the ledger, at the level that the requirement has in this run.

What falls short of a MUST ends the scenario; what falls short of a SHOULD is a warning, unless `--fail-on should`.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

from fixtures.report.bookkeeping import ledger_of, requirements_of
from fixtures.report.ledger import Ledger
from steps.checks.verdict import Judgement, Nonconformity, observed_by


class Oversight:
    """Weighs the judgements of one scenario."""

    def __init__(self, ledger: Ledger, promised: tuple[str, ...]) -> None:
        self.ledger = ledger
        self.promised = promised

    def __call__(self, judgement: Judgement) -> None:
        """Record a judgement; raises `Nonconformity` where it fails the scenario."""
        judged = self.judged(judgement)
        if found := judgement.nonconformity:
            found.requirement = found.requirement or (judged[0] if len(judged) == 1 else None)
            self.weigh(found)
            return
        self.ledger.judged(*judged)
        for remark in judgement.remarks:
            if remark.level == "SHOULD" and self.ledger.counts_as_failure("SHOULD"):
                raise Nonconformity("no shortfall of a SHOULD", remark.text, requirement=judged[0])
            self.ledger.remark(remark.level, remark.text, *judged)

    def judged(self, judgement: Judgement) -> tuple[str, ...]:
        """The requirements that a check judges here: of its own those that the scenario promises, else all of either.

        A check none of whose requirements the scenario promises is a precondition: it keeps its own.
        """
        return tuple(r for r in judgement.requirements if r in self.promised) or judgement.requirements or self.promised

    def weigh(self, found: Nonconformity) -> None:
        """Raise a nonconformity that counts as a failure; note any other as a warning or for the record."""
        level = "MUST" if found.binding or found.requirement is None else self.ledger.level(found.requirement)
        if level == "MUST" or self.ledger.counts_as_failure(level):
            raise found
        self.ledger.judged(str(found.requirement))
        self.ledger.remark(level, str(found), str(found.requirement))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    if not (promised := requirements_of(item)):
        return (yield)
    with observed_by(Oversight(ledger_of(item.config), promised)):
        return (yield)
