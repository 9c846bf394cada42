"""Making what the guide makes and taking it away again, over and over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import CLIENT_CREDENTIALS, PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from tests.end_to_end.listing import listing
from tests.torture.process import Process


@dataclass(frozen=True)
class Cycled:
    """What came of it."""

    cycles: int
    objects: int
    """Things that were made and removed."""


def cycle(server: Process, count: int) -> Cycled:
    """Make and remove `count` times; fails at the first that leaves anything behind."""
    made = 0
    with Http() as http:
        admin = Administration(http, server.url, "alpha", server.service_account)
        before = listing(server, admin)
        for number in range(count):
            made += _once(admin, server.folder)
            after = listing(server, admin)
            assert after == before, f"cycle {number} left something behind"
            assert not list(server.folder.glob("journal-*")), f"cycle {number} left a journal behind"
    return Cycled(count, made)


def _once(admin: Administration, journals: Path) -> int:
    with Provisioning.begin(admin, journals) as provisioning:
        cast = guide_cast(provisioning)
        provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
        provisioning.create_group("members", [cast.end_user])
        provisioning.create_client("service", grants=[CLIENT_CREDENTIALS])
        return len(provisioning.journal.open_entries())
