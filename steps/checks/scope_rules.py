"""Checks of scope rules: what of a request for scopes may be granted (RFC 6749 section 3.3)."""

from __future__ import annotations

from collections.abc import Collection

from steps.checks.evidence import Answer, Witnesses, brief, scope_set
from steps.checks.introspection import ACTIVE, demand_active
from steps.checks.refusal import E_EXCH, demand_refusal
from steps.checks.token_response import demand_token, told_scopes
from steps.checks.verdict import Nonconformity, Remark, Remarks, check


@check("OBO-SCP-01")
def only_permitted(witnesses: Witnesses, asked: str, unpermitted: Collection[str]) -> Remarks:
    """A request for permitted and other scopes is refused, or the permitted part is granted and told in every place."""
    told = _told(witnesses, asked)
    part = scope_set(asked) - frozenset(unpermitted)
    _demand_none_of(unpermitted, told, f'at most "{_listed(part)}"')
    return [
        Remark("SHOULD", f"{place} names {_listed(scopes) or 'nothing'}, not the permitted part, {_listed(part)}")
        for place, scopes in told.items()
        if scopes != part
    ]


@check("OBO-SCP-02", "OBO-SCP-03", "OBO-SCP-04")
def no_scope_granted(witnesses: Witnesses, asked: str, assigned: Collection[str]) -> Remarks:
    """What only resembles scopes is refused, or granted neither as it is nor as any scope of the application."""
    unwanted = {asked, *scope_set(asked), *assigned}
    _demand_none_of(unwanted, _told(witnesses, asked), f"nothing for {asked!r}, which is no scope of the application")
    return None


@check("OBO-SCP-04")
def spelling_has_no_effect(witnesses: Witnesses, asked: str) -> Remarks:
    """Repeated scopes, in any order, are granted as the set that they are, and each is named once."""
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_EXCH)
        return [Remark("SHOULD", f'"{asked}" is refused: {brief(witnesses.answer)}')]
    wanted = scope_set(asked)
    for place, scopes in _told(witnesses, asked).items():
        if scopes != wanted:
            raise Nonconformity(f'"{_listed(wanted)}" for "{asked}"', f"{place} names {_listed(scopes) or 'nothing'}")
    return [Remark("SHOULD", f"{place} repeats a scope") for place, scopes in _spelt(witnesses).items() if scopes]


@check("OBO-SCP-05")
def within_subject_token(witnesses: Witnesses, asked: str, user: Answer) -> Remarks:
    """The agent's token has no scope that the user's lacks; a user's token without scopes holds none."""
    held = scope_set(demand_active(user, ACTIVE).get("scope"))
    for place, scopes in _told(witnesses, asked).items():
        if beyond := scopes - held:
            expected = f'at most the scope of the user\'s token, "{_listed(held)}"'
            raise Nonconformity(expected, f"{place} names {_listed(beyond)}")
    return None


@check("OBO-SCP-07")
def nothing_permitted(witnesses: Witnesses, asked: str) -> Remarks:
    """A request of which nothing may be granted is an error; never is there a scope in the answer, asked for or not."""
    told = _told(witnesses, asked)
    for place, scopes in told.items():
        if scopes:
            raise Nonconformity(f'an error for "{asked}"', f"{place} names {_listed(scopes)}", binding=True)
    return [Remark("SHOULD", f'"{asked}" gives a token without a scope instead of an error')] if told else None


def _told(witnesses: Witnesses, asked: str) -> dict[str, frozenset[str]]:
    """What is told to be granted, by place; nothing where the request was refused."""
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_EXCH)
        return {}
    demand_token(witnesses.answer)
    return told_scopes(witnesses, asked)


def _demand_none_of(unwanted: Collection[str], told: dict[str, frozenset[str]], expected: str) -> None:
    for place, scopes in told.items():
        if granted := scopes & frozenset(unwanted):
            raise Nonconformity(expected, f"{place} names {_listed(granted)}")


def _spelt(witnesses: Witnesses) -> dict[str, set[str]]:
    """The scopes that a place names more than once."""
    seen = witnesses.introspection.members if witnesses.introspection else {}
    places = {
        "the token response": witnesses.answer.members.get("scope"),
        "introspection": seen.get("scope"),
        "the JWT": (witnesses.claims or {}).get("scope"),
    }
    words = {place: value.split() if isinstance(value, str) else value or [] for place, value in places.items()}
    return {place: {word for word in listed if listed.count(word) > 1} for place, listed in words.items()}


def _listed(scopes: Collection[str]) -> str:
    return " ".join(sorted(scopes))
