"""The guide's set-up on a reference server, as an administrator leaves it, for tests that break one thing of it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fixtures.cast import Cast
from fixtures.doctor.case import Case
from fixtures.doctor.examination import examine
from fixtures.doctor.finding import Finding
from fixtures.settings import ServiceAccount, Settings
from fixtures.target import Target, open_http
from fixtures.tenant.admin import Administration
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
