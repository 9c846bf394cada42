"""Tokens that nobody issued open nothing, wherever they are sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.reference_server.administrator import TOKEN_PATH
from tests.reference_server.oauth.administration import EXCHANGE
from tests.reference_server.oauth.world import ACCESS_TOKEN, ID_TOKEN, Guide
from tests.torture.conftest import Count
from tests.torture.malice.forgery import Forger
from tests.torture.malice.judgement import check_refusal
from tests.torture.process import Process

MEMORY = 64 << 20


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Where a server would fetch keys that a token recommends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


@pytest.fixture(scope="module")
def honest_token(guide: Guide) -> str:
    """What the forgeries are made from."""
    return guide.agent_token()


@pytest.fixture(scope="module")
def forgeries(guide: Guide, honest_token: str, listener: socket.socket) -> dict[str, str]:
    """By what is wrong with each."""
    (jwk,) = guide.http.get(guide.oauth + "/connect/jwk_uri").json()["keys"]
    port = str(listener.getsockname()[1])
    return {name: token.replace("{port}", port) for name, token in Forger(honest_token, jwk).forgeries().items()}


@pytest.fixture(autouse=True)
def nothing_is_fetched_or_blown_up(process: Process, listener: socket.socket) -> Iterator[None]:
    """No server follows an address in a token, none decompresses one."""
    before = process.memory()
    yield
    assert process.memory() - before < MEMORY
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_introspection_knows_none(guide: Guide, honest_token: str, forgeries: dict[str, str], count: Count) -> None:
    for name, token in forgeries.items():
        answer = guide.post("/introspect", {"token": token, **guide.assistant.credentials})
        assert answer.status_code == 413 or answer.json() == {"active": False}, name
    assert guide.is_active(honest_token, guide.assistant)
    count("forged tokens", len(forgeries))


@pytest.mark.parametrize("token_type", [ACCESS_TOKEN, ID_TOKEN])
def test_none_is_exchanged(guide: Guide, forgeries: dict[str, str], count: Count, token_type: str) -> None:
    for token in forgeries.values():
        check_refusal(guide.exchange(token, guide.assistant, guide.app, "read-data", subject_token_type=token_type))
    count("forged tokens", len(forgeries))


def test_none_tells_who_acts(guide: Guide, forgeries: dict[str, str], count: Count) -> None:
    user_token = guide.user_token()
    for token in forgeries.values():
        actor = {"actor_token": token, "actor_token_type": ACCESS_TOKEN}
        check_refusal(guide.exchange(user_token, guide.assistant, guide.app, "read-data", **actor))
    count("forged tokens", len(forgeries))


@pytest.mark.parametrize("path", ["/userinfo", "/tokeninfo"])
def test_none_is_a_bearers(guide: Guide, forgeries: dict[str, str], count: Count, path: str) -> None:
    for token in forgeries.values():
        check_refusal(guide.post(path, {"access_token": token}))
    for headers in sent_as_headers(forgeries):
        check_refusal(guide.http.get(guide.oauth + path, headers=headers))
    count("forged tokens", len(forgeries) + len(sent_as_headers(forgeries)))


def test_none_administers(guide: Guide, forgeries: dict[str, str], count: Count) -> None:
    for headers in sent_as_headers(forgeries):
        for path in (guide.managed("user", guide.barbara.id), f"{guide.config}/agents"):
            check_refusal(guide.http.get(path, headers=headers))
    count("forged tokens", len(sent_as_headers(forgeries)))


def test_none_logs_a_service_account_in(guide: Guide, forgeries: dict[str, str], count: Count) -> None:
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "client_id": "service-account"}
    for token in forgeries.values():
        check_refusal(guide.http.post(TOKEN_PATH, data={**form, "assertion": token, "scope": "fr:am:*"}))
    count("forged tokens", len(forgeries))


def test_none_asks_a_user(guide: Guide, forgeries: dict[str, str], count: Count) -> None:
    for token in forgeries.values():
        check_refusal(guide.post("/bc-authorize", {"request": token, **guide.assistant.credentials}))
    count("forged tokens", len(forgeries))


def test_none_renews_anything(guide: Guide, forgeries: dict[str, str], count: Count) -> None:
    for token in forgeries.values():
        form = {"grant_type": "refresh_token", "refresh_token": token, **guide.app.credentials}
        check_refusal(guide.post("/access_token", form))
    count("forged tokens", len(forgeries))


def test_none_revokes_the_honest_one(guide: Guide, honest_token: str, forgeries: dict[str, str], count: Count) -> None:
    for name, token in forgeries.items():
        answer = guide.post("/token/revoke", {"token": token, **guide.assistant.credentials})
        assert answer.status_code == 413 or answer.json() == {}, name
    assert guide.is_active(honest_token, guide.assistant)
    count("forged tokens", len(forgeries))


def test_the_honest_token_is_one(guide: Guide, honest_token: str) -> None:
    """The positive control of all the refusals above."""
    assert guide.is_active(honest_token, guide.assistant)
    assert guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data").status_code == 200
    form = {"grant_type": EXCHANGE, "subject_token": honest_token, "subject_token_type": ACCESS_TOKEN}
    wanted = {"audience": guide.app.id, "scope": "read-data"}
    assert guide.post("/access_token", {**form, **guide.assistant.credentials, **wanted}).status_code == 200
    assert guide.http.get(guide.oauth + "/tokeninfo", headers=bearer(honest_token)).status_code == 200


def sent_as_headers(forgeries: dict[str, str]) -> list[httpx.Headers]:
    """Those that a client can put into a header."""
    return [bearer(token) for token in forgeries.values() if token.isascii() and "\n" not in token]


def bearer(token: str) -> httpx.Headers:
    """The token in a header."""
    return httpx.Headers([(b"authorization", f"Bearer {token}".encode("ascii"))])
