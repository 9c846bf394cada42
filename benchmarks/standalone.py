"""Our reference server in a process of its own, with the guide's tasks done."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.flow import COUNT_PATH, REALM, Deployment, Served
from benchmarks.processes import POLL_SECONDS, ROOT, Command, serving
from fixtures import hand_made_file
from fixtures.cast import Cast
from fixtures.settings import Settings
from fixtures.standing_cast import guide_cast
from fixtures.target import open_http
from fixtures.tenant.admin import Administration
from fixtures.tenant.oauth import Endpoints
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provider_changes import with_setting
from fixtures.tenant.provisioning import Provisioning


@dataclass(frozen=True)
class Standalone(Served):
    """A reference server that is up, with the guide's tasks done on it.

    Its first token is the service account's: nobody else is there yet.
    """

    administrator: dict[str, str]
    """Variables of a run that does the guide's tasks itself."""
    hand_made: dict[str, str]
    """Variables of a run that finds them done."""
    admin: Administration

    def requests(self) -> int:
        """How many requests it got, where it is `benchmarks.tenant`, which counts them."""
        return int(self.deployment.post(COUNT_PATH, {})[1])


@contextmanager
def standalone(
    *options: str,
    module: str = "reference_server",
    algorithm: str = "ES256",
    lifetime_seconds: int | None = None,
) -> Iterator[Standalone]:
    """Start a server on its core, do the guide's tasks on it, and end it after the block.

    `algorithm` signs its tokens; those of the agent live for `lifetime_seconds`.
    """
    with tempfile.TemporaryDirectory(prefix="obo-bench-") as name, open_http(Settings()) as http:
        folder = Path(name)
        file = folder / "tenant.env"
        command = [sys.executable, "-m", module, "--port", "0", "--env-file", str(file), *options]
        began = time.perf_counter()
        with serving(Command(command, ROOT)) as process:
            settings = Settings.read({}, _written(file, process))
            admin = Administration(http, settings.tenant_url or "", REALM, settings.service_account)
            if admin.credentials is None:
                raise ConnectionError("the server has no service account")
            admin.credentials.current()
            first_token_ms = (time.perf_counter() - began) * 1000
            cast = _set_up(admin, folder, algorithm, lifetime_seconds)
            deployment = _deployment(admin.tenant_url, cast)
            yield Standalone(process, deployment, first_token_ms, *_variables(settings, cast), admin)


def _written(file: Path, process: subprocess.Popen[bytes]) -> Path:
    """The file in which the server says who may administer it."""
    while process.poll() is None:
        if file.exists() and file.read_text().endswith("\n"):
            return file
        time.sleep(POLL_SECONDS)
    raise ConnectionError("the server did not start")


def _set_up(admin: Administration, folder: Path, algorithm: str, lifetime: int | None) -> Cast:
    provisioning = Provisioning.begin(admin, folder / "journals", kept=True)
    cast = guide_cast(provisioning)
    provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
    if lifetime is not None:
        provisioning.configure_agent(cast.agent, access_token_lifetime=lifetime)
    admin.change_provider(lambda found: with_setting(found, "advancedOAuth2Config.tokenSigningAlgorithm", algorithm))
    provisioning.journal.close()
    return cast


def _deployment(url: str, cast: Cast) -> Deployment:
    paths = Endpoints.of_tenant("", REALM)
    return Deployment(
        url=url,
        token_path=paths.token,
        introspection_path=paths.introspection,
        application=(cast.application.client_id, str(cast.application.client_secret)),
        agent=(cast.agent.client_id, str(cast.agent.client_secret)),
        user=(cast.end_user.username, str(cast.end_user.password)),
    )


def _variables(settings: Settings, cast: Cast) -> tuple[dict[str, str], dict[str, str]]:
    """Of a run by the service account, and of one that finds a set-up made by hand."""
    account, url = settings.service_account, settings.tenant_url or ""
    at_once = {"OBO_TENANT_URL": url, "OBO_REALM": REALM, "OBO_PROPAGATION_SECONDS": "0"}
    key = json.dumps(account.jwk, separators=(",", ":")) if account else ""
    administrator = {"OBO_SERVICE_ACCOUNT_ID": account.id if account else "", "OBO_SERVICE_ACCOUNT_JWK": key}
    administrator |= {"OBO_EXCLUSIVE_TENANT": "1", "OBO_SECOND_REALM": "bravo"}
    return at_once | administrator, hand_made_file.variables(url, REALM, cast) | at_once
