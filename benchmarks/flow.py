"""The guide's flow as four requests, and where they go: the same for everyone who is measured."""

from __future__ import annotations

import http.client
import json
import subprocess
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from fixtures.tenant.exchange import FORM_TYPE
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE, PASSWORD, TOKEN_EXCHANGE

LOGIN_SCOPE, AGENT_SCOPE = "openid read-data", "read-data"
REALM = "alpha"
COUNT_PATH = "/benchmarks/requests"
"""Where `benchmarks.tenant` tells how many requests it got."""


@dataclass(frozen=True)
class Deployment:
    """A server on which the guide's tasks 1 to 3 are done."""

    url: str
    token_path: str
    introspection_path: str
    application: tuple[str, str]
    """Client ID and secret, as of the agent."""
    agent: tuple[str, str]
    user: tuple[str, str]
    """Name and password."""

    def login(self) -> dict[str, str]:
        """The end user's access token (guide, task 4.1 step 2)."""
        name, password = self.user
        form = {"grant_type": PASSWORD, "username": name, "password": password, "scope": LOGIN_SCOPE}
        return form | _credentials(self.application)

    def exchange(self, subject_token: str) -> dict[str, str]:
        """The agent's token for the user's (task 4.2 step 1)."""
        form = {"grant_type": TOKEN_EXCHANGE, "subject_token": subject_token, "subject_token_type": ACCESS_TOKEN_TYPE}
        return form | {"audience": self.application[0], "scope": AGENT_SCOPE} | _credentials(self.agent)

    def introspection(self, token: str, by: tuple[str, str]) -> dict[str, str]:
        """What a token says (task 4.1 step 3, task 4.2 step 2)."""
        return {"token": token} | _credentials(by)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        """Status and JSON of an answer, None for other content."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        try:
            connection.request("POST", path, urlencode(form), {"Content-Type": FORM_TYPE})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(content)
        except ValueError:
            return answer.status, None

    def token(self, form: dict[str, str]) -> str:
        """The access token that a grant gives; raises `ConnectionError` where it gives none."""
        status, members = self.post(self.token_path, form)
        if status != 200 or not isinstance(members, dict) or "access_token" not in members:
            raise ConnectionError(f"no token from {form['grant_type']}: {status} {members}")
        return str(members["access_token"])

    @property
    def variables(self) -> dict[str, str]:
        """All of it in the environment, for programs that are told so."""
        return {
            "BENCH_TOKEN_URL": self.url + self.token_path,
            "BENCH_INTROSPECTION_URL": self.url + self.introspection_path,
            "BENCH_APPLICATION": self.application[0],
            "BENCH_APPLICATION_SECRET": self.application[1],
            "BENCH_AGENT": self.agent[0],
            "BENCH_AGENT_SECRET": self.agent[1],
            "BENCH_USER": self.user[0],
            "BENCH_PASSWORD": self.user[1],
        }


@dataclass(frozen=True)
class Served:
    """A server that is up, and how long it took from its start to its first token."""

    process: subprocess.Popen[bytes]
    deployment: Deployment
    first_token_ms: float


def _credentials(client: tuple[str, str]) -> dict[str, str]:
    return {"client_id": client[0], "client_secret": client[1]}
