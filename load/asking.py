"""One request of a load: sent, judged, and told to whoever keeps the figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, Protocol

from fixtures.report.redaction import redactor
from fixtures.report.watch import SecretWatch
from fixtures.tenant.errors import Unreachable
from fixtures.tenant.exchange import Answer
from fixtures.tenant.retries import BUSY
from load.summary import UNANSWERED, WRONG
from steps.checks import errors, hygiene
from steps.checks.verdict import Nonconformity

Judge = Callable[[Answer], Any]
LONGEST_TEXT: Final = 300
_VARYING: Final = re.compile(r"(?=[\w.~+/=-]*\d)[\w.~+/=-]{12,}")
"""What differs from one answer to another, such as identifiers and tokens: one fault is to be told as one."""


class Ended(Exception):
    """A task can't go on; what was in its way has been told."""


class Tell(Protocol):
    """Takes one request down: its kind, how long the answer took and was, and what was wrong; None: nothing."""

    def __call__(self, kind: str, milliseconds: float, length: int, wrong: str | None) -> None: ...


class Asking:
    """Sends requests and judges each answer at once."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def __call__(self, kind: str, send: Callable[[], Answer], judge: Judge) -> Answer:
        """The answer, found right by `judge` and in its form; raises `Ended` where it is wrong or where none came."""
        try:
            answer = send()
        except Unreachable as fault:
            self._tell(kind, fault.seconds * 1000, 0, f"{UNANSWERED}: {redactor.text(str(fault))}")
            raise Ended from None
        wrong = fault_of(answer, judge)
        self._tell(kind, answer.milliseconds, len(answer.text), wrong)
        if wrong:
            raise Ended
        return answer


def fault_of(answer: Answer, judge: Judge) -> str | None:
    """What is wrong with an answer, in words that hold no secret; None where nothing is."""
    if answer.status in BUSY:
        return f"{UNANSWERED}: status {answer.status}, too busy"
    try:
        hygiene.not_cached(answer)
        errors.well_formed_refusal(answer)
        judge(answer)
    except Nonconformity as found:
        return f"{WRONG}: {_shown(str(found), answer)}"
    return None


def _shown(text: str, answer: Answer) -> str:
    watch = SecretWatch()  # of this exchange alone: to know every token of a load would take its time and memory
    watch.sending(answer.request)
    watch.received(answer)
    return _VARYING.sub("…", redactor.text(text))[:LONGEST_TEXT]
