"""Whom a load may be put on: this machine, and a host whose owner agreed."""

from __future__ import annotations

from collections.abc import Iterable

from fixtures.tenant.errors import HarnessError
from fixtures.tenant.urls import host_of, is_loopback


class NotAllowed(HarnessError):
    """A host that nobody allowed to put a load on."""


def demand(urls: Iterable[str], allowed: str | None) -> None:
    """Raise `NotAllowed` where one of these addresses is neither this machine nor exactly the `allowed` host."""
    for host in map(host_of, urls):
        if host and not is_loopback(host) and host != (allowed or "").lower():
            raise NotAllowed(
                f"OBO_ALLOW_LOAD: no load on {host} without its owner's leave; with it, set OBO_ALLOW_LOAD={host}"
            )
