"""What is ours: the reference server in a process of its own with the guide's tasks done, and runs of the suite."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.flow import COUNT_PATH, REALM, Deployment, Served
from benchmarks.processes import POLL_SECONDS, ROOT, Command, free_port, serving
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

QUIET = ("-q", "--assert=plain", "-p", "benchmarks.as_installed", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
"""As `python3 run` does, with nothing that only developers have."""
UNSHARED: Final = "--no-sharing"
"""The option with which each scenario fetches its own tokens."""
OWN_TOKENS: Final = "@own_tokens"
"""The tag of scenarios that share none."""
FEATURE: Final = """@task_4_2 {tag}
Feature: The guide's flow, many times
  Rule: Where a user's token is needed
"""
OUTLINE: Final = """
    @OBO-4.2I-03
    Scenario Outline: The agent's token names user, actor and scope, part {part}, time <time>
      Given the end user's access token for "openid read-data"
      When the application introspects the user's token
      Given the AI agent's access token for "read-data", exchanged from it
      When the agent's token is introspected
      Then "sub" is the same in both, to the byte
      And "act.sub" is the AI agent
      And "scope" is "read-data" and nothing of the user's token

      Examples:
        | time |
"""


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
        folder, port = Path(name), free_port()
        file = folder / "tenant.env"
        command = [sys.executable, "-m", module, "--port", str(port), "--env-file", str(file), *options]
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


def flows(
    folder: Path,
    count: int,
    *arguments: str,
    parts: int = 1,
    tag: str = "",
    variables: Mapping[str, str] | None = None,
) -> Command:
    """A run of the suite over nothing but so many scenarios of the guide's flow, in a project made for them.

    They are the rows of so many outlines, the `parts`; the feature bears the `tag`.
    """
    project = _project(folder, count, parts, tag)
    return replace(suite(project, *arguments, variables=variables), expected=f"{count} passed")


def suite(folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> Command:
    """A run of the suite in one process, in this project or in one made of it."""
    command = [sys.executable, "-m", "pytest", *QUIET, *arguments]
    return Command(command, folder, {"PYTHONPATH": str(ROOT), **(variables or {})})


def front_door(*arguments: str, variables: Mapping[str, str] | None = None) -> Command:
    """A run as a person starts it, with what `python3 run` chooses by itself."""
    return Command([sys.executable, str(ROOT / "run"), *arguments], ROOT, variables or {})


def front_door_flows(
    folder: Path, count: int, *, parts: int = 1, variables: Mapping[str, str] | None = None
) -> Command:
    """The flows of such a project as a person would start them."""
    project = _project(folder, count, parts)
    options = ["-q", "--rootdir", str(project), "-c", str(project / "pyproject.toml"), str(project / "features")]
    return replace(front_door(*options, variables=variables), expected=f"{count} passed")


def _project(folder: Path, count: int, parts: int, tag: str = "") -> Path:
    """Requirements and all, with one feature; since it judges so few of them, the exit status is "not judged"."""
    (folder / "features").mkdir(parents=True, exist_ok=True)
    for name in ("conftest.py", "pyproject.toml", "features/requirements.toml", "features/guide.toml"):
        shutil.copy(ROOT / name, folder / name)
    text = FEATURE.format(tag=tag)
    for part in range(parts):
        rows = "".join(f"        | {number} |\n" for number in range(part, count, parts))
        text += OUTLINE.format(part=part) + rows
    (folder / "features" / "flow.feature").write_text(text, encoding="utf-8")
    return folder


def version(*names: str) -> str:
    """Versions of packages of this environment, in a line."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
