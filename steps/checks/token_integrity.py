"""Checks of what makes a JWT trustworthy: its key, its claims beside introspection, and what becomes of forgeries.

Sources: RFC 7515, RFC 7517, RFC 8725, RFC 9068 sections 2.2 and 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from steps.checks.evidence import (
    Answer,
    Members,
    Witnesses,
    bare,
    brief,
    error_code,
    holds_token,
    is_integer,
    scope_set,
)
from steps.checks.introspection import CLOCK_TOLERANCE_SECONDS, answered_at, demand_active
from steps.checks.refusal import E_EXCH, demand_refusal, is_refusal
from steps.checks.token_response import EXCHANGE, demand_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
"""Members of a JWK that only its owner may know (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1)."""
TOKEN_IDS = ("jti", "auditTrackingId", "uti", "token_id")
"""Claims by which one token is told from another: the registered one and names that vendors use instead."""


class Presented(NamedTuple):
    """A token as it was presented: what is special about it, and what introspection and the exchange said."""

    what: str
    introspection: Answer
    exchange: Answer


@check("OBO-JWT-01")
def keys_public(keys: Sequence[Members]) -> Remarks:
    """No published key has a private member, and a `kid` stands for one key (RFC 7517 sections 4.5 and 9.2)."""
    for key in keys:
        if private := sorted(PRIVATE_MEMBERS & set(key)):
            raise Nonconformity("public members only in the JWKS", f"{', '.join(private)} in key {key.get('kid')!r}")
    named = [key for key in keys if "kid" in key]
    alike = [(key, other) for key, other in combinations(named, 2) if key["kid"] == other["kid"]]
    for key, other in alike:  # one key may be listed once for each algorithm it serves
        material = [name for name in ("n", "x", "y") if key.get(name) != other.get(name)]
        if material and key.get("kty") == other.get("kty"):
            raise Nonconformity("a kid of its own for each published key", f"two keys under kid {key['kid']!r}")
    kinds = [key["kid"] for key, other in alike if key.get("kty") != other.get("kty")]
    return [Remark("SHOULD", f"keys of two kinds have the kid {kid!r}") for kid in kinds]


@check("OBO-JWT-01")
def signature_verified(header: Members, verified: bool | None, reason: str) -> Remarks:
    """The key that `kid` selects verifies the signature, with an asymmetric algorithm (RFC 9068 sections 2.1 and 4).

    `verified` and `reason` are what the attempt to verify it gave.
    """
    if not verified:
        raise Nonconformity("a signature by a published key, with an asymmetric algorithm", reason)
    remarks = [] if "kid" in header else [Remark("SHOULD", "no kid in the header: only one key is published")]
    kind = str(header.get("typ")).lower().removeprefix("application/")
    return remarks if kind == "at+jwt" else [*remarks, Remark("INFO", f"typ is {header.get('typ')!r}, not at+jwt")]


@check("OBO-JWT-02")
def jwt_scope_told_alike(witnesses: Witnesses, requested: str) -> Remarks:
    """The scope in a JWT is, as a set, that of token response and introspection; a JWT may tell none.

    A token response without it says: as requested (RFC 6749 section 5.1).
    """
    demand_token(witnesses.answer, requirement=EXCHANGE)
    claims, seen = witnesses.claims or {}, witnesses.introspection.members if witnesses.introspection else {}
    told = {f"{name} of the JWT": scope_set(claims[name]) for name in ("scope", "scp") if name in claims}
    if not told:
        return [Remark("INFO", "the JWT has no scope claim")]
    told["the token response"] = scope_set(witnesses.answer.members.get("scope", requested))
    if "scope" in seen:
        told["introspection"] = scope_set(seen["scope"])
    if len(set(told.values())) > 1:
        actual = "; ".join(f"{place}: {' '.join(sorted(scopes)) or 'nothing'}" for place, scopes in told.items())
        raise Nonconformity("the same scope in JWT, token response and introspection", actual)
    return None


@check("OBO-JWT-03")
def jwt_matches_introspection(claims: Members, introspection: Answer) -> Remarks:
    """`sub`, `act` (as a whole), client, `iss` and `exp` of a JWT are what introspection says of it."""
    seen = demand_active(introspection)
    problems = list(_differences(claims, seen))
    if problems:
        raise Nonconformity("the same in JWT and introspection", "; ".join(problems))
    if "client_id" in seen and not _client(claims):
        return [Remark("INFO", "the JWT has neither client_id nor azp")]
    return None


def _differences(claims: Members, seen: Members) -> Iterator[str]:
    pairs = [
        ("sub", bare(claims.get("sub")), bare(seen.get("sub"))),
        ("act", _unwrapped(claims.get("act")), _unwrapped(seen.get("act"))),
        ("client_id", _client(claims), _client(seen)),
        ("iss", claims.get("iss"), seen.get("iss")),
        ("exp", claims.get("exp"), _like(claims.get("exp"), seen.get("exp"))),
    ]
    for name, in_jwt, told in pairs:
        optional = (name == "client_id" and in_jwt is None) or (name not in ("sub", "act") and told is None)
        if in_jwt != told and not optional:
            yield f"{name} is {_shown(in_jwt)} in the JWT and {_shown(told)} in introspection"


def _client(members: Members) -> Any:
    return bare(members.get("client_id") or members.get("azp"))


def _like(exact: Any, rounded: Any) -> Any:
    """The exact time where the other is that time in whole seconds, up or down."""
    return exact if isinstance(exact, float) and is_integer(rounded) and abs(exact - rounded) < 1 else rounded


def _shown(value: Any) -> str:
    return "absent" if value is None else repr(value)


def _unwrapped(act: Any) -> Any:
    """`act` with bare identifiers at every depth, and without members that are null."""
    if not isinstance(act, Mapping):
        return act
    members = {name: bare(value) if name == "sub" else _unwrapped(value) for name, value in act.items()}
    return {name: value for name, value in members.items() if value is not None}


@check("OBO-JWT-04")
def times_fit(claims: Members, answer: Answer) -> Remarks:
    """`exp` and `iat` are integers, the token is valid by now, and it lives as long as the token response says."""
    for name in ("exp", "iat"):
        if not _is_date(claims.get(name)):
            raise Nonconformity(f"{name}, an integer number of seconds", _shown(claims.get(name)))
    issued, expires, lifetime_seconds = claims["iat"], claims["exp"], answer.members.get("expires_in")
    valid_from, now = claims.get("nbf", issued), answered_at(answer)
    if not _is_date(valid_from):
        raise Nonconformity("nbf, an integer number of seconds", repr(valid_from))
    if now is not None and max(issued, valid_from) > now + CLOCK_TOLERANCE_SECONDS:
        raise Nonconformity("iat and nbf not in the future", f"{max(issued, valid_from) - now:.0f} seconds ahead")
    if is_integer(lifetime_seconds) and abs(expires - issued - lifetime_seconds) > CLOCK_TOLERANCE_SECONDS:
        raise Nonconformity(f"exp {lifetime_seconds} seconds after iat", f"{expires - issued:.0f} seconds after it")
    fractional = [name for name in ("exp", "iat", "nbf") if isinstance(claims.get(name), float)]
    return [Remark("SHOULD", f"{', '.join(fractional)} not a whole number of seconds")] if fractional else None


def _is_date(value: Any) -> bool:
    return is_integer(value) or (isinstance(value, float) and math.isfinite(value))


@check("OBO-JWT-04")
def identified(tokens: Sequence[Members], subject: Members | None) -> Remarks:
    """Each of these JWTs, given by its claims, has a `jti` of its own (RFC 7519 section 4.1.7), by whatever name.

    `subject`: the claims of the token that they were exchanged from; None where it is no JWT.
    """
    name = next((name for name in TOKEN_IDS if any(name in claims for claims in tokens)), None)
    if name is None:
        return [Remark("INFO", "the JWTs have no jti")]
    found = [claims.get(name) for claims in tokens]
    if not all(isinstance(value, str) and value for value in found):
        raise Nonconformity(f"{name}, a non-empty string, in each token", "absent, empty or no string in one")
    if len(set(found)) < len(found):
        raise Nonconformity(f"a {name} of its own for each token", "one shared by two of them")
    if subject and subject.get(name) in found:
        raise Nonconformity(f"a {name} of its own for each token", "that of the subject token")
    return None


@check()
def genuine_accepted(genuine: Presented, *, of_user: bool) -> Remarks:
    """The control of refused tokens: the genuine one is active and can be exchanged.

    `of_user`: it is the user's own; that a tenant exchanges an agent's token again is nowhere promised.
    """
    if genuine.introspection.members.get("active") is not True:
        requirement = "OBO-4.1I-01" if of_user else "OBO-4.2I-01"
        raise Nonconformity(f"{genuine.what} active", brief(genuine.introspection), requirement=requirement)
    if not of_user and is_refusal(genuine.exchange):
        return [Remark("INFO", "the tenant exchanges no agent's token again: introspection alone tells")]
    demand_token(genuine.exchange, f"{genuine.what} exchanged", EXCHANGE)
    return None


@check("OBO-JWT-05", "OBO-JWT-06", "OBO-JWT-07", "OBO-JWT-08", "OBO-JWT-09", "OBO-LIF-04")
def turned_away(presented: Sequence[Presented]) -> Remarks:
    """Each of these tokens is inactive (RFC 7662 section 2.2), and none can be exchanged."""
    if not presented:
        raise Nonconformity("at least one token to judge", "none was presented")
    told = set()
    if accepted := [each for each in presented if not _is_inactive(each.introspection)]:
        raise Nonconformity(f"a token with {accepted[0].what}: inactive", _accepted(accepted))
    for what, introspection, exchange in presented:
        try:
            demand_refusal(exchange, E_EXCH)
        except Nonconformity as found:
            expected = f"a token with {what}: {found.expected}"
            raise Nonconformity(expected, found.actual, requirement=found.requirement, error=found.error) from None
        if introspection.status != 200:
            told.add(brief(introspection))
    return [Remark("INFO", f"introspection refuses a token instead of calling it inactive: {text}") for text in told]


def _accepted(presented: Sequence[Presented]) -> str:
    """What was said of the first of these tokens, whether it was exchanged, and which others went the same way."""
    first, *others = presented
    members = first.introspection.members
    shown = f"active is {members['active']!r}" if "active" in members else brief(first.introspection)
    exchanged = ", and it was exchanged for a new token" if holds_token(first.exchange) else ""
    same = f"; not turned away either: with {', with '.join(each.what for each in others)}" if others else ""
    return shown + exchanged + same


def is_turned_away(presented: Sequence[Presented]) -> bool:
    """Whether each of these tokens is inactive and refused."""
    return all(_is_inactive(each.introspection) and is_refusal(each.exchange) for each in presented)


def _is_inactive(answer: Answer) -> bool:
    if answer.status == 200:
        return answer.members.get("active") is False
    return answer.status in E_EXCH.statuses and error_code(answer) is not None and not answer.members.get("active")


@check("OBO-JWT-08")
def nothing_fetched(paths: Sequence[str]) -> Remarks:
    """Nobody asked for the key that a header pointed to (RFC 8725 section 3.10)."""
    if paths:
        raise Nonconformity("no request for a key that a token's header points to", f"GET {paths[0]}")
    return None
