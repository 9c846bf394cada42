"""CREST queries: what to look for, in which order, and which page of it to show."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from reference_server.errors import bad_request
from reference_server.query_filter import Filter, Lookup, parse_filter, values_at


@dataclass(frozen=True)
class Page:
    """The part of a result that goes into one answer."""

    items: list[Any]
    cookie: str | None
    total: int


@dataclass(frozen=True)
class Query:
    """The parameters of a query, read from a request or 400."""

    filter: Filter
    sort_keys: tuple[str, ...]
    page_size: int
    offset: int
    counts: bool

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Query:
        """Of `_queryFilter` (or `_queryId=query-all…`), `_sortKeys`, `_pageSize`, `_pagedResults…`."""
        expression = params.get("_queryFilter")
        if expression is None and params.get("_queryId", "").startswith("query-all"):
            expression = "true"
        if expression is None:
            raise bad_request("A query needs a _queryFilter")
        return cls(
            filter=parse_filter(expression),
            sort_keys=tuple(key for key in params.get("_sortKeys", "").split(",") if key),
            page_size=_number(params, "_pageSize"),
            offset=_offset(params),
            counts=params.get("_totalPagedResultsPolicy", "").upper() in ("EXACT", "ESTIMATE"),
        )

    def page(self, items: list[Any], lookup: Callable[[Any], Lookup]) -> Page:
        """The items that match, sorted, and of them the page that was asked for; a page size of 0 means all."""
        found = [item for item in items if self.filter.matches(lookup(item))]
        for key in reversed(self.sort_keys):
            sort_value = partial(_sort_value, lookup, key.lstrip("+- "))
            found.sort(key=sort_value, reverse=key[0] == "-")
        end = self.offset + self.page_size if self.page_size else len(found)
        cookie = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(found) else None
        return Page(found[self.offset : end], cookie, len(found))

    def envelope(self, page: Page, shown: list[Any]) -> dict[str, Any]:
        """The answer to a query as identity management gives it."""
        return {
            "result": shown,
            "resultCount": len(shown),
            "pagedResultsCookie": page.cookie,
            "totalPagedResultsPolicy": "EXACT" if self.counts else "NONE",
            "totalPagedResults": page.total if self.counts else -1,
            "remainingPagedResults": -1,
        }


def _number(params: Mapping[str, str], name: str) -> int:
    text = params.get(name) or "0"
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise bad_request(f"{name} must be a whole number")
    return int(text)


def _offset(params: Mapping[str, str]) -> int:
    cookie = params.get("_pagedResultsCookie")
    if not cookie:
        return _number(params, "_pagedResultsOffset")
    try:
        text = base64.b64decode(cookie, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        text = ""
    if not text.isdigit():
        raise bad_request("The _pagedResultsCookie is not one of this server")
    return int(text[:9])


def _sort_value(lookup: Callable[[Any], Lookup], pointer: str, item: Any) -> tuple[bool, str, Any]:
    """Items without a value come first, and values of different types don't mix."""
    values = values_at(lookup(item), pointer)
    value = values[0] if values else ""
    return bool(values), type(value).__name__, str(value).casefold() if not isinstance(value, int | float) else value
