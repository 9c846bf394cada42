"""npm's oidc-provider as a server to try the suite on: installed once, set up like the guide, started on loopback."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fixtures.page.node import environment, npm
from fixtures.standing_cast import APPLICATION_SCOPES, PERMITTED, SECOND_APPLICATION_SCOPES
from fixtures.tenant.naming import new_uuid
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE

HERE: Final = Path(__file__).parent / "oidc_provider"
CACHE: Final = Path(__file__).parents[2] / ".obo" / "interop"
PARTS: Final = ("package.json", "package-lock.json", "server.mjs")
END_SECONDS: Final = 10


class Absent(Exception):
    """The server can't be had on this machine: why."""


def is_required() -> bool:
    """Whether a tool that is absent is a failure: in CI it always is."""
    return os.environ.get("CI", "").lower() == "true" or os.environ.get("OBO_INTEROP") == "required"


def node() -> list[str]:
    """The command of Node.js; raises `Absent`."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        raise Absent("needs Node.js with npm")
    return [found]


def installed(command: list[str]) -> Path:
    """A folder with the server and what it needs, exactly as locked; made anew when any of it has changed."""
    stamp, wanted = CACHE / "installed.sha256", hashlib.sha256()
    for part in PARTS:
        wanted.update((HERE / part).read_bytes())
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted.hexdigest():
        return CACHE
    CACHE.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        shutil.copy(HERE / part, CACHE)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm(command), "ci", *quiet], cwd=CACHE, env=environment(command), check=True)  # noqa: S603
    stamp.write_text(wanted.hexdigest(), encoding="utf-8")
    return CACHE


@dataclass(frozen=True)
class SetUp:
    """Who is at the server, in the guide's terms: the hand-made actors and those of the OBO_SECOND_… variables."""

    format: str
    discovery: str
    secrets: dict[str, str] = field(default_factory=lambda: {part: secrets.token_urlsafe(24) for part in "PQABUV"})
    subs: dict[str, str] = field(default_factory=lambda: {part: new_uuid() for part in "UV"})

    def to_plain(self) -> dict[str, Any]:
        """What the server reads on stdin."""
        clients = {"P": APPLICATION_SCOPES, "Q": SECOND_APPLICATION_SCOPES, "A": (), "B": ()}
        privileges = {"A": PERMITTED, "B": ()}
        return {
            "format": self.format,
            "discovery": self.discovery,
            "clients": [
                {
                    "id": NAMES[part],
                    "secret": self.secrets[part],
                    "grants": [PASSWORD] if scopes else [TOKEN_EXCHANGE],
                    "scopes": scopes,
                }
                for part, scopes in clients.items()
            ],
            "users": [
                {"username": NAMES[part], "password": self.secrets[part], "sub": sub} for part, sub in self.subs.items()
            ],
            "privileges": [
                {
                    "agent": NAMES[agent],
                    "application": NAMES["P"],
                    "subjects": [self.subs["U"]],
                    "permissions": permissions,
                }
                for agent, permissions in privileges.items()
            ],
        }

    def variables(self, issuer: str) -> dict[str, str]:
        """The settings of a run against it."""
        clients = {
            "APPLICATION": ("P", APPLICATION_SCOPES),
            "AGENT": ("A", PERMITTED),
            "SECOND_APPLICATION": ("Q", SECOND_APPLICATION_SCOPES),
            "SECOND_AGENT": ("B", APPLICATION_SCOPES),
        }
        found = {"OBO_ISSUER": issuer, "OBO_PROPAGATION_SECONDS": "0"}
        for name, (part, scopes) in clients.items():
            found[f"OBO_{name}_CLIENT_ID"] = NAMES[part]
            found[f"OBO_{name}_CLIENT_SECRET"] = self.secrets[part]
            found[f"OBO_{name}_SCOPES"] = " ".join(scopes)
        for name, part in {"END_USER": "U", "SECOND_END_USER": "V"}.items():
            found |= {f"OBO_{name}_USERNAME": NAMES[part], f"OBO_{name}_PASSWORD": self.secrets[part]}
        return found


NAMES: Final = {
    "P": "digital-assistant-web-app",
    "Q": "second-digital-assistant-web-app",
    "A": "digital-assistant-ai-agent",
    "B": "second-digital-assistant-ai-agent",
    "U": "barbara.jensen",
    "V": "victor.moss",
}


@contextmanager
def oidc_provider(set_up: SetUp, command: list[str], folder: Path) -> Iterator[str]:
    """Start the server on a free port and yield its issuer; it ends with this process at the latest."""
    with subprocess.Popen(  # noqa: S603
        [*command, "server.mjs"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(set_up.to_plain()) + "\n")
            process.stdin.flush()
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
