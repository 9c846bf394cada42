"""Secrets are compared in constant time, and neither the log nor another realm gets to know them."""

from __future__ import annotations

import ast
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

import reference_server
from reference_server.server import ReferenceServer
from tests.reference_server.administrator import TOKEN_PATH, Administrator
from tests.reference_server.oauth.administration import Client, User
from tests.reference_server.oauth.world import Guide, token_of
from tests.secrets.scan import Scan
from tests.torture.conftest import Count
from tests.torture.malice.judgement import check_refusal
from tests.torture.process import Process

SOURCES = Path(str(reference_server.__file__)).parent
SECRET_WORDS = ("secret", "password", "digest", "cookie", "credential", "private")
CRASH = (
    "from reference_server.oauth.revocation import Revocation as R; from reference_server.idm.endpoints import "
    "ManagedEndpoints as M; R.answer = lambda self, caller, form: int(form.text('token')); "
    "M.delete = lambda self, managed_type, request: int(request.headers['authorization'])"
)
"""Faults whose messages repeat what was sent: `invalid literal for int() with base 10: ...`."""
NOT_REALLY = (
    "from reference_server import server as s; listening = s._listening_socket; "
    "s._listening_socket = lambda host, port: listening('127.0.0.1', port)"
)
"""Tests leave nothing open to others, not even for a moment."""


def clean_sources() -> Iterator[Path]:
    """All that a server without defects and moods consists of."""
    for path in SOURCES.rglob("*.py"):
        if not {"defects", "moods"} & set(path.relative_to(SOURCES).parts):
            yield path


def compares_secrets(node: ast.AST) -> bool:
    """Whether this is a comparison with == or != of something that is called a secret."""
    if not isinstance(node, ast.Compare) or not any(isinstance(sign, ast.Eq | ast.NotEq) for sign in node.ops):
        return False
    operands = [node.left, *node.comparators]
    names = [ast.unparse(operand).lower() for operand in operands if not isinstance(operand, ast.Constant)]
    return any(word in name for name in names for word in SECRET_WORDS)


def test_no_secret_is_compared_by_its_characters() -> None:
    found = [
        f"{path.relative_to(SOURCES)}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"
        for path in clean_sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if compares_secrets(node)
    ]
    assert found == []


def test_the_search_for_such_comparisons_finds_one() -> None:
    assert compares_secrets(ast.parse("client.secret == sent", mode="eval").body)
    assert compares_secrets(ast.parse("sent != self._digest", mode="eval").body)
    assert not compares_secrets(ast.parse("name == 'password'", mode="eval").body)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """What was compared in constant time."""
    seen: list[tuple[bytes, bytes]] = []
    compare_digest = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        seen.append((one, other))
        return compare_digest(one, other)

    monkeypatch.setattr("reference_server.hashing.hmac.compare_digest", compare)
    return seen


@pytest.fixture(scope="module")
def near() -> Iterator[Guide]:
    """The guide's actors on a server of this process."""
    with ReferenceServer() as server, httpx.Client(base_url=server.url) as http:
        yield Guide(server, http, "-near")


@pytest.mark.parametrize("right", [True, False])
def test_secrets_of_clients_users_and_approvers_are_compared_in_full_and_as_digests(
    near: Guide, watched: list[tuple[bytes, bytes]], right: bool
) -> None:
    app = near.app if right else Client(near.app.id, near.app.secret[:-1] + "?")
    user = User("", near.barbara.username, near.barbara.password if right else near.barbara.password[:-1] + "?")
    attempts: dict[str, tuple[Callable[[], httpx.Response], int]] = {
        "a client": (lambda: near.post("/introspect", {"token": "x", **app.credentials}), 1),
        "a user": (lambda: near.login(user, near.app), 2),
        "nobody": (lambda: near.login(User("", "nobody", user.password), near.app), 2),
        "an approver": (lambda: near.http.post("/approver/alpha", json=decision(user)), 1),
    }
    for name, (attempt, comparisons) in attempts.items():
        watched.clear()
        attempt()
        assert len(watched) == comparisons, name
        assert all(len(one) == len(other) == 32 for one, other in watched), name


def decision(user: User) -> dict[str, str]:
    """What an approver sends."""
    return {"username": user.username, "password": user.password, "binding_message": "none", "decision": "deny"}


def test_nothing_secret_is_logged_be_it_refused_or_crash(count: Count) -> None:
    secrets: dict[str, set[str]] = {}
    with Process(prelude=CRASH) as process, process.client() as http:
        guide = Guide(process, http, "-logged")
        user_token = guide.user_token()
        agent_token = guide.agent_token(user_token)
        admin_token = guide.admin["Authorization"].removeprefix("Bearer ")
        secrets["password"] = {guide.barbara.password}
        secrets["client secret"] = {guide.app.secret, guide.assistant.secret}
        secrets["token"] = {user_token, agent_token, admin_token}
        secrets["key"] = {str(process.service_account.jwk[name]) for name in ("d", "p", "q")}
        refuse_and_crash(guide, user_token, agent_token)
        process.signal()
        assert process.ended() == 0
        log = process.logged()
    assert log.count(": ValueError\n") == 3
    places = {"the log": log, "standard output": process.announcement}
    assert Scan(secrets).leaks(places) == set()
    count("secrets looked for in the log", sum(map(len, secrets.values())))


def refuse_and_crash(guide: Guide, user_token: str, agent_token: str) -> None:
    """Requests of all kinds that are refused, and some that find a fault."""
    check_refusal(guide.login(guide.barbara, guide.app, password=guide.barbara.password + "?"))
    check_refusal(guide.login(guide.barbara, guide.app, client_secret=guide.app.secret + "?"))
    check_refusal(guide.exchange(agent_token, guide.app, guide.app, "read-data"))
    check_refusal(guide.exchange(user_token, guide.assistant, guide.app, agent_token))
    check_refusal(guide.http.get(f"/{user_token}"))
    check_refusal(guide.http.get("/openidm/x", headers={"authorization": f"Bearer {user_token}"}))
    check_refusal(guide.http.post("/approver/alpha", json=decision(guide.barbara)))
    for token in (user_token, agent_token):
        credentials = guide.assistant.credentials
        assert guide.post("/token/revoke", {"token": token, **credentials}).status_code == 500
    removed = guide.http.delete(guide.managed("user", guide.barbara.id), headers=guide.admin)
    assert (removed.status_code, removed.json()["message"]) == (500, "Internal Server Error")


def test_a_server_that_others_can_reach_says_so() -> None:
    with Process("--host", "127.0.0.1") as quiet:
        pass
    assert "reach" not in quiet.announcement
    with Process("--host", "0.0.0.0", prelude=NOT_REALLY) as open_to_all:  # noqa: S104
        log = open_to_all.logged()
    assert log.startswith("reference_server: bound to 0.0.0.0, so everybody who can reach this machine")


def test_two_realms_know_nothing_of_each_other(near: Guide) -> None:
    """Two of everything with the same names: what happens to one happens to that one alone."""
    other = GuideInBravo(near)
    mine, theirs = near.user_token(), token_of(other.login(other.barbara, other.app))
    pairs: list[tuple[Any, str, str]] = [(near, mine, theirs), (other, theirs, mine)]
    for world, own, foreign in pairs:
        assert world.is_active(own, world.app)
        assert not world.is_active(foreign, world.app)
        world.revoke(foreign, world.app)
        check_refusal(world.exchange(foreign, world.assistant, world.app, "read-data"))
        check_refusal(world.http.get(world.oauth + "/tokeninfo", headers={"authorization": f"Bearer {foreign}"}))
    assert near.is_active(mine, near.app)
    assert other.is_active(theirs, other.app)
    check_refusal(near.login(other.barbara, near.app))
    check_refusal(near.login(near.barbara, other.app))
    before = everything(near)
    other.delete("user", other.barbara.id)
    other.delete_client(other.app)
    other.delete_client(other.assistant, kind="AIAgent")
    assert everything(near) == before
    assert near.is_active(mine, near.app)
    assert not other.post("/introspect", {"token": theirs, **other.app.credentials}).is_success


def everything(guide: Guide) -> str:
    """What the administrator of a realm sees."""
    kinds = ("user", "group", "application", "aiagent", "aiagentprivilege")
    paths = [f"/openidm/managed/{guide.realm}_{kind}?_queryFilter=true&_fields=*,*_ref" for kind in kinds]
    paths += [f"{guide.config}/agents?_queryFilter=true", f"{guide.config}/services/oauth-oidc"]
    return json.dumps([guide.administer("GET", path) for path in paths])


class GuideInBravo(Guide):
    """The same actors under the same names in the other realm, with secrets of their own."""

    def __init__(self, guide: Guide) -> None:
        super(Guide, self).__init__(guide.server, guide.http, guide.suffix, "bravo")
        self.enable("urn:ietf:params:oauth:grant-type:token-exchange")
        self.barbara = self.user("barbara.jensen", "Other-Pa55word")
        app = self.application("digital-assistant-web-app")
        self.app = Client(app.id, "the secret of another application", app.managed_id)
        self.change_client(app, "core", userpassword=self.app.secret)
        self.assistant = self.agent("digital-assistant-ai-agent", secret="another-secret")
        self.read_only = self.privilege(self.assistant, self.app, subjects=[self.barbara], scopes=["read-data"])


def test_an_administrators_token_is_no_guess_away(near: Guide) -> None:
    """Sessions are found by the hash of their token, which is never compared character by character."""
    with httpx.Client(base_url=near.server.url) as http:
        administrator = Administrator(near.server, http)  # type: ignore[arg-type]
        for guess in (administrator.token[:-1], administrator.token + "x", administrator.token.swapcase(), ""):
            answer = http.get("/openidm/managed/alpha_user", headers={"authorization": f"Bearer {guess}".strip()})
            check_refusal(answer)
        replayed = administrator.assertion(jti="once")
        assert administrator.login("fr:am:*", replayed).status_code == 200
        check_refusal(administrator.login("fr:am:*", replayed))
        forged = jwt.encode({"iss": near.server.service_account.id}, "x" * 32, "HS256")
        check_refusal(http.post(TOKEN_PATH, data={"assertion": forged}))
