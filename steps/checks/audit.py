"""Checks of the identifiers that tie a token to the tenant's audit trail."""

from __future__ import annotations

from collections.abc import Sequence

from steps.checks.evidence import Answer
from steps.checks.introspection import demand_active
from steps.checks.verdict import Nonconformity, Remarks, check

IDENTIFIERS = ("authGrantId", "auditTrackingId")


@check("OBO-LOG-01")
def own_identifiers(views: Sequence[tuple[Answer, Answer]]) -> Remarks:
    """Each token keeps its identifiers over repeated introspection, and no two tokens share one."""
    if len(views) < 2:
        raise Nonconformity("at least two tokens to compare", f"{len(views)} were introspected")
    for name in IDENTIFIERS:
        pairs = [(demand_active(first).get(name), demand_active(again).get(name)) for first, again in views]
        if not all(isinstance(value, str) and value for pair in pairs for value in pair):
            raise Nonconformity(f"{name}, a non-empty string, in every introspection", "absent or empty in one")
        if any(first != again for first, again in pairs):
            raise Nonconformity(f"the same {name} in both introspections of one token", "a new one")
        if len({first for first, _ in pairs}) < len(pairs):
            raise Nonconformity(f"a {name} of its own for each token", "one shared by two tokens")
    return None
