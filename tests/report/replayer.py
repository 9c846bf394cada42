"""HTTP observer: sends the curl line of each exchange again, at once, and holds the answer against the first one.

Left out is what can't be repeated with the same answer: whatever is spent by being used (refresh tokens, authentication
requests, assertions), decisions, and what changes the configuration.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from typing import Any

import pytest

from fixtures.report.bridge import evidence_of
from fixtures.report.curl import curl
from fixtures.tenant.errors import HarnessError
from fixtures.tenant.http import Answer, Request

SPENT = {"refresh_token", "auth_req_id", "assertion", "request"}
STATUS = "\n%{http_code}"


def can_be_repeated(request: Request) -> bool:
    """Whether the same request gets the same answer a moment later."""
    names = {name for name, _ in request.form or ()}
    is_admin = "/am/json/" in request.url or "/openidm/" in request.url
    return not (names & SPENT or "/approver/" in request.url or (is_admin and request.method != "GET"))


class Replayer:
    """Stands behind the evidence among the observers."""

    def __init__(self, config: pytest.Config) -> None:
        self._evidence = evidence_of(config)
        self.sent = self.left_out = 0
        self.differences: list[str] = []

    def sending(self, request: Request) -> None:
        """Nothing yet."""

    def failed(self, request: Request, error: HarnessError) -> None:
        """No answer to hold anything against."""

    def received(self, answer: Answer) -> None:
        """Send it again; exchanges of other threads are in no page yet."""
        if threading.current_thread() is not threading.main_thread():
            return
        names = self._evidence._page.names
        line = curl(answer.request, names)
        if line.startswith("#") or not can_be_repeated(answer.request):
            self.left_out += 1
            return
        self.sent += 1
        environment = names.to_environment() | {"PATH": os.environ["PATH"]}
        command = line.replace("curl -sS", f"curl -sS -w '{STATUS}'", 1)
        again = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)  # noqa: S603, S607
        text, _, status = again.stdout.rpartition("\n")
        if (int(status or 0), members(text)) != (answer.status, members(answer.text)):
            self.differences.append(f"{line}\n  {answer.status} {members(answer.text)}, then {status} {members(text)}")


def members(text: str) -> list[str] | None:
    """The names of a JSON object's members; None for anything else."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    return sorted(found) if isinstance(found, dict) else None
