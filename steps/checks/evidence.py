"""The plain data that checks look at: an HTTP answer, and what is known of one token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard
from urllib.parse import SplitResult, urlsplit

Members = Mapping[str, Any]
LARGEST_INTEGER = 2**53 - 1
"""Beyond it JSON numbers lose digits from one implementation to another (RFC 8259 section 6)."""


class Answer(Protocol):
    """An HTTP answer: status, headers with lower-case names, members of its JSON object ({} where there is none)."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def members(self) -> dict[str, Any]: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Witnesses:
    """What three places say of one token: the token response, introspection by its client, and the JWT's own claims.

    `introspection` and `claims` are None where there is no token to look at; `claims` also where it is no readable JWT.
    """

    answer: Answer
    introspection: Answer | None
    claims: Members | None


def brief(answer: Answer) -> str:
    """An answer in a few words: status, error code and description, or the names of its members. Never a token."""
    if "error" in answer.members:
        description = answer.members.get("error_description") or answer.members.get("message") or ""
        return f"{answer.status} {answer.members['error']}{f' ({description})' if description else ''}"
    if "reason" in answer.members:
        return f"{answer.status} {answer.members['reason']} ({answer.members.get('message', '')})"
    named = ", ".join(sorted(answer.members)) or answer.headers.get("content-type", "no body")
    return f"{answer.status} with {named}"


def error_code(answer: Answer) -> str | None:
    """The OAuth error code of an answer (RFC 6749 section 5.2), None where it has none."""
    code = answer.members.get("error")
    return code if isinstance(code, str) else None


def holds_token(answer: Answer) -> bool:
    """Whether an answer carries any token."""
    return any(answer.members.get(name) for name in ("access_token", "refresh_token", "id_token"))


def bare(identifier: Any) -> Any:
    """An identifier without the wrapper that tells its kind: `(usr!ID)` of a user, `(age!ID)` of an agent or client."""
    wrapped = re.fullmatch(r"\((?:usr|age)!(.*)\)", identifier) if isinstance(identifier, str) else None
    return wrapped[1] if wrapped else identifier


def scope_set(value: Any) -> frozenset[str]:
    """The scopes of a space-delimited string (RFC 6749 section 3.3) or of the list that some servers put into a JWT."""
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else frozenset()


def audience_set(value: Any) -> frozenset[str]:
    """The audiences of an `aud` claim, one string or a list (RFC 7519 section 4.1.3)."""
    values = value if isinstance(value, list) else [value]
    return frozenset(item for item in values if isinstance(item, str))


def is_integer(value: Any) -> TypeGuard[int]:
    """A JSON integer; true and false are none, though Python counts them as such, nor is one too large to keep."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_INTEGER


def members_of(value: Any) -> Members:
    """The members of a JSON object; none of anything else."""
    return value if isinstance(value, Mapping) else {}


def url_parts(url: str) -> SplitResult:
    """A URL in its parts, all of them empty where it is none (brackets without an address between them)."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def items_of(value: Any) -> list[Any]:
    """The items of a JSON array; none of anything else."""
    return value if isinstance(value, list) else []
