"""Checks of refusals as such: their form, their codes, and what they give away (RFC 6749 section 5.2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from steps.checks.evidence import Answer, brief, error_code, holds_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

REGISTERED = frozenset(
    {
        *("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"),
        *("invalid_scope", "access_denied", "unsupported_response_type", "server_error", "temporarily_unavailable"),
        *("invalid_target", "invalid_token", "insufficient_scope", "unsupported_token_type"),
        *("authorization_pending", "slow_down", "expired_token", "unknown_user_id", "expired_login_hint_token"),
        *("missing_user_code", "invalid_user_code", "invalid_binding_message", "transaction_failed"),
        *("interaction_required", "login_required", "consent_required", "account_selection_required"),
        *("insufficient_user_authentication", "unmet_authentication_requirements", "invalid_authorization_details"),
        *("invalid_dpop_proof", "use_dpop_nonce", "invalid_request_object", "request_not_supported"),
    }
)
"""Error codes of RFC 6749, 6750, 7009, 8628, 8693, 8707, 9396, 9449, 9470 and of OpenID Connect and CIBA."""
TEXT = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")
"""The characters of `error` and `error_description`: no quotation mark, no backslash, no line break, ASCII."""
BELOW_OAUTH = frozenset({404, 405, 406, 408, 411, 413, 414, 415, 421, 426, 429, 431})
"""Statuses that whatever stands in front of the endpoint may answer with in its own words."""
INNER_WORKINGS = re.compile(
    r"Traceback \(most recent|\bat [\w$.<>]+\([\w$]+\.(?:java|kt|scala|js|ts|cs):\d+"
    r"|\.(?:py|rb|php|go)[\":, ]+(?:line )?\d+|\b(?:java|javax|org|com)\.[\w.]+(?:Exception|Error)\b"
    r"|goroutine \d+|SQLSTATE|\bORA-\d{5}"
)
REASONS = re.compile(
    r"\bgroups?\b|\b(?:user|account|owner|subject)\b(?! token)(?: \S+){0,4}"
    r" (?:disabled|inactive|deleted|locked|suspended|unknown|not found|not exist|(?:not )?(?:signed|logged) in)\b",
    re.IGNORECASE,
)
"""What says why a user may not be acted for."""
PIECE = 24
"""Length of a piece that nothing repeats by chance."""
SHORTEST_SECRET = 4
CHANGING = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{16,}\b|\b\d[\d:.TZ-]*", re.IGNORECASE
)
"""Identifiers of a request and times, which some servers put into a description."""


@check("OBO-ERR-01")
def well_formed_refusal(answer: Answer, *, odd: bool = False) -> Remarks:
    """Whatever is refused is refused in the form of RFC 6749 section 5.2; an answer that refuses nothing passes.

    `odd`: the request was one that something in front of the endpoint may have turned away in its own words.
    """
    if answer.status < 300 and "error" not in answer.members:
        return None
    return _in_form(answer, odd)


@check("OBO-ERR-01")
def refused_in_form(answer: Answer) -> Remarks:
    """The request is refused, and in that form."""
    if answer.status < 400:
        raise Nonconformity("a refusal with status 4xx", brief(answer))
    return _in_form(answer, odd=False)


def _in_form(answer: Answer, odd: bool) -> Remarks:
    if holds_token(answer):
        raise Nonconformity("no token in a refusal", f"{answer.status} with an error and a token")
    if not 400 <= answer.status < 500:
        raise Nonconformity("a refusal with status 4xx", brief(answer), error=error_code(answer))
    if "error" not in answer.members and "www-authenticate" in answer.headers:
        return [Remark("INFO", f"refused by a challenge alone, without JSON: {brief(answer)}")]
    problems = list(_flaws(answer))
    if problems and (odd or answer.status in BELOW_OAUTH):
        return [Remark("SHOULD", f"a refusal that is no OAuth error: {'; '.join(problems)}")]
    if problems:
        raise Nonconformity("a refusal as RFC 6749 section 5.2 has it", "; ".join(problems), error=error_code(answer))
    return None


def _flaws(answer: Answer) -> Iterator[str]:
    error, media_type = answer.members.get("error"), answer.headers.get("content-type", "").partition(";")[0].strip()
    if "error" not in answer.members:
        yield f"{brief(answer)}, no JSON object with an error"
        return
    if media_type.lower() != "application/json" and not media_type.lower().endswith("+json"):
        yield f"content type {media_type or 'absent'}, not application/json"
    if not isinstance(error, str) or not TEXT.fullmatch(error):
        yield f"error is no text of RFC 6749: {error!r}"
    elif error not in REGISTERED:
        yield f"error {error} is not registered"
    for name in ("error_description", "error_uri"):
        value = answer.members.get(name)
        if value not in (None, "") and not (isinstance(value, str) and TEXT.fullmatch(value)):
            yield f"{name} has characters that RFC 6749 excludes"


@check("OBO-ERR-02")
def code_is(answer: Answer, wanted: str) -> Remarks:
    """A fault is told by the code that RFC 6749 section 5.2 and RFC 8693 section 2.2.2 name for it."""
    found = error_code(answer)
    if found == wanted:
        return None
    if answer.status == 200 and found is None:
        return [Remark("INFO", f"the request was granted, so that there is no {wanted} to look for")]
    if (found, wanted) == ("invalid_grant", "invalid_request"):
        return [Remark("INFO", "the error is invalid_grant, RFC 8693 section 2.2.2 says invalid_request")]
    raise Nonconformity(f"error {wanted}", brief(answer), error=found)


@check("OBO-ERR-03")
def repeats_no_secret(answer: Answer, secrets: Iterable[str]) -> Remarks:
    """No secret or token that was sent comes back in a refusal, whole or in part, and no stack trace either."""
    if answer.status < 400:
        return None
    texts = {answer.text, *_texts(answer.members)}
    if any(piece in text for secret in secrets for piece in _pieces(secret) for text in texts):
        raise Nonconformity("a refusal that repeats no secret and no token", "it repeats one that was sent")
    if any(INNER_WORKINGS.search(text) for text in texts):
        raise Nonconformity("a refusal that shows no inner workings", "it shows a stack trace or an exception")
    return None


def _pieces(secret: str) -> set[str]:
    """What shows that a secret is repeated: the whole, or a piece of a token from behind its beginning."""
    starts = range(PIECE, len(secret) - PIECE + 1, PIECE // 2)
    return {secret[start : start + PIECE] for start in starts} | ({secret} if len(secret) >= SHORTEST_SECRET else set())


def _texts(value: Any) -> Iterator[str]:
    """All strings of a JSON value: what is escaped in the text of an answer reads plain here."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


@check("OBO-ERR-03")
def reasons_kept(
    not_permitted: Answer, garbage: Answer, gone: Sequence[Answer], identifiers: Collection[str]
) -> Remarks:
    """Refusals tell a token that is invalid from a user who is not permitted, and no more than that.

    `gone` are the refusals for users who are disabled and deleted; `identifiers` name users and groups.
    """
    refusals = [answer for answer in (not_permitted, garbage, *gone) if answer.status >= 400]
    for answer in refusals:
        if answer.status >= 500:
            raise Nonconformity("a refusal with status 4xx", brief(answer))
        if any(identifier in answer.text for identifier in identifiers):
            raise Nonconformity("a refusal that names no user and no group", "it names one")
        if reason := REASONS.search(str(answer.members.get("error_description", ""))):
            raise Nonconformity("a refusal that keeps the reason to itself", f"it says {reason[0]!r}")
    told = {wording(answer) for answer in gone if answer.status >= 400}
    if len(told) > 1:
        raise Nonconformity("a disabled and a deleted user told alike", " / ".join(map(brief, gone)))
    if not told <= {wording(not_permitted), wording(garbage)}:
        others = f"{brief(not_permitted)} / {brief(garbage)}"
        raise Nonconformity(f"users who are gone told as one of {others}", brief(gone[0]))
    if len(refusals) < 2 + len(gone):
        return [Remark("INFO", "one of these tokens is exchanged: there is no refusal to compare")]
    return None


def wording(answer: Answer, sent: Iterable[str] = ()) -> tuple[int, str | None, str]:
    """Status, code and description of a refusal, without what was sent, identifiers and times in the description."""
    text = str(answer.members.get("error_description") or answer.members.get("message") or "")
    for value in sorted(filter(None, sent), key=len, reverse=True):
        text = text.replace(value, "…")
    return answer.status, error_code(answer), CHANGING.sub("…", text)
