"""Sentences about the end user's approval of what an AI agent asks for (OpenID CIBA Core)."""

from __future__ import annotations

import time
from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant.backchannel import Backchannel
from fixtures.tenant.exchange import Answer
from steps.approval import Approvals, Asked
from steps.checks import backchannel, refusal
from steps.phrases import parse
from steps.requests import Attempt, Witnessing


@given("a tenant that offers approval over the backchannel")
def offers_approval(backchannel: Backchannel) -> None:
    """Without it nothing is reserved for an approval: that permissions hold is another requirement's."""


@given(parse('an AI agent asks the end user to approve "{scope}"'), target_fixture="asked")
def asks(approvals: Approvals, scope: str) -> Asked:
    return approvals.asked(scope)


@given(parse('an AI agent asks the end user to approve "{scope}" within one second'), target_fixture="asked")
def asks_briefly(approvals: Approvals, scope: str) -> Asked:
    return approvals.asked_briefly(scope)


@given(parse('an AI agent asked the end user to approve "{scope}", and "{part}" was approved'), target_fixture="asked")
def approved(approvals: Approvals, scope: str, part: str) -> Asked:
    return approvals.approved(scope, part)


@when(parse("an AI agent asks for approval with {hints:Hints}"), target_fixture="refused_request")
def asks_with(approvals: Approvals, hints: Any) -> Answer:
    return approvals.ask("openid", **hints(approvals)).answer


@when("the end user denies it")
def denies(approvals: Approvals, asked: Asked) -> None:
    approvals.deny(asked)


@when("its time is over")
def time_is_over(asked: Asked, wait_for_time: Waiting) -> None:
    wait_for_time(time.monotonic, lambda now: now > asked.sent_at + asked.lifetime_seconds)


@when("the agent polls before the end user has decided", target_fixture="attempt")
def polls(approvals: Approvals, asked: Asked) -> Attempt:
    return approvals.poll(asked)


@when("the agent polls, and again after the end user has approved too late", target_fixture="attempts")
def polls_on(approvals: Approvals, asked: Asked) -> list[Attempt]:
    first = approvals.redeem(asked)
    approvals.approve_too_late(asked)
    return [first, approvals.redeem(asked)]


@when("the agent redeems the approval", target_fixture="attempt")
def redeems(approvals: Approvals, asked: Asked) -> Attempt:
    return approvals.redeem(asked)


@when(parse('the agent redeems the approval with "scope" "{scope}"'), target_fixture="attempt")
def redeems_for(approvals: Approvals, scopes: ScopeNames, asked: Asked, scope: str) -> Attempt:
    return approvals.redeem(asked, scope=scopes(scope))


@when("another AI agent that may ask for approval redeems it", target_fixture="attempt")
def another_redeems(approvals: Approvals, cast: Cast, asked: Asked) -> Attempt:
    return approvals.redeem(asked, by=cast.second_ciba_agent)


@then("there is no token yet")
def no_token_yet(attempt: Attempt) -> None:
    backchannel.pending(attempt.answer)


@then("it is refused: exactly one hint is demanded")
def one_hint_demanded(refused_request: Answer) -> None:
    backchannel.one_hint_demanded(refused_request)


@then("a request with a login hint alone is accepted")
def one_hint_accepted(approvals: Approvals) -> None:
    approvals.asked("openid")


@then(parse('both polls are refused for good, the first with "{error}"'))
def refused_for_good(attempts: list[Attempt], error: str) -> None:
    backchannel.over([attempt.answer for attempt in attempts], error)


@then("the approval is not redeemed")
def not_redeemed(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, backchannel.E_BOUND)


@then("the approval is redeemed")
def is_redeemed(attempt: Attempt) -> None:
    backchannel.redeemed(attempt.answer)


@then(parse('another request for "{scope}" is redeemed once the end user approves it'))
def another_is_redeemed(approvals: Approvals, scope: str) -> None:
    backchannel.redeemed(approvals.redeem(approvals.approved(scope)).answer)


@then(parse('the token is the end user\'s, shows the agent and has "{scope}" alone'))
def approved_token(
    witnessed: Witnessing, scopes: ScopeNames, attempt: Attempt, end_user_subject: str, scope: str
) -> None:
    backchannel.approved_token(witnessed(attempt), end_user_subject, attempt.by.client_id, scopes(scope))
