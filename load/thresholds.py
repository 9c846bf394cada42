"""Limits of response times: what a load must keep to."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from typing import Self

from load.summary import Summary

_GRAMMAR = re.compile(r"(?:(?P<kind>[^=]+):)?p(?P<percentile>50|90|95|99)=(?P<limit>\d+)", re.ASCII)


@dataclass(frozen=True)
class Threshold:
    """A percentile of the response times, of one kind of request or of all, and the milliseconds it must keep to."""

    kind: str | None
    percentile: int
    limit_ms: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """`p95=800` or `exchange:p95=800`."""
        found = _GRAMMAR.fullmatch(text)
        if not found:
            raise argparse.ArgumentTypeError(f"{text!r} is not p50, p90, p95 or p99 with milliseconds, as in p95=800")
        return cls(found["kind"], int(found["percentile"]), int(found["limit"]))

    def missed(self, summary: Summary) -> str | None:
        """In what way a load is above it, in words; None where it is not."""
        figures = summary.total if self.kind is None else summary.kinds.get(self.kind)
        of = f"{self.kind}: " if self.kind else ""
        if figures is None:
            return f"{of}no such requests were sent: {', '.join(sorted(summary.kinds))}"
        found = figures.percentiles[str(self.percentile)]
        return f"{of}p{self.percentile} is {found:.0f} ms, above {self.limit_ms}" if found > self.limit_ms else None
