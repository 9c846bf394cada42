"""Checks of token responses (RFC 6749 section 5.1, RFC 8693 section 2.2.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from steps.checks.evidence import (
    Answer,
    Witnesses,
    audience_set,
    brief,
    error_code,
    is_integer,
    scope_set,
)
from steps.checks.refusal import E_EXCH, E_GRANT_TYPE, E_TARGET, demand_refusal
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a token type
JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"
EXCHANGE = "OBO-4.2X-01"
LONGEST_LIFETIME_SECONDS = 86_400


def demand_token(
    answer: Answer, what: str = "a token response with an access token", requirement: str | None = None
) -> str:
    """The access token of an answer; without one a nonconformity, of `requirement` where that is a precondition."""
    token = answer.members.get("access_token")
    if answer.status != 200 or not isinstance(token, str) or not token:
        raise Nonconformity(f"{what} (status 200)", brief(answer), requirement=requirement, error=error_code(answer))
    return token


def _typed(answer: Answer) -> Iterator[str]:
    members = answer.members
    if str(members.get("token_type")).lower() != "bearer":
        yield f"token_type is {members.get('token_type')!r}, not Bearer"
    if not is_integer(members.get("expires_in")):
        yield f"expires_in is {members.get('expires_in')!r}, not an integer number of seconds"
    elif not 0 < members["expires_in"] <= LONGEST_LIFETIME_SECONDS:
        yield f"expires_in is {members['expires_in']}, not between 1 and {LONGEST_LIFETIME_SECONDS} seconds"


@check("OBO-4.1T-01")
def user_token_granted(answer: Answer) -> Remarks:
    """The password grant gives the application a token of the end user."""
    demand_token(answer, "the application gets the end user's token")
    return None


@check("OBO-4.2X-01")
def exchange_granted(answer: Answer) -> Remarks:
    """The documented exchange, without an actor token, gives the agent a token."""
    demand_token(answer, "the AI agent gets a token by exchange")
    return None


@check()
def granted(answer: Answer) -> Remarks:
    """The request that this scenario is about is granted."""
    demand_token(answer)
    return None


@check("OBO-1-01")
def grant_type_served(answer: Answer, grant_type: str) -> Remarks:
    """The provider serves a grant type: a token comes; a refusal for another cause is not its doing."""
    if (error := error_code(answer)) == "unsupported_grant_type":
        raise Nonconformity(f"the provider offers {grant_type}", brief(answer), error=error)
    (exchange_granted if grant_type == TOKEN_EXCHANGE else user_token_granted)(answer)
    return None


@check("OBO-2.2-04")
def authenticated(answer: Answer) -> Remarks:
    """The application authenticates in the request body; a refusal for another cause is not about that."""
    if (error := error_code(answer)) == "invalid_client":
        raise Nonconformity("the client accepted by client_secret_post", brief(answer), error=error)
    user_token_granted(answer)
    return None


@check("OBO-4.1T-01")
def password_response(answer: Answer) -> Remarks:
    """The password grant answers with a non-empty access token, token_type Bearer and expires_in in seconds."""
    demand_token(answer)
    if problems := list(_typed(answer)):
        raise Nonconformity("a token response as RFC 6749 section 5.1 types it", "; ".join(problems))
    return None


@check("OBO-4.2X-02")
def exchange_response(answer: Answer, subject_token: str) -> Remarks:
    """The exchange answers with a new token, its issued_token_type, token_type Bearer and expires_in in seconds."""
    token, problems = demand_token(answer, requirement=EXCHANGE), list(_typed(answer))
    issued = answer.members.get("issued_token_type")
    if token == subject_token:
        problems.append("the access token is the subject token itself")
    if issued not in (ACCESS_TOKEN_TYPE, JWT_TYPE):
        problems.append(f"issued_token_type is {issued!r}, not {ACCESS_TOKEN_TYPE}")
    if problems:
        raise Nonconformity("a token response as RFC 8693 section 2.2.1 types it", "; ".join(problems))
    return [Remark("SHOULD", f"issued_token_type is {issued}, not {ACCESS_TOKEN_TYPE}")] if issued == JWT_TYPE else None


@check("OBO-4.2X-06")
def issued_as_asked(answer: Answer, requested: str) -> Remarks:
    """A token type that may or may not be supported is refused, or the answer says that it is this type."""
    if answer.status != 200:
        demand_refusal(answer, E_EXCH)
        return None
    demand_token(answer)
    if (issued := answer.members.get("issued_token_type")) != requested:
        raise Nonconformity(f"issued_token_type {requested}", repr(issued))
    return None


@check("OBO-4.2X-03")
def no_usable_refresh_token(answer: Answer, uses: Sequence[Witnesses], subject: object, allowed: str) -> Remarks:
    """No refresh token comes with an exchanged token; one that comes gives at most what the exchange gave."""
    if answer.status != 200:
        demand_refusal(answer, E_EXCH)
    if not answer.members.get("refresh_token"):
        return None
    bounds = scope_set(allowed) | scope_set(answer.members.get("scope"))
    for use in uses:
        seen = use.introspection.members if use.introspection else {}
        beyond = frozenset().union(*told_scopes(use, "").values()) - bounds
        if use.answer.status == 200 and (seen.get("sub") != subject or not seen.get("act") or beyond):
            kept = f"sub kept: {seen.get('sub') == subject}, act kept: {bool(seen.get('act'))}"
            actual = f"{kept}, scopes gained: {sorted(beyond)}"
            raise Nonconformity("a refresh that keeps sub, act and scope", actual, binding=True)
    return [Remark("SHOULD", "a refresh token comes with the exchanged token")]


@check("OBO-2.2-03", "OBO-3.2-12")
def scope_granted(witnesses: Witnesses, requested: str) -> Remarks:
    """Every scope asked for is granted, in all places that tell; more than that is worth a warning."""
    missing, extra = _compare(witnesses, requested)
    if missing:
        raise Nonconformity(f'"{requested}" granted', "; ".join(missing), error=error_code(witnesses.answer))
    return [Remark("SHOULD", text) for text in extra]


@check("OBO-4.1T-02")
def scope_granted_exactly(witnesses: Witnesses, requested: str, assigned: Collection[str]) -> Remarks:
    """The granted scope is the requested one, in any order: nothing less, and no other scope of the application.

    What a server adds by default of its own, besides the scopes assigned to the application, is worth a warning.
    """
    missing, extra = _compare(witnesses, requested)
    surplus = frozenset().union(*told_scopes(witnesses, requested).values()) - scope_set(requested)
    if not missing and surplus.isdisjoint(assigned):
        return [Remark("SHOULD", text) for text in extra]
    if missing or extra:
        raise Nonconformity(f'exactly "{requested}"', "; ".join([*missing, *extra]), error=error_code(witnesses.answer))
    return None


def _compare(witnesses: Witnesses, requested: str) -> tuple[list[str], list[str]]:
    demand_token(witnesses.answer)
    wanted, missing, extra = scope_set(requested), [], []
    for place, granted in told_scopes(witnesses, requested).items():
        if lacking := wanted - granted:
            missing.append(f"{place} lacks {', '.join(sorted(lacking))}")
        if surplus := granted - wanted:
            extra.append(f"{place} adds {', '.join(sorted(surplus))}")
    return missing, extra


def told_scopes(witnesses: Witnesses, requested: str) -> dict[str, frozenset[str]]:
    """What each witness says was granted; a token response without it says: as requested (RFC 6749 section 5.1)."""
    told = {"the token response": scope_set(witnesses.answer.members.get("scope", requested))}
    if witnesses.introspection is not None and witnesses.introspection.members.get("active") is True:
        told["introspection"] = scope_set(witnesses.introspection.members.get("scope"))
    if witnesses.claims is not None and "scope" in witnesses.claims:
        told["the JWT"] = scope_set(witnesses.claims["scope"])
    return told


@check("OBO-4.2X-04")
def scope_told_alike(witnesses: Witnesses, requested: str) -> Remarks:
    """Token response, introspection and JWT name the same scope, also where less is granted than was asked for."""
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_EXCH)
        return None
    demand_token(witnesses.answer)
    told = told_scopes(witnesses, requested)
    if len(set(told.values())) > 1:
        actual = "; ".join(f"{place}: {' '.join(sorted(scopes)) or 'nothing'}" for place, scopes in told.items())
        raise Nonconformity("the same scope in every place", actual)
    return None


@check("OBO-4.2X-07")
def scope_within(witnesses: Witnesses, allowed: str) -> Remarks:
    """Without a scope parameter the request is refused, or what is granted stays within the privilege's permissions."""
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_EXCH)
        return None
    demand_token(witnesses.answer)
    _demand_scopes_within(witnesses, allowed)
    return None


def _demand_scopes_within(witnesses: Witnesses, allowed: str) -> None:
    for place, scopes in told_scopes(witnesses, "").items():
        if beyond := scopes - scope_set(allowed):
            raise Nonconformity(f'at most "{allowed}"', f"{place} names {', '.join(sorted(beyond))}")


@check("OBO-4.2X-07")
def audience_within(witnesses: Witnesses, foreign: Sequence[str], allowed: str) -> Remarks:
    """Without an audience parameter the request is refused, or the token stays within what privileges cover."""
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_EXCH)
        return None
    demand_token(witnesses.answer)
    audience = told_audiences(witnesses)
    if beyond := audience & set(foreign):
        raise Nonconformity("no application beyond the agent's privileges in aud", ", ".join(sorted(beyond)))
    if "*" in audience:
        raise Nonconformity("no wildcard in aud", "*")
    _demand_scopes_within(witnesses, allowed)
    return None


def told_audiences(witnesses: Witnesses) -> frozenset[str]:
    """The audiences of a token that introspection or the JWT itself names."""
    seen = witnesses.introspection.members if witnesses.introspection else {}
    return audience_set((witnesses.claims or {}).get("aud")) | audience_set(seen.get("aud"))


@check("OBO-3.2-05")
def audience_not_in_token(witnesses: Witnesses, audience: str) -> Remarks:
    """An audience that the agent may not ask for is refused, or the token is not for it."""
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_TARGET)
        return None
    demand_token(witnesses.answer)
    if audience in told_audiences(witnesses):
        raise Nonconformity("a refusal, or a token without this audience", f"aud holds {audience}")
    return None


@check("OBO-3.2-04")
def follows_provider(witnesses: Witnesses, audience: str, accepts_audience: bool) -> Remarks:
    """With provider overrides off, the audience switch of the agent has no effect: the provider's own decides."""
    if accepts_audience:
        return [
            Remark("INFO", "the provider accepts audience parameters itself: the overrides make no difference here")
        ]
    if witnesses.answer.status != 200:
        demand_refusal(witnesses.answer, E_TARGET)
    elif audience in told_audiences(witnesses):
        raise Nonconformity(
            "the provider's settings", f"the agent's own switch applies without overrides: aud holds {audience}"
        )
    return None


@check("OBO-4.2X-08")
def tokens_differ(answers: Sequence[Answer], introspections: Sequence[Answer]) -> Remarks:
    """Exchanging one token twice gives two tokens, and both are active."""
    tokens = {demand_token(answer, "a token from each exchange") for answer in answers}
    if len(tokens) < len(answers):
        raise Nonconformity("a new token from each exchange", "the same token twice")
    for seen in introspections:
        if seen.members.get("active") is not True:
            raise Nonconformity("both tokens active", brief(seen))
    return None


@check("OBO-1-03")
def grant_type_off(answer: Answer) -> Remarks:
    """A grant type that is off at the provider is refused, whatever the client's own list says."""
    demand_refusal(answer, E_GRANT_TYPE)
    return None
