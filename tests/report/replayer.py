"""HTTP observer: sends the curl line of each exchange again, at once, and holds the answer against the first one.

Left out is what can't be repeated with the same answer: whatever is spent by being used (refresh tokens, authentication
requests, assertions), decisions, and what changes the configuration.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fixtures.report.bridge import evidence_of
from fixtures.report.evidence import Page
from fixtures.report.redaction import redactor
from fixtures.tenant.errors import HarnessError
from fixtures.tenant.exchange import Answer, Request

SPENT = {"refresh_token", "auth_req_id", "assertion", "request"}
STATUS = "\n%{http_code}"


def can_be_repeated(request: Request) -> bool:
    """Whether the same request gets the same answer a moment later."""
    names = {name for name, _ in request.form or ()}
    is_admin = "/am/json/" in request.url or "/openidm/" in request.url
    return not (names & SPENT or "/approver/" in request.url or (is_admin and request.method != "GET"))


class Replayer:
    """Stands behind the evidence among the observers, and sends what the report will say, word for word."""

    def __init__(self, config: pytest.Config) -> None:
        self._evidence = evidence_of(config)
        self._seen: tuple[Page | None, int] = (None, 0)
        self.sent = 0
        self.lines: Counter[str] = Counter()
        """The lines that were looked at, those that were left out among them."""
        self.differences: list[str] = []

    def sending(self, request: Request) -> None:
        """Nothing yet."""

    def failed(self, request: Request, error: HarnessError) -> None:
        """No answer to hold anything against; its line is never looked at."""

    def received(self, answer: Answer) -> None:
        """Send it again. Outside of scenarios the report says nothing; exchanges of other threads stand in it later."""
        page = self._evidence._page
        if threading.current_thread() is not threading.main_thread() or (page, len(page.exchanges)) == self._seen:
            return
        self._seen = page, len(page.exchanges)
        if not page.exchanges:
            return
        line = command_of(redactor.text(page.exchanges[-1].text))
        self.lines[line] += 1
        if line.startswith("#") or not can_be_repeated(answer.request):
            return
        self.sent += 1
        environment = page.names.to_environment() | {"PATH": os.environ["PATH"]}
        command = line.replace("curl -sS", f"curl -sS -w '{STATUS}'", 1)
        again = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)  # noqa: S603, S607
        text, _, status = again.stdout.rpartition("\n")
        if (int(status or 0), members(text)) != (answer.status, members(answer.text)):
            self.differences.append(f"{line}\n  {answer.status} {members(answer.text)}, then {status} {members(text)}")


def lines_of(folder: Path) -> Counter[str]:
    """The lines that a report on the disk holds."""
    texts = [path.read_bytes().decode() for path in folder.glob("*-attachment.txt")]  # with its line ends as they are
    return Counter(line for text in texts if (line := command_of(text)))


def command_of(exchange: str) -> str:
    """What an exchange ends with: a command, or why there is none."""
    found = re.search(r"\n\n((?:curl -sS|# no curl line).*)", exchange, re.DOTALL)
    return found[1] if found else ""


def members(text: str) -> list[str] | None:
    """The names of a JSON object's members; None for anything else."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    return sorted(found) if isinstance(found, dict) else None
