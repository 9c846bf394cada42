"""Sentences about the identifiers that tie tokens to the audit trail."""

from __future__ import annotations

from pytest_bdd import then, when

from fixtures.cast import Cast
from fixtures.scope_names import ScopeNames
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from steps.checks import audit
from steps.exchange_steps import agents_token
from steps.requests import Attempt, obtained

Views = list[tuple[Answer, Answer]]


@when("the user's token and two tokens exchanged from it are introspected twice each", target_fixture="views")
def introspect_each_twice(oauth: OAuth, cast: Cast, scopes: ScopeNames, subject_token: str) -> Views:
    agents = [agents_token(oauth, cast, scopes, subject_token, "read-data") for _ in range(2)]
    tokens = [(subject_token, cast.application), *((attempt.token, attempt.by) for attempt in agents)]
    return [(oauth.introspect(token, by=by), oauth.introspect(token, by=by)) for token, by in tokens]


@then('"authGrantId" and "auditTrackingId" stay for each token and differ between the tokens')
def own_identifiers(views: Views) -> None:
    shown = [name for name in audit.IDENTIFIERS if name in views[0][0].members]
    offered(shown, "the tenant shows neither authGrantId nor auditTrackingId")
    audit.own_identifiers(views)


@then("the report so far tells of these requests, and shows no secret and neither of the tokens")
def report_is_silent(cast: Cast, subject_token: str, exchanged: Attempt, report_so_far: dict[str, str]) -> None:
    tokens = [subject_token, obtained(exchanged.answer)]
    audit.secrets_kept_out(report_so_far, [*cast.secrets, *tokens], cast.agent.client_id)
