"""Checks of a privilege as it was saved (guide, task 3.2 steps 5 and 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from steps.checks.evidence import Answer, Members, items_of, members_of, scope_set
from steps.checks.refusal import E_EXCH, demand_refusal
from steps.checks.verdict import Nonconformity, Remark, Remarks, check


@check("OBO-3.2-13")
def privilege_holds(
    privilege: Members, application: str | None, subject: str | None, group: str | None, permissions: Collection[str]
) -> Remarks:
    """A privilege is read back with the resource, subject, group and permissions that were saved."""
    found = {
        "resource": _ids([privilege.get("resource")]),
        "subjects": _ids(privilege.get("subjects")),
        "subject groups": _ids(privilege.get("subjectGroups")),
        "permissions": {*_values(privilege.get("permissions"))},
    }
    saved = {
        "resource": {repr(application)},
        "subjects": {repr(subject)},
        "subject groups": {repr(group)},
        "permissions": {*map(repr, permissions)},
    }
    if wrong := [name for name, values in saved.items() if found[name] != values]:
        raise Nonconformity("the privilege as it was saved", f"changed or lost: {', '.join(wrong)}")
    return None


def _ids(references: Any) -> set[str]:
    return {repr(members_of(item).get("_refResourceId")) for item in items_of(references)}


def _values(permissions: Any) -> Iterator[str]:
    """As Python writes them: what is no text may not be hashable."""
    for item in items_of(permissions):
        yield from map(repr, items_of(members_of(item).get("values")))


@check("OBO-3.2-13")
def custom_scope_kept_back(answer: Answer, scope: str) -> Remarks:
    """A typed value that the application lacks should not be grantable; the guide leaves it open."""
    if answer.status != 200:
        demand_refusal(answer, E_EXCH)
    elif scope in scope_set(answer.members.get("scope", scope)):
        return [Remark("INFO", "a custom permission that the application does not have is granted")]
    return None
