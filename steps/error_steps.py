"""Sentences about refusals as such: their form, their codes, and what they give away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.actors import EndUser
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE
from steps.checks import errors
from steps.own_agent import OwnAgent
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest, obtained, tampered
from steps.user_token_steps import users_token

SECRET_PARAMETERS = ("client_secret", "password", "subject_token", "actor_token", "token")


@dataclass(frozen=True)
class Leaving:
    """A user whom an AI agent of the scenario may act for, and a token from the time before the user goes."""

    user: EndUser
    token: str


@given("a privilege of it for the end user and two others, who have access tokens", target_fixture="leaving")
def privilege_for_three(own: OwnAgent, oauth: OAuth, cast: Cast, scopes: ScopeNames) -> list[Leaving]:
    users = [own.workshop.create_user(name) for name in ("own-user-one", "own-user-two")]
    privilege = own.workshop.create_privilege(own.agent, cast.application)
    own.workshop.complete_privilege(privilege, subjects=[cast.end_user, *users])
    log_in = partial(oauth.password, by=cast.application, scope=scopes("openid read-data"))
    answers = [own.wait(partial(log_in, user), lambda answer: answer.status == 200) for user in users]
    return [Leaving(user, obtained(answer)) for user, answer in zip(users, answers, strict=True)]


@when("one of the two is made inactive, and the other deleted")
def leave(own: OwnAgent, leaving: list[Leaving]) -> None:
    first, second = (each.user for each in leaving)
    own.workshop.set_user_status(first, "inactive")
    own.workshop.admin.delete("user", second.id or "")


@when("the AI agent of its own exchanges the tokens of both", target_fixture="gone")
def exchange_for_gone(own: OwnAgent, leaving: list[Leaving]) -> list[Answer]:
    exchanges = [partial(own.exchange_of, each.token) for each in leaving]
    return [own.wait(exchange, lambda answer: answer.status != 200) for exchange in exchanges]


@when("the AI agent of its own exchanges a user's token that is not covered, and a damaged one", target_fixture="pair")
def exchange_for_others(own: OwnAgent, oauth: OAuth, cast: Cast, scopes: ScopeNames) -> tuple[Answer, Answer]:
    not_covered = users_token(oauth, cast, scopes, lambda cast: cast.uncovered_user, "openid read-data")
    return own.exchange_of(not_covered), own.exchange_of(tampered(not_covered))


@when("it is sent with the token of a user who is not covered, and with a damaged one", target_fixture="pair")
def sent_for_others(
    documented: DocumentedRequest, oauth: OAuth, cast: Cast, scopes: ScopeNames
) -> tuple[Answer, Answer]:
    not_covered = users_token(oauth, cast, scopes, lambda cast: cast.uncovered_user, "openid read-data")
    return documented(subject_token=not_covered).answer, documented(subject_token=tampered(not_covered)).answer


@when("it is sent with a damaged subject token", target_fixture="attempt")
def sent_with_damaged_token(documented: DocumentedRequest) -> Attempt:
    return documented(subject_token=tampered(documented.fields["subject_token"]))


@when("it is sent with a damaged actor token", target_fixture="attempt")
def sent_with_damaged_actor_token(documented: DocumentedRequest) -> Attempt:
    token = tampered(documented.fields["subject_token"])
    return documented(actor_token=token, actor_token_type=ACCESS_TOKEN_TYPE)


@when("it is sent with a wrong user password", target_fixture="attempt")
def sent_with_wrong_user_password(documented: DocumentedRequest, wrong_secret: str) -> Attempt:
    return documented(password=wrong_secret)


@then("a refusal has the form of an OAuth error")
def in_form_if_refused(attempt: Attempt) -> None:
    errors.well_formed_refusal(attempt.answer)


@then("the refusal has the form of an OAuth error")
def refused_in_form(attempt: Attempt) -> None:
    errors.refused_in_form(attempt.answer)


@then(parse("the error should be {code:w}"))
def code_is(attempt: Attempt, code: str) -> None:
    errors.code_is(attempt.answer, code)


@then("the refusal repeats nothing that is secret")
def repeats_no_secret(attempt: Attempt) -> None:
    sent = attempt.answer.request.form or ()
    errors.repeats_no_secret(attempt.answer, [value for name, value in sent if name in SECRET_PARAMETERS])


@then("the refusals do not tell who may be acted for")
def reasons_kept(pair: tuple[Answer, Answer], cast: Cast) -> None:
    user = cast.uncovered_user
    errors.reasons_kept(*pair, [], list(filter(None, [user.username, user.id])))


@then("the refusals do not tell what became of a user")
def reasons_kept_of_gone(pair: tuple[Answer, Answer], gone: list[Answer], leaving: list[Leaving], cast: Cast) -> None:
    users = [cast.uncovered_user, *(each.user for each in leaving)]
    identifiers = [name for user in users for name in (user.username, user.id) if name]
    errors.reasons_kept(*pair, gone, identifiers)
