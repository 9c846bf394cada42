"""Sentences about the realm's OAuth2 provider (guide, task 1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_bdd import given, then, when

from fixtures.provider_switch import ProviderSwitch
from fixtures.step_fixtures import Waiting
from fixtures.tenant.admin import Administration
from steps.checks import provider_settings, token_response
from steps.phrases import parse
from steps.requests import Attempt, DocumentedRequest

Document = dict[str, Any]


@given("an OAuth2 provider with a setting that differs from the default", target_fixture="provider_before")
def provider_with_own_setting(provider_switch: ProviderSwitch) -> Document:
    return provider_switch.with_own_setting()


@when("the administrator opens the OAuth2 provider", target_fixture="provider")
def open_provider(admin: Administration) -> Document:
    return admin.provider()


@when("the administrator saves the provider twice as it is", target_fixture="provider_after")
def save_provider_twice(
    admin: Administration, provider_before: Document, wait_until_effective: Waiting
) -> list[Document]:
    as_saved = partial(provider_settings.same_settings, provider_before)
    after = []
    for _ in range(2):
        admin.save_provider(provider_before)
        after.append(wait_until_effective(admin.provider, as_saved))
    return after


@when(parse('it is sent while "{grant}" is off at the provider'), target_fixture="attempt")
def sent_while_off(provider_switch: ProviderSwitch, documented: DocumentedRequest, grant: str) -> Attempt:
    return Attempt(provider_switch.answer_while_off(grant, lambda: documented().answer), documented.by)


@then("Resource Owner Password Credentials and Token Exchange are among its grant types")
def offers_both(provider: Document) -> None:
    provider_settings.provider_offers(provider)


@then("the provider is what it was, apart from its revision")
def provider_unchanged(provider_before: Document, provider_after: list[Document]) -> None:
    provider_settings.provider_unchanged(provider_before, *provider_after)


@then("the grant type is refused")
def grant_type_off(attempt: Attempt) -> None:
    token_response.grant_type_off(attempt.answer)


@then("it is granted once the provider offers the grant type again")
def granted_again(documented: DocumentedRequest, wait_until_effective: Waiting) -> None:
    attempt = wait_until_effective(documented, lambda attempt: attempt.token is not None)
    token_response.granted(attempt.answer)
