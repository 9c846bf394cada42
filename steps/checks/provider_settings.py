"""Checks of the OAuth2 provider and of the administrator's interfaces (guide, task 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.checks.documents import (
    PASSWORD,
    TOKEN_EXCHANGE,
    grant_types,
    setting,
)
from steps.checks.evidence import Answer, Members, brief, items_of
from steps.checks.verdict import Nonconformity, Remarks, check


def provider_accepts_audience(document: Members) -> bool:
    """Whether the provider itself accepts audience parameters in token exchange requests."""
    return setting(document, "advancedOAuth2Config", "acceptAudienceParametersInTokenExchangeRequests") is True


@check("OBO-1-01")
def provider_offers(document: Members) -> Remarks:
    """Both grant types of the flow are enabled at the provider."""
    if missing := {PASSWORD, TOKEN_EXCHANGE} - grant_types(document, "advancedOAuth2Config"):
        raise Nonconformity(
            "password and token exchange among the provider's grant types", f"missing: {sorted(missing)}"
        )
    return None


@check("OBO-1-02")
def provider_unchanged(before: Members, *afters: Members) -> Remarks:
    """A save of the same settings changes none of them, each time; order of lists and the revision don't count."""
    was = _flat(before)
    for now in map(_flat, afters):
        if changed := sorted(name for name in was if was[name] != now.get(name)):
            raise Nonconformity("every provider setting as before", f"changed: {', '.join(changed)}")
        grants = items_of(now.get("advancedOAuth2Config.grantTypes"))
        if twice := sorted({str(grant) for grant in grants if grants.count(grant) > 1}):
            raise Nonconformity("no grant type twice", f"twice: {', '.join(twice)}")
    return None


def same_settings(before: Members, after: Members) -> bool:
    """Whether every setting of a provider document has the same value in another."""
    was, now = _flat(before), _flat(after)
    return all(value == now.get(name) for name, value in was.items())


def _flat(document: Members, prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in document.items():
        if name == "_rev":
            continue
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = sorted(value, key=str) if isinstance(value, list) else value
    return flat


@check("OBO-1-04")
def closed(answers: Mapping[str, Answer]) -> Remarks:
    """The administrative interface refuses the caller: 401, 403, 404, or a redirect to log in."""
    if not answers:
        raise Nonconformity("requests to judge", "none was made")
    for what, answer in answers.items():
        if answer.status not in (401, 403, 404) and answer.status // 100 != 3:
            raise Nonconformity(f"401, 403, 404 or a redirect for {what}", brief(answer))
    return None


@check("OBO-1-04")
def open_to_administrator(answers: Mapping[str, Answer]) -> Remarks:
    """The control: with the administrator's own token each of the same requests is answered 200."""
    if not answers:
        raise Nonconformity("requests to judge", "none was made")
    for what, answer in answers.items():
        if answer.status != 200:
            raise Nonconformity(f"the administrator may read {what}", brief(answer))
    return None


@check("OBO-1-04")
def object_unchanged(before: Members, after: Members) -> Remarks:
    """An object is what it was."""
    if before != after:
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        raise Nonconformity("the object unchanged", f"changed: {', '.join(changed)}")
    return None
