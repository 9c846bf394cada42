"""A line to a tenant on which the first attempt of each write fails, before or after the tenant has done it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.tenant.stand_in import Reply, serving

WRITES = ("PUT", "PATCH", "DELETE", "POST")


@contextmanager
def losing(url: str, *, done: bool) -> Iterator[str]:
    """Yields another address of the tenant. `done`: it does what is asked for, and only its answer is lost."""
    seen: set[tuple[str, str, str]] = set()

    def behave(method: str, path: str, headers: dict[str, str], body: str) -> Reply | None:
        first = method in WRITES and (method, path, body) not in seen
        seen.add((method, path, body))
        if first and not done:
            return 503, {}, ""
        sent = {name: value for name, value in headers.items() if name not in ("host", "content-length")}
        answer = client.request(method, url + path, headers=sent, content=body.encode())
        kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return None if first else (answer.status_code, kept, answer.text)

    with httpx.Client(trust_env=False) as client, serving(behave) as other:
        yield other
