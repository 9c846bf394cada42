"""A stand-in for a tenant: answers the few paths of the doctor's short form as told. Loopback only."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.tenant.stand_in import Reply, serving

METADATA = "/am/oauth2/realms/root/realms/alpha/.well-known/openid-configuration"
LOGIN = "/am/oauth2/access_token"
PROVIDER = "/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc"
AGENTS = "/am/json/realms/root/realms/alpha/realm-config/agents/AIAgent"

Answers = Mapping[str, tuple[int, dict[str, Any]]]

TENANT: Answers = {
    METADATA: (200, {"token_endpoint": "/"}),
    LOGIN: (200, {"access_token": "a-token", "expires_in": 899}),
    PROVIDER: (200, {"aiAgentsConfig": {"aiAgentsEnabled": True}}),
    AGENTS: (200, {"result": []}),
}


def but(**changes: tuple[int, dict[str, Any]]) -> Answers:
    """The answers of a tenant that is well, with some replaced: `but(AGENTS=(404, {}))`."""
    return {**TENANT, **{globals()[name]: answer for name, answer in changes.items()}}


@contextmanager
def stand_in(answers: Answers, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Answer each path as told and anything else with 404; yields the URL."""

    def behave(_method: str, path: str, _headers: dict[str, str], _body: str) -> Reply:
        status, body = answers.get(path.partition("?")[0], (404, {"code": 404, "message": "Not Found"}))
        elsewhere = {"Location": "https://elsewhere.example/path?query"} if 300 <= status < 400 else {}
        return status, elsewhere, json.dumps(body)

    with serving(behave, tls) as url:
        yield url
