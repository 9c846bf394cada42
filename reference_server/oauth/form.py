"""Form parameters: each at most once, decoded exactly, from the body alone (RFC 6749 section 3.2 and appendix B)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

from reference_server.limits import MAX_PARAMETERS
from reference_server.oauth.errors import invalid_request, missing_parameter
from reference_server.oauth.http import OAuthRequest

MEDIA_TYPE = "application/x-www-form-urlencoded"
REPEATABLE = frozenset({"audience", "resource"})
"""RFC 8693 section 2.1 lets these occur more than once."""

_CHARSETS = frozenset({"", "charset=utf-8"})
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Form:
    """Parameters by name. One without a value counts as absent, one that nobody knows is ignored."""

    def __init__(self, parameters: Mapping[str, list[str]]) -> None:
        self._parameters = parameters

    def text(self, name: str) -> str | None:
        """The value of a parameter, None where it is absent."""
        values = self._parameters.get(name)
        return values[0] if values else None

    def required(self, name: str) -> str:
        """The value of a parameter that must be there; an `invalid_request` otherwise."""
        value = self.text(name)
        if value is None:
            raise missing_parameter(name)
        return value

    def every(self, name: str) -> list[str]:
        """All values of a repeatable parameter, in order."""
        return self._parameters.get(name, [])


class FormReader:
    """Turns a request into a form, or refuses it."""

    def read(self, request: OAuthRequest) -> Form:
        """The parameters of a POST request; those of the query are never looked at."""
        self.check_content_type(request)
        parameters: dict[str, list[str]] = {}
        for name, value in self.pairs(request):
            parameters.setdefault(name, []).append(value)
        self.check_repetitions(parameters)
        return Form({name: present for name, values in parameters.items() if (present := self.present(values))})

    def check_content_type(self, request: OAuthRequest) -> None:
        """Only form-urlencoded, and of its charsets only UTF-8."""
        media_type, _, options = (request.header(b"content-type") or "").lower().partition(";")
        if media_type.strip() != MEDIA_TYPE or options.strip().replace('"', "") not in _CHARSETS:
            raise invalid_request("Invalid Content Type")

    def pairs(self, request: OAuthRequest) -> Iterable[tuple[str, str]]:
        """Names and values as sent, decoded once."""
        try:
            text = request.body.decode()
            fields = text.split("&")
            if len(fields) > MAX_PARAMETERS or "\x00" in text or "%00" in text or _BROKEN_ESCAPE.search(text):
                raise ValueError
            named = (field.partition("=") for field in fields if field)
            return [(_decoded(name), _decoded(value)) for name, _, value in named]
        except ValueError:
            raise invalid_request("Malformed form parameters") from None

    def present(self, values: list[str]) -> list[str]:
        """The values that are there: an empty one counts as absent."""
        return [value for value in values if value]

    def check_repetitions(self, parameters: Mapping[str, list[str]]) -> None:
        """A repeated parameter is refused, also with equal values: a proxy might have read the other one."""
        for name, values in parameters.items():
            if len(values) > 1 and name not in REPEATABLE:
                raise invalid_request("A parameter is included more than once")


def _decoded(text: str) -> str:
    """Text without its form encoding; ValueError where that is not UTF-8."""
    text = text.replace("+", " ")
    return unquote_to_bytes(text).decode() if "%" in text else text
