"""npm's oidc-provider as a server to try the suite on: installed once, set up like the guide, started on loopback."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fixtures.page.node import environment, npm
from fixtures.standing_cast import AGENT_LIFETIME_SECONDS, APPLICATION_SCOPES, PERMITTED, SECOND_APPLICATION_SCOPES
from fixtures.tenant.naming import new_uuid
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from tests.interop.tools import absent

HERE: Final = Path(__file__).parent / "oidc_provider"
CACHE: Final = Path(__file__).parents[2] / ".obo" / "interop"
PARTS: Final = ("package.json", "package-lock.json", "server.mjs")
END_SECONDS: Final = 10


def installed(node: str) -> Path:
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
    if subprocess.call([*npm([node]), "ci", *quiet], cwd=CACHE, env=environment([node])):  # noqa: S603
        absent("npm could not install oidc-provider")
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
                    "lifetime": LIFETIMES.get(part, 3600),
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
LIFETIMES: Final = {"A": AGENT_LIFETIME_SECONDS}


@contextmanager
def oidc_provider(set_up: SetUp, node: str) -> Iterator[str]:
    """Start the server on a free port and yield its issuer; it ends with this process at the latest."""
    with subprocess.Popen(  # noqa: S603
        [node, "server.mjs"],
        cwd=installed(node),
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
