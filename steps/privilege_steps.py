"""Sentences about an agent's privileges: application, subjects, groups, permissions (guide, task 3.2 steps 5 and 6)."""

from __future__ import annotations

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.admin import Administration
from fixtures.tenant.workshop import Workshop
from steps.checks import refusal, saved_privilege, token_response
from steps.own_agent import OwnAgent
from steps.phrases import parse
from steps.requests import Attempt


@when("a privilege is saved that names the application only", target_fixture="privilege")
def half_saved_privilege(own: OwnAgent) -> str:
    return own.workshop.create_privilege(own.agent, own.cast.application)


@when(parse('a privilege is saved that permits "{scope}" at the application to nobody'), target_fixture="privilege")
def privilege_for_nobody(own: OwnAgent, scopes: ScopeNames, scope: str) -> str:
    privilege = half_saved_privilege(own)
    own.workshop.complete_privilege(privilege, subjects=[], permissions=[scopes(scope)])
    return privilege


@when(
    parse('a privilege is saved with the end user, a group, "{scope}" and the custom value "{custom}"'),
    target_fixture="privilege",
)
def privilege_with_custom_value(
    own: OwnAgent, workshop: Workshop, cast: Cast, scopes: ScopeNames, scope: str, custom: str
) -> str:
    privilege = half_saved_privilege(own)
    permissions = [scopes(scope), custom]
    workshop.complete_privilege(privilege, subjects=[cast.end_user], groups=[cast.group], permissions=permissions)
    return privilege


@when("the description of the privilege alone is changed")
def change_description(admin: Administration, privilege: str) -> None:
    operation = {"operation": "replace", "field": "/description", "value": "changed"}
    admin.patch("aiagentprivilege", privilege, [operation])


@then("the AI agent of its own exchanges tokens by it")
def exchanges_by_it(own: OwnAgent) -> None:
    token_response.exchange_granted(own.exchange_once(granted=True).answer)


@given(
    parse(
        'an AI agent of its own with a privilege for "{scope}" at the application and one for "{other}" at the second'
    ),
    target_fixture="own",
)
def agent_with_two_privileges(own_agent: OwnAgent, cast: Cast, scopes: ScopeNames, scope: str, other: str) -> OwnAgent:
    own_agent.configure_wholly()
    second = own_agent.workshop.create_privilege(own_agent.agent, cast.second_application)
    permissions = [scopes(other)]
    own_agent.workshop.complete_privilege(second, subjects=[cast.end_user], permissions=permissions)
    own_agent.add_privilege([scopes(scope)])
    token_response.exchange_granted(own_agent.exchange_once(granted=True, scope=scope).answer)
    return own_agent


@when(parse('the AI agent of its own exchanges it for "{scope}"'), target_fixture="attempt")
def own_exchange(own: OwnAgent, scope: str) -> Attempt:
    return own.exchange(scope)


@then(parse('the exchange is granted once the privilege has the end user as subject and permits "{scope}"'))
def granted_once_complete(own: OwnAgent, scopes: ScopeNames, privilege: str, scope: str) -> None:
    own.complete_privilege(privilege, [scopes(scope)])
    token_response.exchange_granted(own.exchange_once(granted=True).answer)


@then("it is refused again once the privilege only names the application")
def refused_again_half_saved(own: OwnAgent, privilege: str) -> None:
    own.workshop.complete_privilege(privilege)
    refusal.covers_nobody(own.exchange_once(granted=False).answer)


@then(parse('it is refused again once the privilege permits "{scope}" to nobody'))
def refused_again_to_nobody(own: OwnAgent, scopes: ScopeNames, privilege: str, scope: str) -> None:
    own.workshop.complete_privilege(privilege, permissions=[scopes(scope)])
    refusal.covers_nobody(own.exchange_once(granted=False).answer)


@then("it is refused again once the privilege is deleted")
def refused_again_without_privilege(admin: Administration, own: OwnAgent, added: str) -> None:
    admin.delete("aiagentprivilege", added)
    refusal.all_refused([("its privilege was deleted", own.exchange_once(granted=False).answer)], refusal.E_TARGET)


@when("it has a privilege for the end user with empty permissions", target_fixture="added")
def privileged(own: OwnAgent) -> str:
    return own.add_privilege()


@then("its exchange is granted")
def own_exchange_granted(own: OwnAgent) -> None:
    token_response.exchange_granted(own.exchange_once(granted=True).answer)


@then("the exchange is granted once it has a privilege again")
def granted_once_privileged(own: OwnAgent) -> None:
    own.add_privilege()
    token_response.exchange_granted(own.exchange_once(granted=True).answer)


@then(parse('the privilege holds the application, the end user, the group, "{scope}" and "{custom}"'))
def privilege_holds(
    admin: Administration, cast: Cast, scopes: ScopeNames, privilege: str, scope: str, custom: str
) -> None:
    fields = ["_id", "resource", "subjects", "subjectGroups", "permissions"]
    saved = admin.read("aiagentprivilege", privilege, fields) or {}
    saved_privilege.privilege_holds(
        saved, cast.application.managed_id, cast.end_user.id, cast.group, [scopes(scope), custom]
    )


@then(parse('"{custom}" should not be granted'))
def custom_value_kept_back(attempt: Attempt, custom: str) -> None:
    saved_privilege.custom_scope_kept_back(attempt.answer, custom)
