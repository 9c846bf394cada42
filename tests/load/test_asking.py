"""One request of a load: what counts as wrong, what as no answer, and how a fault is told."""

from __future__ import annotations

import pytest

from fixtures.tenant.errors import Unreachable
from fixtures.tenant.exchange import Answer, Request
from load.asking import Asking, Ended, fault_of
from steps.checks.verdict import Nonconformity

TOLD = list[tuple[str, str | None]]
SECRET = "correct horse battery staple"


def answer(status: int = 200, text: str = '{"active": true}', cache: str = "no-store") -> Answer:
    headers = {"cache-control": cache, "content-type": "application/json"}
    return Answer(Request("POST", "https://t/token", form=(("client_secret", SECRET),)), status, headers, text, 5.0)


def fine(_: Answer) -> None:
    """Nothing to object to."""


def asked(reply: Answer | Unreachable) -> TOLD:
    """What is told of a request with this outcome, whether or not it ends the task."""
    told: TOLD = []

    def send() -> Answer:
        if isinstance(reply, Unreachable):
            raise reply
        return reply

    try:
        Asking(lambda kind, _ms, _length, wrong: told.append((kind, wrong)))("exchange", send, fine)
    except Ended:
        assert told[0][1]
    return told


def test_a_right_answer_is_told_without_a_fault() -> None:
    assert asked(answer()) == [("exchange", None)]


def test_no_answer_and_a_tenant_that_is_too_busy_are_not_wrong_answers() -> None:
    assert asked(Unreachable("t cut the connection")) == [("exchange", "no answer: t cut the connection")]
    assert asked(answer(503)) == [("exchange", "no answer: status 503, too busy")]


@pytest.mark.parametrize(
    "odd",
    [answer(text='{"access_token": "t"}', cache="private"), answer(500, "<html>"), answer(400, "{}")],
    ids=["a token that may be cached", "an internal error", "a refusal without a word"],
)
def test_the_form_of_every_answer_is_judged(odd: Answer) -> None:
    assert str(fault_of(odd, fine)).startswith("wrong answer")


def test_a_fault_shows_neither_what_was_sent_nor_what_differs_each_time() -> None:
    def judge(_: Answer) -> None:
        raise Nonconformity("sub 0e13a2d8-5f43-4d2c-9b0a-1f0d1c9b7a55", f"{SECRET} of obo-0fx1abc-load-agent-1")

    fault = fault_of(answer(), judge)
    assert fault is not None
    assert SECRET not in fault
    assert "0e13a2d8" not in fault
    assert "load-agent" not in fault
    assert fault.startswith("wrong answer: expected sub …")
