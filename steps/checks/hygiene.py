"""Checks of how requests may be sent and answers handled (RFC 6749 sections 3.1, 3.2, 5.1 and appendix B)."""

from __future__ import annotations

import re

from steps.checks.errors import REGISTERED, well_formed_refusal
from steps.checks.evidence import Answer, brief, error_code, holds_token, scope_set
from steps.checks.refusal import Tolerance, demand_refusal
from steps.checks.token_response import demand_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

LONGEST_ANSWER_SECONDS = 10
E_ANY = Tolerance("a refused request", REGISTERED - {"server_error", "temporarily_unavailable"})
_ENCRYPTION = re.compile(r"https|\btls\b|\bssl\b", re.IGNORECASE)


def served(answer: Answer) -> bool:
    """Whether an answer gives a token, or tells that one is active."""
    return holds_token(answer) or bool(answer.members.get("active"))


@check("OBO-HYG-01")
def not_served(answer: Answer) -> Remarks:
    """A GET, and a request whose tokens or user credentials are in the query, gets a 4xx and nothing else."""
    if served(answer):
        raise Nonconformity("neither a token nor anything about one", brief(answer))
    if answer.status == 200 and answer.members.get("active") is False:
        return [Remark("SHOULD", 'the request is answered {"active": false} instead of being refused')]
    if not 400 <= answer.status < 500:
        raise Nonconformity("a refusal with status 4xx", brief(answer))
    return None


@check("OBO-HYG-01")
def secret_in_query(answer: Answer) -> Remarks:
    """A client secret in the query should be refused: it must not be sent there (RFC 6749 section 2.3.1)."""
    if served(answer):
        return [Remark("SHOULD", "a client secret in the query is accepted")]
    not_served.__wrapped__(answer)  # type: ignore[attr-defined]
    return None


@check("OBO-HYG-02")
def not_cached(answer: Answer) -> Remarks:
    """An answer with a token says `Cache-Control: no-store`; any other answer of these endpoints should.

    A revocation is answered with nothing (RFC 7009 section 2.2): there is nothing to keep.
    """
    if answer.status == 200 and not answer.text:
        return None
    directives = {part.partition("=")[0].strip().lower() for part in answer.headers.get("cache-control", "").split(",")}
    if "no-store" not in directives:
        actual = f"Cache-Control: {answer.headers.get('cache-control') or 'absent'}"
        if holds_token(answer):
            raise Nonconformity("Cache-Control: no-store in an answer with a token", actual)
        return [Remark("SHOULD", f"an answer without no-store: {actual}")]
    if "no-cache" not in answer.headers.get("pragma", "").lower():
        return [Remark("INFO", "Pragma: no-cache is not sent besides")]
    return None


@check("OBO-HYG-03")
def repeated(answer: Answer, parameter: str) -> Remarks:
    """A parameter that is there twice is an invalid request; a server may let it pass where the values are the same."""
    if served(answer):
        return [Remark("SHOULD", f"{parameter} may be sent twice with the same value")]
    return _invalid_request(answer)


@check("OBO-HYG-03")
def contradicting(answer: Answer, parameter: str) -> Remarks:
    """A parameter that is there with two values is an invalid request, in whichever order they come."""
    if served(answer):
        raise Nonconformity(f"a refusal: {parameter} is there with two values", brief(answer))
    return _invalid_request(answer)


def _invalid_request(answer: Answer) -> Remarks:
    demand_refusal(answer, E_ANY)
    if (found := error_code(answer)) == "invalid_request":
        return None
    return [Remark("SHOULD", f"the error is {found}, RFC 6749 section 5.2 says invalid_request")]


@check("OBO-HYG-04")
def unknown_ignored(answer: Answer) -> Remarks:
    """A parameter that nobody knows is ignored."""
    if not served(answer):
        raise Nonconformity("the unknown parameter ignored", brief(answer), error=error_code(answer))
    return None


@check("OBO-HYG-04")
def counts_as_absent(empty: Answer, absent: Answer, parameter: str) -> Remarks:
    """A parameter without a value does what leaving it out does: granted alike, or refused alike."""
    if empty.status >= 500 or _result(empty) != _result(absent):
        raise Nonconformity(f"as without {parameter}: {_told(absent)}", _told(empty), error=error_code(empty))
    return None


def _result(answer: Answer) -> tuple[bool, frozenset[str], object]:
    granted = served(answer)
    return granted, scope_set(answer.members.get("scope") if granted else None), answer.members.get("issued_token_type")


def _told(answer: Answer) -> str:
    return f"granted for {answer.members.get('scope')!r}" if served(answer) else brief(answer)


@check("OBO-HYG-05")
def understood(answer: Answer) -> Remarks:
    """Credentials with special characters, encoded as RFC 6749 appendix B says, are understood."""
    demand_token(answer, "a token for credentials that are encoded")
    return None


@check("OBO-HYG-05")
def scope_understood(answer: Answer, asked: str) -> Remarks:
    """A scope with special characters is granted in its own spelling."""
    demand_token(answer, "a token for a scope that is encoded")
    granted = scope_set(answer.members.get("scope", asked))
    if not scope_set(asked) <= granted:
        raise Nonconformity(f"scope {asked}", " ".join(sorted(granted)) or "none")
    return None


@check("OBO-HYG-05")
def not_understood(answer: Answer) -> Remarks:
    """The same characters unencoded mean something else: they must not be taken for the credentials."""
    demand_refusal(answer, E_ANY)
    return None


@check("OBO-HYG-06")
def cleanly_refused(answer: Answer | None, seconds: float, *, ignorable: bool = False) -> Remarks:
    """Odd input gives a 4xx, as an OAuth error where possible, within ten seconds; None: no answer came.

    `ignorable`: the oddness is one that a server may as well ignore.
    """
    if seconds > LONGEST_ANSWER_SECONDS:
        raise Nonconformity(f"an answer within {LONGEST_ANSWER_SECONDS} seconds", f"{seconds:.0f} seconds")
    if answer is None:
        return [Remark("SHOULD", "the connection is cut instead of an answer")]
    if answer.status >= 500:
        raise Nonconformity("a refusal with status 4xx: the fault is the client's", brief(answer), binding=True)
    if ignorable and served(answer):
        return None
    if served(answer) or answer.status < 400:
        raise Nonconformity("a refusal with status 4xx", brief(answer))
    return well_formed_refusal.__wrapped__(answer, odd=True)  # type: ignore[attr-defined,no-any-return]


@check("OBO-HYG-07")
def encrypted_only(answer: Answer | None) -> Remarks:
    """Plain HTTP gets no connection, a redirection to https, or an answer that does not come from the endpoint."""
    if answer is None or answer.status >= 500:
        return None
    if 300 <= answer.status < 400:
        if not answer.headers.get("location", "").startswith("https:"):
            raise Nonconformity("a redirection to https", f"{answer.status} to another address")
        return None
    wants_https = answer.status == 403 or _ENCRYPTION.search(answer.text)
    if answer.status < 300 or (error_code(answer) in REGISTERED and not wants_https):
        raise Nonconformity("no service over plain HTTP", f"the endpoint answers {brief(answer)}")
    return None
