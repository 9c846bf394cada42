"""CREST filter expressions (`_queryFilter`): comparisons joined by and, or, ! and parentheses."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reference_server.errors import bad_request
from reference_server.limits import MAX_DEPTH, MAX_REPEATED_CHARACTERS

Lookup = Callable[[str], Any]  # name of a property of an item -> its value
Predicate = Callable[[Lookup], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<symbol>[()!])|(?P<word>[^\s()!"']+))""", re.DOTALL
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Filter:
    """What an expression selects."""

    matches: Predicate
    equal: Mapping[str, Any] = field(default_factory=dict)
    """Values that a property must have for an item to match, as far as the expression demands any: what an index
    can look up. All that it finds has yet to match.
    """


def parse_filter(expression: str) -> Filter:
    """The filter that an expression describes, or 400 when it can't be read."""
    try:
        return _Parser(expression).parse()
    except ValueError as error:
        raise bad_request("Unable to parse query filter: a number is too long") from error


def values_at(lookup: Lookup, pointer: str) -> list[Any]:
    """The values that a JSON pointer leads to; lists on the way and at the end are taken item by item."""
    first, *rest = pointer.removeprefix("/").split("/")
    values = _flat([lookup(first)])
    for part in rest:
        values = _flat([value.get(part) for value in values if isinstance(value, dict)])
    return [value for value in values if value is not None]


def _flat(values: list[Any]) -> list[Any]:
    return [item for value in values for item in (value if isinstance(value, list) else [value])]


def _equal(value: Any, operand: Any) -> bool:
    return bool(value == operand) and isinstance(value, bool) == isinstance(operand, bool)


def _contains(value: Any, operand: Any) -> bool:
    return isinstance(value, str) and isinstance(operand, str) and operand.casefold() in value.casefold()


def _starts(value: Any, operand: Any) -> bool:
    return isinstance(value, str) and isinstance(operand, str) and value.casefold().startswith(operand.casefold())


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A comparison that holds only between two numbers or two texts."""

    def holds(value: Any, operand: Any) -> bool:
        if isinstance(value, bool) or isinstance(operand, bool):
            return False
        alike = any(isinstance(value, kind) and isinstance(operand, kind) for kind in (int | float, str))
        return alike and compare(value, operand)

    return holds


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _equal,
    "co": _contains,
    "sw": _starts,
    "gt": _ordered(operator.gt),
    "ge": _ordered(operator.ge),
    "lt": _ordered(operator.lt),
    "le": _ordered(operator.le),
}


class _Parser:
    """Recursive descent: `or` binds less than `and`, that less than `!`."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens: list[tuple[str, str]] = []
        position, end = 0, len(expression.rstrip())
        while position < end:
            match = _TOKEN.match(expression, position)
            if match is None:
                raise self._unreadable()
            self._tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            position = match.end()
        self._next = 0
        self._depth = 0

    def parse(self) -> Filter:
        found = self._either()
        if self._next < len(self._tokens):
            raise self._unreadable()
        return found

    def _either(self) -> Filter:
        options = [self._both()]
        while self._takes("or"):
            options.append(self._both())
        return options[0] if len(options) == 1 else Filter(lambda item: any(option.matches(item) for option in options))

    def _both(self) -> Filter:
        parts = [self._negated()]
        while self._takes("and"):
            parts.append(self._negated())
        if len(parts) == 1:
            return parts[0]
        equal = {name: value for part in parts for name, value in part.equal.items()}
        return Filter(lambda item: all(part.matches(item) for part in parts), equal)

    def _negated(self) -> Filter:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise bad_request("Unable to parse query filter: it is nested too deeply")
        found = self._innermost()
        self._depth -= 1
        return found

    def _innermost(self) -> Filter:
        if self._takes("!"):
            inner = self._negated()
            return Filter(lambda item: not inner.matches(item))
        if self._takes("("):
            inner = self._either()
            if not self._takes(")"):
                raise self._unreadable()
            return inner
        return self._comparison()

    def _comparison(self) -> Filter:
        pointer = self._word()
        if pointer in ("true", "false"):
            constant = pointer == "true"
            return Filter(lambda _: constant)
        comparison = self._word()
        if comparison == "pr":
            return Filter(lambda item: bool(values_at(item, pointer)))
        compare = _COMPARISONS.get(comparison)
        if compare is None:
            raise self._unreadable()
        operand = self._operand()
        equal = {pointer.removeprefix("/"): operand} if comparison == "eq" else {}
        return Filter(lambda item: any(compare(value, operand) for value in values_at(item, pointer)), equal)

    def _takes(self, text: str) -> bool:
        if self._next < len(self._tokens) and self._tokens[self._next] in (("word", text), ("symbol", text)):
            self._next += 1
            return True
        return False

    def _word(self) -> str:
        kind, text = self._token()
        if kind != "word":
            raise self._unreadable()
        return text

    def _operand(self) -> Any:
        kind, text = self._token()
        if kind == "string":
            return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if kind == "word" and _NUMBER.fullmatch(text):
            return float(text) if re.search("[.eE]", text) else int(text)
        raise self._unreadable()

    def _token(self) -> tuple[str, str]:
        if self._next >= len(self._tokens):
            raise self._unreadable()
        self._next += 1
        return self._tokens[self._next - 1]

    def _unreadable(self) -> Exception:
        return bad_request(f"Unable to parse query filter: {self._expression[:MAX_REPEATED_CHARACTERS]}")
