"""Sentences about what an administrator changes under tokens that were issued before: users, agents, privileges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.step_fixtures import Waiting
from fixtures.tenant.actors import Client
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD
from steps.checks import introspection, lifecycle, refusal, token_response
from steps.checks.evidence import scope_set
from steps.own_agent import OwnAgent
from steps.phrases import parse
from steps.requests import Attempt, Witnessing, obtained

APPLICATION_SCOPES = ("openid", "read-data", "write-data", "admin-action")


@given("an AI agent of its own that acts for a user of its own", target_fixture="own")
def acts_for_own_user(own_agent: OwnAgent) -> OwnAgent:
    own_agent.configure_wholly()
    own_agent.user = own_agent.workshop.create_user("own-user")
    own_agent.subject_token = own_agent.log_in()
    own_agent.add_privilege()
    return own_agent


@given("an AI agent of its own that acts for a group with a user of its own", target_fixture="own")
def acts_for_own_group(own_agent: OwnAgent) -> OwnAgent:
    own_agent.configure_wholly()
    own_agent.user = own_agent.workshop.create_user("own-user")
    own_agent.subject_token = own_agent.log_in()
    own_agent.add_group_privilege(own_agent.workshop.create_group("own-group", [own_agent.user]))
    token_response.exchange_granted(own_agent.exchange_once(granted=True).answer)
    return own_agent


@given("an AI agent of its own that acts at an application of its own", target_fixture="own")
def acts_at_own_application(own_agent: OwnAgent, cast: Cast) -> OwnAgent:
    own_agent.configure_wholly()
    own_agent.application = own_agent.workshop.create_application(
        "own-web-app", "Own Web App", scopes=APPLICATION_SCOPES, grants=[PASSWORD], owners=[cast.owner]
    )
    own_agent.add_privilege()
    return own_agent


@given(parse('an AI agent of its own that exchanges tokens for "{scope}"'), target_fixture="own")
def exchanges_for(own_agent: OwnAgent, scope: str) -> OwnAgent:
    own_agent.configure_wholly()
    own_agent.subject_token = own_agent.log_in()
    own_agent.add_privilege()
    token_response.granted(own_agent.exchange_once(granted=True, scope=scope).answer)
    return own_agent


@given("it exchanges tokens of that application, and of another one where it may", target_fixture="exchangeable")
def exchangeable_tokens(own: OwnAgent) -> list[str]:
    token = own.log_in()
    token_response.exchange_granted(own.exchange_once(granted=True, token=token).answer)
    return [token, *own.exchangeable([own.subject_token])]


@given("the AI agent and the application have introspected that token", target_fixture="before")
def introspected_before(oauth: OAuth, cast: Cast, exchanged: Attempt) -> Answer:
    seen_by_agent, seen = (oauth.introspect(exchanged.token, by=by) for by in (exchanged.by, cast.application))
    introspection.active_for_agent(seen_by_agent, seen)
    return seen


@when("that user is disabled")
def disable_user(own: OwnAgent) -> None:
    own.workshop.set_user_status(own.user, "inactive")


@when("that user is enabled again")
def enable_user(own: OwnAgent) -> None:
    own.workshop.set_user_status(own.user, "active")


@when("that user is deleted")
def delete_user(own: OwnAgent) -> None:
    own.workshop.delete_user(own.user)


@when("the AI agent is disabled")
def disable_agent(own: OwnAgent) -> None:
    own.workshop.deactivate_agent(own.agent)


@when("the AI agent is deleted")
def delete_agent(own: OwnAgent) -> None:
    own.workshop.delete_agent(own.agent)


@when("the secret of the AI agent is changed")
def change_secret(own: OwnAgent) -> None:
    own.agent = own.workshop.change_secret(own.agent)
    own.wait_until_known()


@when("it uses the new secret at the token, introspection and revocation endpoints", target_fixture="served")
def use_new_secret(oauth: OAuth, own: OwnAgent, exchanged: Attempt) -> dict[str, Answer]:
    own.exchange_once(granted=True)
    return {place: send() for place, send in _requests(oauth, own, exchanged, own.agent).items()}


@when("its privilege is deleted")
def delete_privilege(own: OwnAgent) -> None:
    own.workshop.delete_privilege(own.privilege)


@when("the user is taken off the subjects of its privilege")
def remove_subject(own: OwnAgent) -> None:
    own.workshop.set_subjects(own.privilege, [])


@when("the user is among the subjects of its privilege again")
def add_subject(own: OwnAgent) -> None:
    own.workshop.set_subjects(own.privilege, [own.user])


@when(parse('the permissions of its privilege are narrowed to "{scope}"'))
def narrow_permissions(own: OwnAgent, scopes: ScopeNames, scope: str) -> None:
    own.complete_privilege(own.privilege, [scopes(scope)])


@when("the user is taken out of the group")
def remove_member(own: OwnAgent) -> None:
    own.workshop.set_members(own.group, [])


@when("the user is in the group again")
def add_member(own: OwnAgent) -> None:
    own.workshop.set_members(own.group, [own.user])


@when("the application's client is disabled")
def disable_client(own: OwnAgent) -> None:
    own.workshop.deactivate_client(own.application)


@when("the application's client is deleted")
def delete_client(own: OwnAgent) -> None:
    own.workshop.delete_client(own.application)


@when("the application itself is deleted")
def delete_application(own: OwnAgent) -> None:
    own.workshop.delete_application(own.application)


@then("the user's earlier token is refused")
def earlier_token_refused(own: OwnAgent) -> None:
    refusal.refused(own.exchange_refused().answer, refusal.E_EXCH)


@then("a new token of the user is exchanged")
def new_token_exchanged(own: OwnAgent) -> None:
    token_response.granted(own.exchange_once(granted=True, token=own.log_in()).answer)


@then("the exchange is refused with the user's earlier token and with a new one")
def refused_with_either(own: OwnAgent) -> None:
    attempts = own.with_either_token(lambda last: last.token is None)
    refusal.all_refused([(step, attempt.answer) for step, attempt in attempts], refusal.E_TARGET)


@then("the exchange is granted with the user's earlier token and with a new one")
def granted_with_either(own: OwnAgent) -> None:
    attempts = own.with_either_token(lambda last: last.token is not None)
    lifecycle.granted_each([(step, attempt.answer) for step, attempt in attempts])


@then(parse('"{scope}" is granted neither with the user\'s earlier token nor with a new one'))
def scope_not_granted_with_either(own: OwnAgent, scopes: ScopeNames, witnessed: Witnessing, scope: str) -> None:
    attempts = own.with_either_token(partial(_lacks, scopes(scope)), scope)
    for _, attempt in attempts:
        refusal.scope_not_granted(witnessed(attempt), scopes(scope))


@then("none of these tokens is exchanged any more")
def none_exchanged(own: OwnAgent, exchangeable: list[str]) -> None:
    attempts = [own.exchange_once(granted=False, token=token) for token in exchangeable]
    refusal.all_refused([("the change", attempt.answer) for attempt in attempts], refusal.E_TARGET)


@then("its exchange is refused, for it is no client any more")
def refused_as_client(own: OwnAgent) -> None:
    attempt = own.exchange_until(lambda last: refusal.is_refusal(last.answer, refusal.E_CLIENT))
    refusal.refused(attempt.answer, refusal.E_CLIENT)


@then("its introspection is refused")
def may_not_introspect(oauth: OAuth, own: OwnAgent, exchanged: Attempt, wait_until_effective: Waiting) -> None:
    ask = partial(oauth.introspect, exchanged.token, by=own.agent)
    lifecycle.may_not_introspect(wait_until_effective(ask, lifecycle.is_turned_away))


@then("the agent's token should have ended with it")
def should_have_ended(witnessed: Witnessing, exchanged: Attempt) -> None:
    lifecycle.should_have_ended(witnessed.introspection(exchanged))


@then("the agent's token should have ended for the application")
def should_have_ended_for_application(oauth: OAuth, cast: Cast, exchanged: Attempt, before: Answer) -> None:
    lifecycle.should_have_ended(oauth.introspect(exchanged.token, by=cast.application), before)


@then(parse("whether the agent's earlier token ends when {change} is recorded"))
def record_end(witnessed: Witnessing, own: OwnAgent, exchanged: Attempt, change: str) -> None:
    lifecycle.lives_on(witnessed.introspection(replace(exchanged, by=own.agent)), change)


@then("the new secret works")
def new_secret_works(served: dict[str, Answer]) -> None:
    lifecycle.new_secret_works(served)


@then("the old secret is refused at each of them")
def old_secret_refused(
    oauth: OAuth, own: OwnAgent, exchanged: Attempt, served: dict[str, Answer], wait_until_effective: Waiting
) -> None:
    requests = _requests(oauth, own, exchanged, exchanged.by)
    answers = {place: wait_until_effective(send, lifecycle.is_turned_away) for place, send in requests.items()}
    lifecycle.old_secret_refused(answers, served)


def _requests(oauth: OAuth, own: OwnAgent, exchanged: Attempt, by: Client) -> dict[str, Callable[[], Answer]]:
    """What an AI agent authenticates for, by endpoint; revocation comes last, for it ends the token."""
    token, application, scope = obtained(exchanged.answer), own.application.client_id, own.scopes("read-data")
    return {
        lifecycle.TOKEN_ENDPOINT: partial(oauth.exchange, own.subject_token, by=by, audience=application, scope=scope),
        lifecycle.INTROSPECTION: partial(oauth.introspect, token, by=by),
        lifecycle.REVOCATION: partial(oauth.revoke, token, by=by),
    }


def _lacks(scope: str, attempt: Attempt) -> bool:
    return attempt.token is None or scope not in scope_set(attempt.answer.members.get("scope", attempt.asked))
