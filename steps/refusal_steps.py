"""Sentences about refusals: who or what is refused, each with the answers that count as that refusal."""

from __future__ import annotations

from pytest_bdd import then

from steps.checks import refusal
from steps.phrases import parse
from steps.requests import Attempt


@then("the client is refused")
def client_refused(attempt: Attempt) -> None:
    refusal.client_refused(attempt.answer)


@then("the client is refused this grant")
def client_refused_grant(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, refusal.E_CLIENT_GRANT)


@then("the client is refused the exchange grant")
def client_refused_exchange(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, refusal.E_CLIENT_EXCHANGE)


@then("the exchange is refused")
def exchange_refused(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, refusal.E_EXCH)


@then("the audience is refused")
def audience_refused(attempt: Attempt) -> None:
    refusal.refused(attempt.answer, refusal.E_TARGET)


@then("each of these log-ins is refused")
def logins_refused(wrong_password: Attempt, unknown_user: Attempt, empty_password: Attempt) -> None:
    refusal.logins_refused([wrong_password.answer, unknown_user.answer, empty_password.answer])


@then("the wrong password and the unknown user should not be told apart")
def indistinguishable(wrong_password: Attempt, unknown_user: Attempt) -> None:
    refusal.indistinguishable(wrong_password.answer, unknown_user.answer)


@then("the client is refused in the same way both times")
def client_refused_first(attempts: list[Attempt]) -> None:
    refusal.client_refused_first(attempts[0].answer, attempts[1].answer)


@then(parse("the request is refused for its grant type {value:Value}"))
def grant_type_refused(attempt: Attempt, value: str | None) -> None:
    refusal.grant_type_refused(attempt.answer, value)


@then("that authentication method should be refused")
def method_refused(attempt: Attempt) -> None:
    refusal.method_refused(attempt.answer)


@then("the half-saved privilege authorises nothing")
@then("no end user is covered")
def privilege_refused(attempt: Attempt) -> None:
    refusal.covers_nobody(attempt.answer)
