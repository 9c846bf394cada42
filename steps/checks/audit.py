"""Checks of the identifiers that tie a token to the tenant's audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from steps.checks.evidence import Answer
from steps.checks.introspection import demand_active
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

SHORTEST_SECRET = 8
"""A shorter secret may be part of a common word; where it shows, nothing is told from it."""
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


@check("OBO-LOG-03")
def secrets_kept_out(report: Mapping[str, str], secrets: Collection[str], client_id: str) -> Remarks:
    """The suite's report, text by file name, tells of requests by this client and shows no secret (CWE-532)."""
    if not secrets or not any(client_id in text for text in report.values()):
        raise Nonconformity("secrets to look for, in a report of the requests that held them", "nothing to look at")
    sought = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    if places := sorted(name for name, text in report.items() if any(secret in text for secret in sought)):
        raise Nonconformity("no password, client secret or token in the report", f"one is in {', '.join(places)}")
    return [
        Remark("INFO", "only this suite's own report was looked at: a tenant's audit events are read over another API")
    ]
