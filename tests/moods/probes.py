"""Requests to a tenant on which the guide was followed, and what it answers: enough to tell one mood from another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import jwt

from tests.reference_server.oauth.administration import EXCHANGE
from tests.reference_server.oauth.world import ACCESS_TOKEN, ID_TOKEN, Guide

JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"
CIBA = "urn:openid:params:grant-type:ciba"
BY_CHANCE = frozenset({"exp", "iat", "nbf", "auth_time", "jti", "auditTrackingId", "authGrantId", "kid", "x", "y", "n"})
"""Members whose value differs from run to run; of ids of objects the form is told."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def observe(guide: Guide) -> dict[str, Any]:
    """Each answer by the name of its request: status, headers and members, without what is there by chance."""
    clock = guide.server.tenant.clock
    moment = int(clock.now() - clock.offset)
    vars(clock)["now"] = lambda: moment + clock.offset  # no second goes by between two requests
    return {name: _seen(answer) for name, answer in _answers(guide)}


def _answers(guide: Guide) -> Iterator[tuple[str, httpx.Response]]:
    user_token, app, agent = guide.user_token("openid read-data"), guide.app, guide.assistant
    granted = guide.exchange(user_token, agent, app, "read-data")
    agent_token = granted.json()["access_token"]
    yield "exchange", granted
    yield from _logins(guide)
    yield from _exchanges(guide, user_token, agent_token)
    for name, token in (("user", user_token), ("agent", agent_token)):
        for caller in (app, agent, guide.application("stranger")) if name == "agent" else (app,):
            answer = guide.post("/introspect", {"token": token, **caller.credentials})
            yield f"introspection of the {name}'s token by {caller.id}", answer
    yield from _published(guide)
    yield from _approvals(guide)
    yield from _endings(guide, user_token, agent_token)


def _logins(guide: Guide) -> Iterator[tuple[str, httpx.Response]]:
    user, app = guide.barbara, guide.app
    login = guide.login(user, app, "read-data openid")
    yield "login", login
    yield "login without openid", guide.login(user, app, "read-data")
    yield "login with another scope", guide.login(user, app, "read-data nonsense")
    yield "login with a wrong password", guide.login(user, app, password="wrong")
    yield "login with a wrong secret", guide.login(user, app, client_secret="wrong")
    yield "login with the same name twice", guide.login(user, app, username=[user.username, user.username])
    form = {"grant_type": "password", "username": user.username, "password": user.password, "scope": "openid"}
    yield "login by Basic", guide.http.post(guide.oauth + "/access_token", data=form, auth=(app.id, app.secret))
    yield "unknown grant", guide.login(user, app, grant_type="no-such-grant")
    yield "GET", guide.http.get(guide.oauth + "/access_token")
    refresh = login.json().get("refresh_token")
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **app.credentials}
    for time in ("first", "second"):
        yield f"refreshed for the {time} time", guide.post("/access_token", form)


def _exchanges(guide: Guide, user_token: str, agent_token: str) -> Iterator[tuple[str, httpx.Response]]:
    app, agent = guide.app, guide.assistant
    other_agent, other_app = guide.agent("other-agent"), guide.application("other-app")
    guide.privilege(other_agent, app, subjects=[guide.barbara])
    guide.privilege(other_agent, other_app, subjects=[guide.barbara])
    robot = guide.agent("robot", grants=(EXCHANGE, "client_credentials"), scopes=["monitor"])
    guide.privilege(robot, app, scopes=["read-data"])
    own = guide.post("/access_token", {"grant_type": "client_credentials", "scope": "monitor", **robot.credentials})
    short = token_at(guide, guide.application("short-lived", accessTokenLifetime=60))

    def exchange(audience: Any = app.id, scope: Any = "read-data", by: Any = agent, **changes: Any) -> httpx.Response:
        return guide.exchange(changes.pop("subject_token", user_token), by, audience, scope, **changes)

    yield "wrong subject token", exchange(subject_token="no-such-token")
    yield "uncovered user", exchange(subject_token=token_at(guide, app, guide.user("nobody")))
    yield "without scope", exchange(scope=None)
    yield "more than may be", exchange(scope="read-data write-data")
    yield "nothing that may be", exchange(scope="write-data")
    yield "without audience", exchange(audience=None)
    yield "two audiences", exchange(audience=[app.id, other_app.id], by=other_agent)
    yield "one audience too many", exchange(audience=[app.id, other_app.id])
    yield "upper case", exchange(audience=app.id.upper())
    yield "resource", exchange(resource="https://api.example")
    yield "actor", exchange(actor_token="no-such-token", actor_token_type=ACCESS_TOKEN)
    yield (
        "own token as actor",
        exchange(by=robot, actor_token=own.json()["access_token"], actor_token_type=ACCESS_TOKEN),
    )
    yield "type jwt", exchange(requested_token_type=JWT_TYPE)
    yield "type id_token", exchange(requested_token_type=ID_TOKEN)
    yield "grant of another", guide.exchange(user_token, app, app.id, "read-data")
    yield "again", exchange(subject_token=agent_token, by=other_agent)
    yield "of its own", exchange(subject_token=own.json()["access_token"], by=robot)
    yield "of another application", exchange(subject_token=token_at(guide, other_app))
    yield "of a short life", exchange(subject_token=short)


def token_at(guide: Guide, application: Any, user: Any = None) -> str:
    """A user's token at an application."""
    return str(guide.login(user or guide.barbara, application, "openid read-data").json()["access_token"])


def _published(guide: Guide) -> Iterator[tuple[str, httpx.Response]]:
    for path in ("/connect/jwk_uri", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"):
        yield path, guide.http.get(guide.oauth + path)


def _approvals(guide: Guide) -> Iterator[tuple[str, httpx.Response]]:
    """What a poll is told while the user has not decided, and after a no."""
    agent = guide.agent("asking-agent", grants=(EXCHANGE, CIBA), scopes=["openid"])
    server = guide.server.tenant.oauth[guide.realm]
    client = server.clients.get(agent.id)
    if CIBA not in server.provider.grant_types or client is None:
        return
    for decision in (None, "deny"):
        request = server.backchannel_requests.open(client, guide.barbara.id, ("openid",), "", 600)
        if decision:
            request.decision = "deny"
        form = {"grant_type": CIBA, "auth_req_id": request.id, **agent.credentials}
        yield f"poll after {decision}", guide.post("/access_token", form)


def _endings(guide: Guide, user_token: str, agent_token: str) -> Iterator[tuple[str, httpx.Response]]:
    app, agent, clock = guide.app, guide.assistant, guide.server.tenant.clock
    short = token_at(guide, guide.application("soon-over", accessTokenLifetime=60))
    clock.offset += 60.5
    yield (
        "just over",
        guide.post("/introspect", {"token": short, "client_id": "soon-over", "client_secret": "secret-of-soon-over"}),
    )
    other = guide.agent_token()
    yield "revocation by the application", guide.post("/token/revoke", {"token": other, **app.credentials})
    yield "introspection after it", guide.post("/introspect", {"token": other, **agent.credentials})
    yield "revocation", guide.post("/token/revoke", {"token": user_token, **app.credentials})
    yield "agent's token after it", guide.post("/introspect", {"token": agent_token, **app.credentials})


def _seen(answer: httpx.Response) -> dict[str, Any]:
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "content-length")}
    form = answer.text and json.dumps(list(json.loads(answer.text))) + ("\n" if "\n" in answer.text else "")
    return {
        "status": answer.status_code,
        "headers": headers,
        "form": form,
        "body": _told(answer.text and answer.json()),
    }


def _told(value: Any, name: str = "") -> Any:
    """A value without what is there by chance; a JWT by what it says."""
    if isinstance(value, Mapping):
        return {key: _told(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_told(item, name) for item in value]
    if name.endswith(("token", "id_token")) and isinstance(value, str):
        return _told_by(value)
    if name in BY_CHANCE:
        return type(value).__name__
    return _UUID.sub("<id>", value) if isinstance(value, str) else value


def _told_by(token: str) -> Any:
    parts = token.count(".") + 1
    if parts != 3:
        return f"{parts} parts"
    return {"header": _told(jwt.get_unverified_header(token)), "claims": _told(_claims(token))}


def _claims(token: str) -> Any:
    return jwt.decode(token, options={"verify_signature": False})
