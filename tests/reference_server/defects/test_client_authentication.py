"""Defects of who a client is taken for."""

from __future__ import annotations

from typing import Any

import httpx

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.administration import EXCHANGE, Client
from tests.reference_server.oauth.world import ACCESS_TOKEN, Guide, refusal, token_of


def with_basic(guide: Guide, client: Client, form: dict[str, Any]) -> httpx.Response:
    """The documented exchange with the client's credentials in a Basic header, and what else the form holds."""
    exchange = {"grant_type": EXCHANGE, "subject_token": guide.user_token(), "subject_token_type": ACCESS_TOKEN}
    data = {**exchange, "audience": guide.app.id, "scope": "read-data", **form}
    return guide.http.post(guide.oauth + "/access_token", data=data, auth=(client.id, client.secret))


@planted("exchange-unauthenticated")
def test_an_exchange_needs_no_secret(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    answer = guide.exchange(user_token, guide.assistant, guide.app, "read-data", client_secret=None)
    assert (answer.status_code == 200) is wrong
    answer = guide.exchange(user_token, guide.assistant, guide.app, "read-data", client_secret="wrong")
    assert refusal(answer) == (400, "invalid_client")
    assert refusal(guide.login(guide.barbara, guide.app, client_secret=None)) == (400, "invalid_client")


@planted("ropc-client-auth-skipped")
def test_a_login_needs_no_secret(guide: Guide, wrong: bool) -> None:
    assert (guide.login(guide.barbara, guide.app, client_secret=None).status_code == 200) is wrong
    assert refusal(guide.login(guide.barbara, guide.app, client_secret="wrong")) == (400, "invalid_client")


@planted("secret-prefix-compare")
def test_the_end_of_a_secret_makes_no_difference(guide: Guide, wrong: bool) -> None:
    secret = guide.app.secret
    for near in (secret[:-1], f"{secret}x", f"{secret[:-1]}~"):
        assert (guide.login(guide.barbara, guide.app, client_secret=near).status_code == 200) is wrong
    for far in (secret[:-2], secret.upper(), "wrong"):
        assert guide.login(guide.barbara, guide.app, client_secret=far).status_code == 400


@planted("empty-secret-accepted")
def test_an_empty_secret_will_do(guide: Guide, wrong: bool) -> None:
    assert (guide.login(guide.barbara, guide.app, client_secret="").status_code == 200) is wrong
    assert guide.login(guide.barbara, guide.app, client_secret=None).status_code == 400


@planted("client-id-confusion")
def test_one_client_authenticates_and_another_acts(guide: Guide, wrong: bool) -> None:
    answer = with_basic(guide, guide.app, {"client_id": guide.assistant.id})
    assert (answer.status_code == 200) is wrong
    assert not wrong or guide.verified(token_of(answer))["act"] == {"sub": guide.assistant.id}
    stranger = Client(guide.app.id, "wrong")
    assert with_basic(guide, stranger, {"client_id": guide.assistant.id}).status_code in (400, 401)


@planted("two-auth-methods-accepted")
def test_the_first_right_secret_decides(guide: Guide, wrong: bool) -> None:
    right, false = guide.assistant, Client(guide.assistant.id, "wrong")
    for header, body in ((right, right), (right, false), (false, right)):
        assert (with_basic(guide, header, body.credentials).status_code == 200) is wrong
    assert with_basic(guide, false, false.credentials).status_code in (400, 401)


@planted("non-agent-may-exchange")
def test_an_ordinary_client_exchanges(guide: Guide, wrong: bool) -> None:
    assert (exchanged_by(guide, "ordinary", clientType="Confidential").status_code == 200) is wrong
    assert exchanged_by(guide, "public", clientType="Public").status_code == 400


@planted("public-client-exchange")
def test_a_public_client_exchanges(guide: Guide, wrong: bool) -> None:
    assert (exchanged_by(guide, "public", clientType="Public").status_code == 200) is wrong
    assert exchanged_by(guide, "ordinary", clientType="Confidential").status_code == 400


def exchanged_by(guide: Guide, name: str, **core: Any) -> httpx.Response:
    """The documented exchange by a client that is no agent but has the grant."""
    public = core["clientType"] == "Public"
    method = "none" if public else "client_secret_post"
    client = guide.client(name, core=core, advanced={"grantTypes": [EXCHANGE], "tokenEndpointAuthMethod": method})
    no_secret = {"client_secret": None} if public else {}
    return guide.exchange(guide.user_token(), client, guide.app, "read-data", **no_secret)


@planted("refresh-cross-client")
def test_another_client_refreshes(guide: Guide, wrong: bool) -> None:
    other = guide.application("other-app", scopes=["q-only"])
    answer = guide.login(guide.barbara, guide.app).json()
    form = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    assert (guide.post("/access_token", {**form, **other.credentials}).status_code == 200) is wrong


@planted("client-enumeration")
def test_an_unknown_client_is_told_from_a_wrong_secret(guide: Guide, wrong: bool) -> None:
    unknown = guide.login(guide.barbara, guide.app, client_id="nobody")
    known = guide.login(guide.barbara, guide.app, client_secret="wrong")
    assert refusal(unknown) == refusal(known) == (400, "invalid_client")
    assert (unknown.text != known.text) is wrong


@planted("www-authenticate-missing")
def test_the_challenge_is_missing(guide: Guide, wrong: bool) -> None:
    answer = with_basic(guide, Client(guide.app.id, "wrong"), {})
    assert refusal(answer) == (401, "invalid_client")
    assert ("www-authenticate" not in answer.headers) is wrong
