"""The words for what a request is sent with instead of what the guide documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from parse import with_pattern
from pytest_bdd import parsers

from fixtures.tenant.errors import NotVerifiable
from fixtures.tenant.form_sending import (
    Way,
    as_json,
    as_multipart,
    by_get,
    in_body,
    in_latin_1,
    in_query,
    with_in_query,
)
from fixtures.tenant.oauth import Value
from steps import phrases
from steps.phrases import Phrase

MANY = 1000
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Variation:
    """Form fields that are changed, and the way in which the form is sent."""

    changes: Mapping[str, Value] = field(default_factory=dict)
    way: Way = in_body


def _in_other_case(secret: str) -> str:
    if secret.swapcase() == secret:
        raise NotVerifiable("needs a client secret with a letter in it, to be sent in the other case")
    return secret.swapcase()


def _with_another_end(secret: str) -> str:
    return secret[:-1] + ("B" if secret[-1:] == "A" else "A")


SECRETS: dict[str, Callable[[str], dict[str, Value]]] = {
    "an empty secret": lambda _: {"client_secret": ""},
    "its secret without the last character": lambda secret: {"client_secret": secret[:-1]},
    "its secret with another last character": lambda secret: {"client_secret": _with_another_end(secret)},
    "its secret and one more character": lambda secret: {"client_secret": f"{secret}x"},
    "its secret in the other case": lambda secret: {"client_secret": _in_other_case(secret)},
    "its secret and a space": lambda secret: {"client_secret": f"{secret} "},
    "a space and its secret": lambda secret: {"client_secret": f" {secret}"},
    "its secret and a line break": lambda secret: {"client_secret": f"{secret}\n"},
    "its secret as an array": lambda secret: {"client_secret": None, "client_secret[]": secret},
    "the first 72 bytes of its secret": lambda secret: {"client_secret": secret[:72]},
    "its secret with another end after 72 bytes": lambda secret: {"client_secret": secret[:72] + "x" * 8},
}
CREDENTIALS: dict[str, Callable[[Any], Variation]] = {
    "no client ID": lambda _: Variation({"client_id": None}),
    "neither client ID nor secret": lambda _: Variation({"client_id": None, "client_secret": None}),
    "its client ID in the query": lambda _: Variation({"client_secret": None}, with_in_query("client_id")),
}
HALVES: dict[str, Callable[[str], str]] = {
    "the right secret": lambda secret: secret,
    "a wrong secret": lambda secret: f"{secret}x",
}
WAYS: dict[str, Way] = {
    "by GET": by_get,
    "with everything in the query": in_query,
    "with its token or password in the query": with_in_query("subject_token", "token", "password"),
}
ODDITIES: dict[str, Callable[[str], Variation]] = {
    "as JSON": lambda _: Variation(way=as_json),
    "as multipart/form-data": lambda _: Variation(way=as_multipart),
    "in another charset": lambda token: Variation({"subject_token": f"{token}é"}, in_latin_1),
    "with a subject token of one mebibyte": lambda _: Variation({"subject_token": "a" * MEBIBYTE}),
    "with a NUL in its subject token": lambda token: Variation({"subject_token": f"{token[:20]}\0{token[20:]}"}),
}


def _type_of(table: Mapping[str, Callable[[Any], Any]]) -> Any:
    """A type of the parser: the words of a table, and what they mean."""
    words = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    return with_pattern(words)(lambda text: Phrase(text, table[text]))


TYPES = {
    **phrases.TYPES,
    "SecretFlaw": _type_of(SECRETS),
    "Credentials": _type_of(CREDENTIALS),
    "Half": _type_of(HALVES),
    "Way": _type_of(WAYS),
    "Oddity": _type_of(ODDITIES),
}
parse = partial(parsers.parse, extra_types=TYPES)
