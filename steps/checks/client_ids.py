"""Checks of client IDs: which are accepted, and that one belongs to one client (guide, task 2.1 step 4a)."""

from __future__ import annotations

from steps.checks.evidence import Answer, Witnesses, brief, error_code, holds_token
from steps.checks.refusal import E_CLIENT, demand_refusal
from steps.checks.verdict import Nonconformity, Remark, Remarks, check


@check("OBO-2.1-02")
def created(answer: Answer) -> Remarks:
    """A client ID of letters, digits, dashes and underscores is accepted."""
    if answer.status not in (200, 201):
        raise Nonconformity("the client ID accepted", brief(answer))
    return None


@check("OBO-2.1-02")
def client_id_not_accepted(answer: Answer) -> Remarks:
    """Other characters should not be accepted; APIs are often laxer than the console."""
    if answer.status < 400:
        return [Remark("SHOULD", f"the client ID is accepted: {answer.status}")]
    if answer.status >= 500:
        raise Nonconformity("a refusal (4xx)", brief(answer))
    return None


@check("OBO-2.1-02")
def taken(answer: Answer) -> Remarks:
    """A client ID that an application or agent of the realm has is refused to the other kind."""
    if not 400 <= answer.status < 500:
        raise Nonconformity("a refusal (4xx): the client ID is taken", brief(answer))
    return None


@check("OBO-2.1-02")
def canonical(witnesses: Witnesses, client_id: str) -> Remarks:
    """Claims carry the client ID as it was entered, in introspection and in the JWT alike."""
    seen = witnesses.introspection.members if witnesses.introspection else {}
    told = {"introspection": seen.get("client_id"), "the JWT": (witnesses.claims or {}).get("client_id", client_id)}
    if wrong := [f"{place} says {found!r}" for place, found in told.items() if found != client_id]:
        raise Nonconformity(f"client_id {client_id}", "; ".join(wrong))
    return None


@check("OBO-2.1-02")
def refused_or_canonical(witnesses: Witnesses, client_id: str) -> Remarks:
    """A client ID in another spelling is unknown, or every claim carries the right spelling."""
    if not holds_token(witnesses.answer):
        demand_refusal(witnesses.answer, E_CLIENT)
        return None
    canonical.__wrapped__(witnesses, client_id)  # type: ignore[attr-defined]
    return None


@check("OBO-2.1-02")
def still_served(answer: Answer) -> Remarks:
    """Whoever holds the client ID works with its own secret, also after somebody else tried to take the ID."""
    if answer.status != 200 or not answer.members.get("access_token"):
        raise Nonconformity("a token for the holder of the client ID", brief(answer), error=error_code(answer))
    return None
