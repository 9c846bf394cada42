"""The guide's set-up on a reference server, as an administrator leaves it, for tests that break one thing of it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fixtures.cast import Cast
from fixtures.doctor.case import Case
from fixtures.doctor.examination import examine
from fixtures.doctor.finding import Finding
from fixtures.settings import ServiceAccount, Settings
from fixtures.standing_cast import guide_cast
from fixtures.target import Target, open_http
from fixtures.tenant.actors import Client
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from reference_server.server import ReferenceServer
from tests.tenant.observers import Recorder


@dataclass
class HandMade:
    """A tenant, what was made on it, and the settings that tell of it. `sent` are the requests of the last look."""

    server: ReferenceServer
    provisioning: Provisioning
    cast: Cast
    settings: Settings
    sent: Recorder = field(default_factory=Recorder)

    @property
    def account(self) -> ServiceAccount:
        """The tenant's service account."""
        return ServiceAccount(self.server.service_account.id, self.server.service_account.jwk)

    def findings(
        self, account: ServiceAccount | None = None, now: Callable[[], float] = time.time, **changes: Any
    ) -> list[Finding]:
        """What the doctor finds with these changes of the settings; no line of it holds a secret."""
        settings = dataclasses.replace(self.settings, service_account=account, **changes)
        found = look(settings, now, self.sent)
        told = "\n".join(f"{finding} {finding.to_plain()}" for finding in found)
        assert not [secret for secret in settings.secrets() if secret in told]
        return found

    def hindrance(self, account: ServiceAccount | None = None, **changes: Any) -> Finding:
        """The one thing that is in the way."""
        return only_hindrance(self.findings(account, **changes))


def look(settings: Settings, now: Callable[[], float] = time.time, sent: Recorder | None = None) -> list[Finding]:
    """What the doctor finds at the tenant of these settings."""
    url = settings.tenant_url or settings.issuer or ""
    target = Target(url, settings.realm, False, settings.service_account, settings)
    with open_http(settings) as http:
        http.observers.extend([sent] if sent else [])
        admin = Administration(http, url, settings.realm, settings.service_account, read_only=True)
        return list(examine(Case(target, http, admin, now)))


def only_hindrance(findings: list[Finding]) -> Finding:
    """The hindrance among the findings; there must be one alone."""
    (hindrance,) = [finding for finding in findings if finding.level == "hindrance"]
    return hindrance


def named(finding: Finding) -> tuple[str | None, str | None, str | None]:
    """What has to be named right: cause, first guide step, variable."""
    return finding.cause, next(iter(finding.steps), None), finding.variable


@contextmanager
def guide_done(server: ReferenceServer, folder: Path, log_in: Mapping[str, Any] | None = None) -> Iterator[HandMade]:
    """The guide's tasks 1 to 3 and 4.1 step 1 on a tenant, undone at the end, whatever was broken of it."""
    provider = server.tenant.realms["alpha"].provider
    before = provider.document
    with Http() as http:
        admin = Administration(http, server.url, "alpha", server.service_account)
        if log_in and admin.credentials:
            admin.credentials.adopt(log_in)
        with Provisioning.begin(admin, folder) as provisioning:
            provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
            cast = guide_cast(provisioning)
            settings = Settings(
                tenant_url=server.url,
                application=_as_set(cast.application),
                agent=_as_set(cast.agent),
                end_user=cast.end_user,
                propagation_seconds=0,
            )
            yield HandMade(server, provisioning, cast, settings)
            provider.document = before


def _as_set(client: Client) -> Client:
    """What settings tell of a client."""
    return Client(client.client_id, client.client_secret, client.scopes)
