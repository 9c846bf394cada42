"""The guide's four curl commands, with their placeholders filled in, give the guide's answers (tasks 4.1 and 4.2)."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.cast import Cast
from fixtures.standing_cast import guide_cast
from fixtures.tenant.admin import Administration
from fixtures.tenant.http import Http
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from reference_server.server import ReferenceServer

USER_TOKEN = {"access_token": str, "refresh_token": str, "scope": str, "token_type": str, "expires_in": int}
AGENT_TOKEN = {
    "access_token": str,
    "refresh_token": type(None),
    "issued_token_type": str,
    "scope": str,
    "token_type": str,
    "expires_in": int,
}
USER_INTROSPECTION = {
    "active": bool,
    "scope": str,
    "realm": str,
    "client_id": str,
    "user_id": str,
    "username": str,
    "token_type": str,
    "exp": int,
    "sub": str,
    "iss": str,
    "subname": str,
    "auth_level": int,
    "authGrantId": str,
    "auditTrackingId": str,
    "expires_in": int,
}
AGENT_INTROSPECTION = USER_INTROSPECTION | {"act": dict}

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture
def tenant() -> Iterator[ReferenceServer]:
    with ReferenceServer() as server:
        yield server


@pytest.fixture
def cast(tenant: ReferenceServer, tmp_path: Path) -> Cast:
    with Http() as http:
        provisioning = Provisioning.begin(
            Administration(http, tenant.url, "alpha", tenant.service_account), tmp_path / "journal"
        )
        provisioning.enable_provider_grants(TOKEN_EXCHANGE)
        return guide_cast(provisioning)


def curl(tenant: ReferenceServer, endpoint: str, *fields: str) -> dict[str, Any]:
    """One of the guide's commands; fields come by standard input, since arguments of a process are no secret."""
    url = f"{tenant.url}/am/oauth2/realms/root/realms/alpha/{endpoint}"
    lines = [f'url = "{url}"', 'request = "POST"', 'header = "Content-Type: application/x-www-form-urlencoded"']
    lines += [f'data-urlencode = "{field}"' for field in fields]
    finished = subprocess.run(
        ["curl", "--silent", "--noproxy", "*", "--config", "-"],  # noqa: S607 - whichever curl there is
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(finished.stdout)
    return answer


def types(answer: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in answer.items()}


def test_the_four_commands(tenant: ReferenceServer, cast: Cast) -> None:
    app, agent, user = cast.application, cast.agent, cast.end_user
    app_credentials = (f"client_id={app.client_id}", f"client_secret={app.client_secret}")
    agent_credentials = (f"client_id={agent.client_id}", f"client_secret={agent.client_secret}")

    login = (f"username={user.username}", f"password={user.password}")
    users = curl(tenant, "access_token", "grant_type=password", *login, *app_credentials, "scope=openid")
    assert types(users) == USER_TOKEN
    assert (users["scope"], users["token_type"]) == ("openid", "Bearer")

    seen = curl(tenant, "introspect", f"token={users['access_token']}", *app_credentials)
    assert types(seen) == USER_INTROSPECTION
    assert (seen["sub"], seen["client_id"], seen["realm"]) == (user.id, app.client_id, "/alpha")

    subject = (
        f"subject_token={users['access_token']}",
        "subject_token_type=urn:ietf:params:oauth:token-type:access_token",
    )
    target = (f"audience={app.client_id}", "scope=read-data")
    agents = curl(tenant, "access_token", f"grant_type={TOKEN_EXCHANGE}", *subject, *agent_credentials, *target)
    assert types(agents) == AGENT_TOKEN
    assert agents["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"

    seen = curl(tenant, "introspect", f"token={agents['access_token']}", *agent_credentials)
    assert types(seen) == AGENT_INTROSPECTION
    assert (seen["sub"], seen["act"], seen["scope"]) == (user.id, {"sub": agent.client_id}, "read-data")
    assert seen["client_id"] == agent.client_id
