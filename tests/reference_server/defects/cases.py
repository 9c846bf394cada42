"""How a defect shows: the same is done on a clean tenant and on one that has it, and the guide's own flow goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

from reference_server.defects import load
from tests.reference_server.defects.in_process import guide_with
from tests.reference_server.oauth.administration import EXCHANGE, Client
from tests.reference_server.oauth.world import Guide, token_of

GRANTED, REFUSED = 200, 400


@dataclass(frozen=True)
class Case:
    """What is observed, on a clean tenant and on one with the defect.

    `breaks` names what the defect spoils of the guide's own flow; everything else of it must go on.
    """

    observe: Callable[[Guide], Any]
    right: Any
    wrong: Any
    breaks: tuple[str, ...] = ()
    hardened: bool = False


def check(name: str, case: Case) -> None:
    """The defect shows, a clean tenant does not show it, and the guide's flow suffers no more than it must."""
    with guide_with(hardened=case.hardened) as clean:
        assert case.observe(clean) == case.right
    with guide_with(name, hardened=case.hardened) as bent:
        assert spoiled(bent) == set(case.breaks)
        assert case.observe(bent) == case.wrong


def spoiled(guide: Guide) -> set[str]:
    """What of tasks 4.1 and 4.2 is not as the guide has it; `flow` where there is no token to look at."""
    user_token = guide.login(guide.barbara, guide.app).json().get("access_token")
    answer = guide.exchange(user_token, guide.assistant, guide.app, "read-data")
    if answer.status_code != GRANTED or not guide.is_active(user_token, guide.app):
        return {"flow"}
    token = answer.json()["access_token"]
    seen = guide.introspect(token, guide.assistant)
    claims = jwt.decode(token, options={"verify_signature": False}) if "." in token else {}
    wanted = {
        "active": seen["active"] is True,
        "sub": seen.get("sub") == guide.barbara.id,
        "user": seen.get("user_id") == guide.barbara.id,
        "act": seen.get("act") == {"sub": guide.assistant.id},
        "scope": (seen.get("scope"), answer.json()["scope"]) == ("read-data", "read-data"),
        "aud": guide.app.id in claims.get("aud", ()),
    }
    return {name for name, holds in wanted.items() if not holds}


def defects_in(module: str) -> set[str]:
    """The names of the defects that a module of `reference_server.defects` registers."""
    return {item.name for item in load().values() if item.plant.__module__ == f"reference_server.defects.{module}"}


def claims_of(answer: httpx.Response) -> Any:
    """The claims of an answer's access token; of a refusal its status."""
    if answer.status_code != GRANTED:
        return answer.status_code
    return jwt.decode(answer.json()["access_token"], options={"verify_signature": False})


def own_token(guide: Guide, client: Client) -> str:
    """The token that a client gets for itself."""
    return token_of(guide.post("/access_token", {"grant_type": "client_credentials"} | client.credentials))


def robot(guide: Guide) -> Client:
    """An agent that has tokens of its own as well."""
    scopes = ["read-data"]
    return guide.agent("robot", grants=[EXCHANGE, "client_credentials"], scopes=scopes, defaultScopes=scopes)
