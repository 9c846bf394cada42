"""Checks of refusals: what counts as a no, and that nothing was issued with it.

Sources: RFC 6749 section 5.2, RFC 8693 section 2.2.2.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from steps.checks.evidence import Answer, Witnesses, brief, error_code, holds_token, scope_set
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

PROVIDER_GRANT_TYPES = "OBO-1-01"


@dataclass(frozen=True)
class Tolerance:
    """The answers that count as one kind of refusal, since vendors differ in the code they choose."""

    name: str
    errors: frozenset[str]
    statuses: frozenset[int] = frozenset({400, 401, 403})


E_EXCH = Tolerance(
    "a refused exchange",
    frozenset(
        {
            "invalid_request",
            "invalid_grant",
            "invalid_target",
            "invalid_scope",
            "access_denied",
            "unauthorized_client",
            "unsupported_token_type",
            "invalid_token",
        }
    ),
)
E_NEW_AGENT = Tolerance(
    "a refused exchange or a refused client", E_EXCH.errors | {"invalid_client", "unsupported_grant_type"}
)
E_TARGET = Tolerance("a refused audience", E_EXCH.errors | {"invalid_client"})
E_GRANT = Tolerance(
    "a refused grant", frozenset({"invalid_grant", "access_denied", "invalid_request", "unauthorized_client"})
)
E_REFRESH = Tolerance("a refused refresh token", E_GRANT.errors | {"unsupported_grant_type", "invalid_client"})
E_CLIENT = Tolerance("a refused client", frozenset({"invalid_client", "unauthorized_client", "invalid_request"}))
E_GRANT_TYPE = Tolerance(
    "a refused grant type",
    frozenset({"unsupported_grant_type", "unauthorized_client", "invalid_request", "invalid_grant"}),
)
E_CLIENT_GRANT = Tolerance(
    "a client refused this grant",
    frozenset({"unauthorized_client", "unsupported_grant_type", "invalid_client", "access_denied", "invalid_grant"}),
)
E_CLIENT_EXCHANGE = Tolerance(
    "a client refused the exchange grant",
    frozenset({"unauthorized_client", "unsupported_grant_type", "invalid_request", "invalid_client", "access_denied"}),
)


def demand_refusal(answer: Answer, tolerance: Tolerance) -> None:
    """Raise unless the answer is a refusal of this kind that issues nothing."""
    error = error_code(answer)
    if holds_token(answer):
        raise Nonconformity(f"{tolerance.name}, and no token", f"a token was issued: {brief(answer)}")
    if answer.status not in tolerance.statuses or error not in tolerance.errors:
        expected = f"{tolerance.name}: status {_listed(tolerance.statuses)} with error {_listed(tolerance.errors)}"
        switched_off = error == "unsupported_grant_type"  # says nothing of what was to be refused
        requirement = PROVIDER_GRANT_TYPES if switched_off else None
        raise Nonconformity(expected, brief(answer), requirement=requirement, error=error)


def _listed(values: Collection[object]) -> str:
    return " or ".join(str(value) for value in sorted(values, key=str))


def is_refusal(answer: Answer, tolerance: Tolerance = E_EXCH) -> bool:
    """Whether an answer is a refusal of this kind that issues nothing."""
    return answer.status in tolerance.statuses and error_code(answer) in tolerance.errors and not holds_token(answer)


@check()
def refused(answer: Answer, tolerance: Tolerance) -> Remarks:
    """The request is refused in one of the ways that this requirement tolerates, and nothing is issued."""
    demand_refusal(answer, tolerance)
    return None


@check()
def all_refused(attempts: Sequence[tuple[str, Answer]], tolerance: Tolerance) -> Remarks:
    """Each of several attempts is refused; the message says after which step one was not."""
    if not attempts:
        raise Nonconformity("at least one attempt", "none was made")
    for step, answer in attempts:
        try:
            demand_refusal(answer, tolerance)
        except Nonconformity as found:
            expected = f"{found.expected}, after {step}"
            raise Nonconformity(expected, found.actual, requirement=found.requirement, error=found.error) from None
    return None


@check()
def scope_not_granted(witnesses: Witnesses, scope: str) -> Remarks:
    """A scope is refused, or absent from the token response, from introspection and from the JWT alike."""
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_EXCH)
        return None
    unwanted = scope_set(scope)
    told = {
        "the token response": scope_set(witnesses.answer.members.get("scope", scope)),
        "introspection": scope_set(witnesses.introspection.members.get("scope")) if witnesses.introspection else set(),
        "the JWT": scope_set(witnesses.claims.get("scope")) if witnesses.claims else set(),
    }
    for place, granted in told.items():
        if unwanted & granted:
            raise Nonconformity(f'"{scope}" not granted', f"{place} names {_listed(unwanted & granted)}")
    return None


@check("OBO-3.2-14")
def not_covered(witnesses: Witnesses, scope: str) -> Remarks:
    """What no single privilege covers is refused, or the scope is left out in all three places."""
    scope_not_granted.__wrapped__(witnesses, scope)  # type: ignore[attr-defined]
    return None


@check("OBO-3.2-07", "OBO-3.2-10")
def covers_nobody(answer: Answer) -> Remarks:
    """A privilege without subjects and subject groups covers no end user: empty is not everyone."""
    if holds_token(answer):
        raise Nonconformity("no token for a user whom the privilege doesn't name, nor any of its groups", brief(answer))
    demand_refusal(answer, E_EXCH)
    return None


@check("OBO-2.1-01", "OBO-3.1-01", "OBO-4.1T-05", "OBO-CLA-01", "OBO-CLA-02", "OBO-CLA-04")
def client_refused(answer: Answer) -> Remarks:
    """A client that does not prove who it is gets nothing (RFC 6749 section 5.2)."""
    demand_refusal(answer, E_CLIENT)
    return None


@check("OBO-4.1T-05")
def client_refused_first(right_password: Answer, wrong_password: Answer) -> Remarks:
    """A bad client is refused alike, whatever the user's password is: the password is not looked at."""
    for answer in (right_password, wrong_password):
        demand_refusal(answer, E_CLIENT)
    seen = [
        (answer.status, error_code(answer), answer.members.get("error_description"))
        for answer in (right_password, wrong_password)
    ]
    if seen[0] != seen[1]:
        raise Nonconformity(
            "the same refusal with a right and a wrong user password",
            f"{brief(right_password)} and {brief(wrong_password)}",
        )
    return _prefer(right_password, "invalid_client")


@check("OBO-4.1T-04")
def logins_refused(answers: Sequence[Answer]) -> Remarks:
    """A wrong password, an unknown user and an empty password get no token (RFC 6749 section 4.3.2)."""
    if not answers:
        raise Nonconformity("at least one log-in to judge", "none was made")
    for answer in answers:
        demand_refusal(answer, E_GRANT)
    return [remark for answer in answers[:2] for remark in _prefer(answer, "invalid_grant")]


@check("OBO-4.1T-04")
def indistinguishable(wrong_password: Answer, unknown_user: Answer) -> Remarks:
    """Nobody can tell from the answer whether a user exists."""
    seen = [
        (a.status, a.members.get("error"), a.members.get("error_description")) for a in (wrong_password, unknown_user)
    ]
    if seen[0] != seen[1]:
        return [
            Remark("SHOULD", f"wrong password and unknown user differ: {brief(wrong_password)} / {brief(unknown_user)}")
        ]
    return None


@check("OBO-4.1T-06")
def grant_type_refused(answer: Answer, grant_type: str | None) -> Remarks:
    """A missing grant_type is invalid_request, an unknown one unsupported_grant_type; near misses are unknown."""
    demand_refusal(answer, E_GRANT_TYPE)
    return _prefer(answer, "unsupported_grant_type" if grant_type else "invalid_request")


@check("OBO-2.2-04")
def method_refused(answer: Answer) -> Remarks:
    """An authentication method that is not the registered one should be refused."""
    if holds_token(answer):
        return [Remark("SHOULD", "credentials in an Authorization header are accepted besides client_secret_post")]
    demand_refusal(answer, E_CLIENT)
    return None


@check("OBO-4.1I-08")
def invalid_request(answer: Answer) -> Remarks:
    """A request without its required parameter is a 400 invalid_request (RFC 7662 section 2.1)."""
    demand_refusal(answer, Tolerance("an invalid request", frozenset({"invalid_request"}), frozenset({400})))
    return None


def _prefer(answer: Answer, error: str) -> list[Remark]:
    found = error_code(answer)
    return [] if found == error else [Remark("SHOULD", f"the error is {found}, RFC 6749 section 5.2 says {error}")]
