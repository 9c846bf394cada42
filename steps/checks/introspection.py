"""Checks of introspection answers (RFC 7662), of a user's token and of an agent's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from steps.checks.evidence import Answer, bare, brief, holds_token, is_integer, scope_set, url_parts
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

ACTIVE = "OBO-4.1I-01"
CLOCK_TOLERANCE_SECONDS = 5
LATEST_EXPIRY_SECONDS = 100_000_000_000  # in the year 5138; milliseconds since 1970 passed it in 1973
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
IDENTIFYING = ("sub", "act", "username", "user_id", "subname")


def demand_active(answer: Answer, requirement: str | None = None) -> dict[str, Any]:
    """The members of an introspection answer that says active, by type; `requirement` where that is a precondition."""
    if answer.status != 200 or answer.members.get("active") is not True:
        shown = f"active is {answer.members['active']!r}" if "active" in answer.members else brief(answer)
        raise Nonconformity("a 200 with active the boolean true", shown, requirement=requirement)
    return answer.members


@check("OBO-4.1I-01")
def active(answer: Answer) -> Remarks:
    """`active` is the boolean true, not a string (RFC 7662 section 2.2)."""
    demand_active(answer)
    return None


@check("OBO-4.2I-01")
def active_for_agent(agent_view: Answer, application_view: Answer) -> Remarks:
    """The agent finds its token active; some servers let only the token's audience, the application, introspect it."""
    may_not = agent_view.members.get("active") is False or agent_view.status in (401, 403)
    if may_not and application_view.members.get("active") is True:
        return [Remark("SHOULD", "only the application may introspect the agent's token, not the agent itself")]
    demand_active(agent_view)
    return None


@check("OBO-4.1I-08")
def inactive(answer: Answer, *identifiers: str) -> Remarks:
    """A token that is not active reads `{"active": false}`; anything that names the user breaks the rule.

    `identifiers` are the user's own, which no member of whatever name may hold.
    """
    if answer.status != 200 or answer.members.get("active") is not False:
        shown = f"active is {answer.members['active']!r}" if "active" in answer.members else brief(answer)
        raise Nonconformity("a 200 with active the boolean false", shown)
    extra = sorted(set(answer.members) - {"active"})
    if identifying := [name for name in extra if name in IDENTIFYING and answer.members[name] is not None]:
        raise Nonconformity('only {"active": false}', f"the answer also holds {', '.join(identifying)}")
    if any(identifier in answer.text for identifier in identifiers):
        raise Nonconformity('only {"active": false}', "the answer also names the user")
    return [Remark("SHOULD", f"an inactive token is answered with {', '.join(extra)} as well")] if extra else None


@check("OBO-4.1I-08")
def still_active(answer: Answer) -> Remarks:
    """The control of a refused or inactive token: the right one is active for the right caller."""
    demand_active(answer)
    return None


@check("OBO-4.1I-07")
def caller_refused(answer: Answer) -> Remarks:
    """A caller that is not authorised learns nothing about the token (RFC 7662 section 2.1)."""
    told = sorted(set(answer.members) & {*IDENTIFYING, "scope", "client_id", "exp"})
    if answer.members.get("active") not in (None, False) or told or holds_token(answer):
        raise Nonconformity("nothing about the token", f"{answer.status} with {', '.join(sorted(answer.members))}")
    if answer.status == 200 and answer.members.get("active") is False:
        return [Remark("SHOULD", 'an unauthorised caller is answered 200 {"active": false} instead of 401')]
    if answer.status not in (400, 401, 403):
        raise Nonconformity("status 400, 401 or 403", brief(answer))
    return None


@check("OBO-4.1I-02", "OBO-4.2I-02")
def subject_is(answer: Answer, uuid: str) -> Remarks:
    """`sub` is the end user's UUID, bare or in the form `(usr!UUID)`."""
    sub = demand_active(answer).get("sub")
    if sub not in (uuid, f"(usr!{uuid})"):
        raise Nonconformity("sub: the end user's UUID", _likeness(sub))
    return None


def _likeness(sub: Any) -> str:
    return "another UUID" if isinstance(sub, str) and UUID.search(sub) else repr(sub)


@check("OBO-4.1I-02")
def subject_is_stable(first: Answer, second: Answer, other_user: Answer) -> Remarks:
    """`sub` is a UUID, the same over two log-ins of one user and another for a second user."""
    subs = [demand_active(answer).get("sub") for answer in (first, second, other_user)]
    if not all(isinstance(sub, str) and UUID.search(sub) for sub in subs):
        return [Remark("SHOULD", "sub is no UUID")] if subs[0] == subs[1] != subs[2] and subs[0] else _unstable(subs)
    return None if subs[0] == subs[1] != subs[2] else _unstable(subs)


def _unstable(subs: Sequence[Any]) -> Remarks:
    actual = f"same over two log-ins: {subs[0] == subs[1]}, different for the second user: {subs[0] != subs[2]}"
    raise Nonconformity("a stable identifier of each user", actual)


@check("OBO-4.1I-02")
def no_actor(first: Answer, *others: Answer) -> Remarks:
    """A user's own token carries no `act`, or null (RFC 8693 section 4.1)."""
    for answer in (first, *others):
        if (act := demand_active(answer).get("act")) is not None:
            raise Nonconformity("no act in a user's own token", repr(act))
    return None


@check("OBO-4.1I-03")
def scope_is(answer: Answer, granted: str) -> Remarks:
    """`scope` is a space-delimited string that names, as a set, what was granted (RFC 7662 section 2.2)."""
    scope = demand_active(answer).get("scope")
    if not isinstance(scope, str):
        raise Nonconformity("scope as one space-delimited string", f"{type(scope).__name__}: {scope!r}")
    if scope_set(scope) != scope_set(granted):
        raise Nonconformity(f'scope "{granted}"', f'"{scope}"')
    return None


@check("OBO-4.2I-05")
def scope_of_exchange(answer: Answer, granted: str) -> Remarks:
    """`scope` is what the exchange granted, not the user token's."""
    scope = demand_active(answer).get("scope")
    if scope_set(scope) != scope_set(granted) or not isinstance(scope, str):
        raise Nonconformity(f'scope "{granted}", as the exchange granted', repr(scope))
    return None


@check("OBO-4.1I-04", "OBO-4.2I-06")
def client_is(answer: Answer, client_id: str) -> Remarks:
    """`client_id` is the client that the token was issued to, whoever introspects it."""
    if (found := demand_active(answer).get("client_id")) != client_id:
        raise Nonconformity(f"client_id {client_id}", repr(found))
    return None


@check("OBO-4.1I-04")
def user_members_agree(answer: Answer, realm: str | None, username: str) -> Remarks:
    """Members beside `sub` that name the user or the realm, where present, say the same as `sub` and the endpoint.

    `realm` is None at a server that is no tenant: what members of these names mean there is its own affair.
    """
    members = demand_active(answer)
    problems = [] if realm is None else list(_disagreeing(members, realm, username))
    if str(members.get("token_type", "Bearer")).lower() != "bearer":
        problems.append(f"token_type is {members['token_type']!r}, not Bearer")
    if problems:
        raise Nonconformity("members that agree with user and realm", "; ".join(problems))
    return None


def _disagreeing(members: dict[str, Any], realm: str, username: str) -> Iterator[str]:
    sub = bare(members.get("sub"))
    if "realm" in members and members["realm"] != f"/{realm}":
        yield f"realm is {members['realm']!r}, not '/{realm}'"
    yield from (f"{name} differs from sub" for name in ("user_id", "subname") if bare(members.get(name, sub)) != sub)
    if bare(members.get("username", sub)) not in (sub, username):
        yield "username is neither sub nor the login name"
    level = members.get("auth_level", 0)
    if not is_integer(level) or level < 0:
        yield f"auth_level is {level!r}, not an integer from 0"


def answered_at(answer: Answer) -> float | None:
    """When the server answered, by its own Date header, in seconds since 1970; None without that header."""
    try:
        return parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None


def clock_of(answer: Answer) -> Any:
    """What moves on with time in an introspection answer: `expires_in`, else its Date; None where neither is there."""
    return answer.members.get("expires_in", answer.headers.get("date"))


@check("OBO-4.1I-05")
def expiry_falls(first: Answer, later: Answer, issued: Answer) -> Remarks:
    """`exp`, integer seconds, is the end of the granted lifetime and stays; `expires_in`, where present, falls."""
    lifetime_seconds = issued.members.get("expires_in")
    if not is_integer(lifetime_seconds):
        raise Nonconformity(
            "expires_in of the token response, an integer", repr(lifetime_seconds), requirement="OBO-4.1T-01"
        )
    exp = demand_active(first).get("exp")
    if not is_integer(exp) or exp > LATEST_EXPIRY_SECONDS:
        raise Nonconformity("exp as an integer number of seconds", repr(exp))
    if demand_active(later).get("exp") != exp:
        raise Nonconformity("the same exp at both times", f"{exp}, then {later.members.get('exp')}")
    now, at = answered_at(first), answered_at(issued)
    if at is not None and abs(exp - at - lifetime_seconds) > CLOCK_TOLERANCE_SECONDS:
        raise Nonconformity(f"exp {lifetime_seconds} seconds after the token response", f"{exp - at:.0f} seconds after")
    if "expires_in" not in first.members:
        return None
    left, then = first.members["expires_in"], later.members.get("expires_in")
    if not is_integer(left) or not is_integer(then):
        raise Nonconformity("expires_in as an integer number of seconds", f"{left!r}, then {then!r}")
    if now is not None and abs(exp - now - left) > CLOCK_TOLERANCE_SECONDS:
        raise Nonconformity("expires_in = exp - now", f"{left} with {exp - now:.0f} seconds left")
    if then >= left:
        raise Nonconformity("expires_in to fall over time", f"{left}, then {then}")
    return None


@check("OBO-4.2I-07")
def expiry_fits(answer: Answer, exchange: Answer) -> Remarks:
    """`exp` and `expires_in` are integers and fit the lifetime that the token response announced."""
    members = demand_active(answer)
    exp, left, announced = members.get("exp"), members.get("expires_in"), exchange.members.get("expires_in")
    if not is_integer(announced):
        raise Nonconformity("expires_in of the exchange, an integer", repr(announced), requirement="OBO-4.2X-02")
    if not is_integer(exp) or exp > LATEST_EXPIRY_SECONDS or ("expires_in" in members and not is_integer(left)):
        raise Nonconformity("exp and expires_in as integer numbers of seconds", f"{exp!r} and {left!r}")
    at, now = answered_at(exchange), answered_at(answer)
    if at is not None and abs(exp - (at + announced)) > CLOCK_TOLERANCE_SECONDS:
        raise Nonconformity(f"exp {announced} seconds after the exchange", f"{exp - at:.0f} seconds after it")
    if now is not None and is_integer(left) and abs(exp - now - left) > CLOCK_TOLERANCE_SECONDS:
        raise Nonconformity("expires_in = exp - now", f"{left} with {exp - now:.0f} seconds left")
    return None


def without_default_port(issuer: str) -> str:
    """A URL without a default port that is spelled out, and without a slash at its end; what is no URL as it is."""
    parts = url_parts(issuer.rstrip("/"))
    if not parts.netloc:
        return issuer
    port = {"https": 443, "http": 80}.get(parts.scheme)
    host = parts.netloc.removesuffix(f":{port}")
    return f"{parts.scheme}://{host}{parts.path}"


@check("OBO-4.1I-06")
def issuer_is(
    plain: Answer, answer: Answer, headers_forged: bool, discovered: Any, *, optional: bool = False
) -> Remarks:
    """`iss` is the issuer that discovery names, whatever the Host headers of the call say (RFC 8414 section 3.3).

    Where nothing is discovered it is that of a plain call. `optional`: no introspection need name it, as RFC 7662 has
    it; the guide's does.
    """
    issuer = demand_active(plain).get("iss") if discovered is None else discovered
    if headers_forged and 400 <= answer.status < 500:
        return None
    found = demand_active(answer).get("iss")
    if optional and "iss" not in plain.members and "iss" not in answer.members:
        return [Remark("INFO", "introspection does not name the issuer")]
    if not isinstance(found, str) or without_default_port(found) != without_default_port(str(issuer)):
        raise Nonconformity(f"iss {issuer}", repr(found))
    if discovered is None:
        return [Remark("INFO", "the tenant has no discovery metadata to hold iss against")]
    if found == issuer:
        return None
    return [Remark("SHOULD", f"iss {found} and the discovery issuer {issuer} differ in port or trailing slash")]


@check("OBO-4.2I-07")
def issuer_kept(agent: Answer, user: Answer) -> Remarks:
    """`iss` of the agent's token is that of the user's token."""
    if (found := demand_active(agent).get("iss")) != (wanted := demand_active(user).get("iss")):
        raise Nonconformity(f"iss {wanted!r}, as in the user's token", repr(found))
    return None


@check("OBO-4.2X-08")
def unchanged(before: Answer, after: Answer) -> Remarks:
    """An exchange leaves the subject token as it was, apart from the seconds it still has."""
    was, now = dict(demand_active(before)), dict(demand_active(after))
    was.pop("expires_in", None), now.pop("expires_in", None)
    if was != now:
        changed = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
        raise Nonconformity("the user's token unchanged", f"changed: {', '.join(changed)}")
    return None
