"""Looks for secrets in what a run wrote: whole in any disguise, in pieces, and cut by the ends of lines.

Written without the suite's own redactor, so that neither can miss what the other does.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote, quote_plus

GRAM = 16
"""The redactor promises that no longer piece of a secret is shown."""
STRIDE = 4
WORD = re.compile(rf"[\w\-.~+/=%]{{{GRAM},}}")
BROKEN = re.compile(r"""['"]?\s*\n[\s>|E]*[bu]?['"]?""")
LONGEST_PASSWORD = 100


class Leak(NamedTuple):
    """A place that shows a secret, and each kind that it may be of: tokens of one key have the same beginning."""

    place: str
    kind: str


def _base64(encode: Callable[[bytes], bytes], before: str) -> Callable[[str], str]:
    def disguised(secret: str) -> str:
        start, end = -(-len(before) * 8 // 6), (len(before) + len(secret.encode())) * 8 // 6
        return encode(f"{before}{secret}".encode()).decode()[start:end]

    return disguised


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "percent-encoded": lambda s: quote(s, safe=""),
    "in a form": quote_plus,
    "percent-encoded twice": lambda s: quote(quote(s, safe=""), safe=""),
    "JSON": lambda s: json.dumps(s)[1:-1],
    "JSON in JSON": lambda s: json.dumps(json.dumps(s)[1:-1])[1:-1],
    "HTML": html.escape,
    "repr": lambda s: repr(str(s))[1:-1],
    "repr of bytes": lambda s: repr(s.encode())[2:-1],
    "base64": _base64(base64.b64encode, ""),
    "base64 behind one character": _base64(base64.b64encode, ":"),
    "base64 behind two": _base64(base64.b64encode, "a:"),
    "base64url": _base64(base64.urlsafe_b64encode, ""),
    "base64url behind one character": _base64(base64.urlsafe_b64encode, ":"),
    "base64url behind two": _base64(base64.urlsafe_b64encode, "a:"),
    "base64 of a form": lambda s: _base64(base64.b64encode, "")(quote_plus(s)),
}


class Scan:
    """The secrets of a run by kind, ready to be looked for."""

    def __init__(self, secrets: Mapping[str, Iterable[str]]) -> None:
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._pieces: dict[str, set[str]] = defaultdict(set)
        for kind, values in secrets.items():
            for value in values:
                self._add(kind, value)

    def leaks(self, places: Mapping[str, str]) -> set[Leak]:
        """Where the texts show a secret or a piece of one of more than 16 characters, up to 3 more."""
        return {Leak(place, kind) for place, text in places.items() for kind in self._shown_in(text)}

    def _add(self, kind: str, secret: str) -> None:
        forms = {disguise(secret) for disguise in DISGUISES.values()} if len(secret) <= LONGEST_PASSWORD else {secret}
        for form in forms:
            if not WORD.fullmatch(form):
                self._whole[form].add(kind)
            for word in WORD.findall(form):
                for gram in _grams(word, STRIDE):
                    self._pieces[gram].add(kind)

    def _shown_in(self, text: str) -> set[str]:
        kinds: set[str] = set()
        for variant in (text, BROKEN.sub("", text)):
            kinds = kinds.union(*(kinds for form, kinds in self._whole.items() if form in variant))
            grams = {gram for word in WORD.findall(variant) for gram in _grams(word, 1)}
            kinds = kinds.union(*(self._pieces[gram] for gram in grams & self._pieces.keys()))
        return kinds


def _grams(text: str, stride: int) -> Iterator[str]:
    return (text[start : start + GRAM] for start in range(0, len(text) - GRAM + 1, stride))
