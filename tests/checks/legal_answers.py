"""Conforming answers in every shape that the RFCs and vendors leave open, as hypothesis strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from steps.checks.evidence import Witnesses
from steps.checks.refusal import Tolerance
from tests.checks.evidence import LIFETIME, TOKEN, Answer, introspected, no, ok

SCOPES = ("openid", "profile", "read-data", "write-data", "fr:idm:*")
JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"

extra_members: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(["x_vendor", "expires_at", "cnf", "nbf", "may_act", "refresh_expires_in"]),
    st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=2),
    max_size=3,
)
"""Members that no check knows: an answer may hold any (RFC 6749 section 5.1, RFC 7662 section 2.2)."""
scope_names = st.lists(st.sampled_from(SCOPES), unique=True, min_size=1)


@st.composite
def spelt(draw: st.DrawFn, scopes: list[str]) -> str:
    """The same scopes in some order, with one or more spaces between them."""
    return draw(st.sampled_from([" ", "  "])).join(draw(st.permutations(scopes)))


def in_jwt(scopes: list[str]) -> st.SearchStrategy[Any]:
    """The `scope` claim: a string as of RFC 9068 section 2.2.3, or the list of other servers."""
    return spelt(scopes) | st.permutations(scopes)


def addressed(*audience: str) -> st.SearchStrategy[Any]:
    """`aud` as a list, or as a string where there is one audience (RFC 7519 section 4.1.3)."""
    lists: st.SearchStrategy[Any] = st.permutations(audience)
    return lists | st.just(audience[0]) if len(audience) == 1 else lists


def wrapped(identifier: str) -> st.SearchStrategy[str]:
    """An identifier, bare or in the wrapper that tells its kind."""
    return st.sampled_from([identifier, f"(usr!{identifier})", f"(age!{identifier})"])


@st.composite
def token_answers(draw: st.DrawFn, scopes: list[str]) -> Answer:
    """A token response; one without a scope grants what was asked for."""
    told = draw(st.fixed_dictionaries({}, optional={"scope": spelt(scopes)}))
    members = {
        "access_token": TOKEN,
        "token_type": draw(st.sampled_from(["Bearer", "bearer", "BEARER"])),
        "expires_in": draw(st.sampled_from([1, LIFETIME, 86_400])),
        "issued_token_type": ACCESS_TOKEN_TYPE,
    }
    return ok(draw(extra_members) | members | told)


@st.composite
def seen_by_all(draw: st.DrawFn, scopes: list[str]) -> Witnesses:
    """A token whose three witnesses name these scopes, where they name any."""
    claims = draw(st.none() | st.fixed_dictionaries({}, optional={"scope": in_jwt(scopes)}))
    introspection = introspected(**draw(extra_members), scope=draw(spelt(scopes)))
    return Witnesses(draw(token_answers(scopes)), introspection, claims)


@st.composite
def refusals(draw: st.DrawFn, tolerance: Tolerance) -> Answer:
    """Any of the answers that count as this refusal."""
    texts = st.fixed_dictionaries({}, optional={"error_description": st.text(), "error_uri": st.text()})
    error, status = draw(st.sampled_from(sorted(tolerance.errors))), draw(st.sampled_from(sorted(tolerance.statuses)))
    return no(error, status, **draw(texts), **draw(extra_members))
