"""What a check says: nothing, a remark, or that the tenant does not conform.

A check is a pure function over plain data, marked with the requirements that it judges. It raises `Nonconformity` where
a requirement is broken and returns remarks where the tenant falls short of a SHOULD or does something worth recording.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec

P = ParamSpec("P")
Level = Literal["SHOULD", "INFO"]
Remarks = Iterable["Remark"] | None


class Nonconformity(AssertionError):
    """The tenant does not do what a requirement asks.

    `requirement` is the id of the requirement, None where the check serves several and the scenario's tag decides.
    `error` is the OAuth error code of the answer that was judged, where there is one: it leads to the guide step.
    `binding` makes it count as a MUST even where the requirement as a whole is a SHOULD.
    """

    def __init__(
        self,
        expected: str,
        actual: Any,
        *,
        requirement: str | None = None,
        error: str | None = None,
        binding: bool = False,
    ) -> None:
        super().__init__(f"expected {expected}; actual: {actual}")
        self.expected = expected
        self.actual = actual
        self.requirement = requirement
        self.error = error
        self.binding = binding


@dataclass(frozen=True)
class Remark:
    """A deviation that a requirement tolerates: SHOULD fell short (a warning), INFO is recorded."""

    level: Level
    text: str


@dataclass(frozen=True)
class Judgement:
    """One call of a check: the requirements it judges (none: the scenario's own), and what it found."""

    check: str
    requirements: tuple[str, ...]
    remarks: tuple[Remark, ...] = ()
    nonconformity: Nonconformity | None = None


Observer = Callable[[Judgement], None]
_observers: list[Observer] = []


@contextmanager
def observed_by(observer: Observer) -> Iterator[None]:
    """Tell `observer` of each judgement made meanwhile; what it raises replaces the check's own outcome."""
    _observers.append(observer)
    try:
        yield
    finally:
        _observers.remove(observer)


def check(*requirements: str) -> Callable[[Callable[P, Remarks]], Callable[P, None]]:
    """Mark a function as the check of these requirements (none: of whatever the scenario is tagged with).

    Without an observer a nonconformity is raised and remarks are dropped. An observer decides instead: it may raise the
    nonconformity, count it as a warning, or turn a remark into a failure, as levels and profile say.
    """

    def decorate(function: Callable[P, Remarks]) -> Callable[P, None]:
        @functools.wraps(function)
        def judge(*args: P.args, **kwargs: P.kwargs) -> None:
            judgement = Judgement(function.__name__, requirements)
            try:
                judgement = Judgement(function.__name__, requirements, tuple(function(*args, **kwargs) or ()))
            except Nonconformity as found:
                if found.requirement is None and len(requirements) == 1:
                    found.requirement = requirements[0]
                judgement = Judgement(function.__name__, requirements, nonconformity=found)
                if not _observers:
                    raise
            for observer in list(_observers):
                observer(judgement)

        judge.requirements = requirements  # type: ignore[attr-defined]
        return judge

    return decorate
