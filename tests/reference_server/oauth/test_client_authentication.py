"""Which client a request is from (RFC 6749 section 2.3): one method, the registered one, compared exactly."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote_plus

import pytest

from tests.reference_server.oauth.administration import Client
from tests.reference_server.oauth.world import Guide, refusal

SECRET = 'p+q&r=s%t:u é空"\\`' + "x" * 80


def basic_login(guide: Guide, client: Client, **form: Any) -> Any:
    """A password request with the client's credentials in a Basic header."""
    user = {"grant_type": "password", "username": guide.barbara.username, "password": guide.barbara.password}
    credentials = (quote_plus(client.id), quote_plus(client.secret))
    data = {**user, "scope": "openid", **form}
    return guide.http.post(guide.oauth + "/access_token", data=data, auth=credentials)


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_the_registered_method_works_and_the_other_does_not(guide: Guide, method: str) -> None:
    guide.change_client(guide.app, "advanced", tokenEndpointAuthMethod=method)

    post, basic = guide.login(guide.barbara, guide.app), basic_login(guide, guide.app)

    right, wrong = (post, basic) if method == "client_secret_post" else (basic, post)
    assert right.status_code == 200
    assert refusal(wrong)[1] == "invalid_client"


def test_a_secret_of_any_characters_is_compared_exactly(guide: Guide) -> None:
    guide.change_client(guide.app, "core", userpassword=SECRET)

    assert guide.login(guide.barbara, guide.app, client_secret=SECRET).status_code == 200
    for wrong in (SECRET[:-1], SECRET + "x", SECRET.upper(), SECRET + " ", SECRET + "\n", " " + SECRET, SECRET[:72]):
        assert refusal(guide.login(guide.barbara, guide.app, client_secret=wrong)) == (400, "invalid_client")
    raw = f"grant_type=password&client_id={guide.app.id}&client_secret={SECRET}".encode()
    form_urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = guide.http.post(guide.oauth + "/access_token", content=raw, headers=form_urlencoded)
    assert answer.status_code == 400

    guide.change_client(guide.app, "advanced", tokenEndpointAuthMethod="client_secret_basic")
    assert basic_login(guide, Client(guide.app.id, SECRET)).status_code == 200


def test_unknown_client_wrong_secret_and_inactive_client_look_the_same(guide: Guide) -> None:
    inactive = guide.application("inactive-app", status="Inactive")
    secretless = guide.client("secretless", secret="x", advanced={"tokenEndpointAuthMethod": "client_secret_post"})

    answers = [
        guide.login(guide.barbara, guide.app, client_id="nobody"),
        guide.login(guide.barbara, guide.app, client_secret="wrong"),
        guide.login(guide.barbara, guide.app, client_secret=""),
        guide.login(guide.barbara, guide.app, client_secret=None),
        guide.login(guide.barbara, guide.app, client_id=None),
        guide.login(guide.barbara, guide.app, client_id=guide.assistant.id),
        guide.login(guide.barbara, inactive),
        guide.login(guide.barbara, secretless, client_secret="y"),
    ]

    assert {refusal(answer) for answer in answers} == {(400, "invalid_client")}
    assert len({answer.text for answer in answers}) == 1


def test_after_basic_the_refusal_is_401_with_a_challenge(guide: Guide) -> None:
    answer = basic_login(guide, Client(guide.app.id, "wrong"))
    assert refusal(answer) == (401, "invalid_client")
    assert answer.headers["www-authenticate"] == 'Basic realm="/alpha"'


@pytest.mark.parametrize("header", ["Basic", "Basic ===", "Basic bm9jb2xvbg==", "Basic /w==", "Digest x", "x"])
def test_a_header_that_makes_no_sense_is_refused(guide: Guide, header: str) -> None:
    form = {"grant_type": "password"}
    answer = guide.http.post(guide.oauth + "/access_token", data=form, headers={"Authorization": header})
    assert refusal(answer) == (401, "invalid_client")


def raw_login(guide: Guide, header: str) -> Any:
    """A password request with an Authorization header as it stands."""
    user = {"grant_type": "password", "username": guide.barbara.username, "password": guide.barbara.password}
    headers = {"Authorization": header}
    return guide.http.post(guide.oauth + "/access_token", data={**user, "scope": "openid"}, headers=headers)


def test_a_basic_header_is_read_to_the_letter(guide: Guide) -> None:
    guide.change_client(guide.app, "advanced", tokenEndpointAuthMethod="client_secret_basic")
    right = base64.b64encode(f"{guide.app.id}:{guide.app.secret}".encode()).decode()

    assert raw_login(guide, f"Basic {right}").status_code == 200
    assert raw_login(guide, f"basic  {right}").status_code == 200
    for header in (f"Digest {right}", f"Basic x {right}", f"Basic {right[:4]}!{right[4:]}", f"Basic {right}x"):
        assert refusal(raw_login(guide, header)) == (401, "invalid_client")


@pytest.mark.parametrize("secret", ["a:b", "\ufffd"])
def test_a_colon_belongs_to_the_secret_and_broken_bytes_stand_for_nothing(guide: Guide, secret: str) -> None:
    app = guide.client("app", secret=secret, core={"scopes": ["openid"]}, advanced={"grantTypes": ["password"]})
    name = quote_plus(app.id)

    def login(name: str, secret: str) -> Any:
        return raw_login(guide, "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode())

    assert login(name, secret.replace("\ufffd", quote_plus("\ufffd"))).status_code == 200
    for broken in (login(name + "%FF", secret), login(name, "%FF")):
        assert refusal(broken) == (401, "invalid_client")


def test_two_methods_in_one_request_are_refused(guide: Guide) -> None:
    guide.change_client(guide.app, "advanced", tokenEndpointAuthMethod="client_secret_basic")
    app, agent = guide.app, guide.assistant

    for extra in (app.credentials, {"client_secret": app.secret}, {"client_secret": "wrong"}, {"client_id": agent.id}):
        assert refusal(basic_login(guide, app, **extra)) == (400, "invalid_request")


def test_a_public_client_shows_its_id_alone(guide: Guide) -> None:
    settings = {"grantTypes": ["password", "client_credentials"], "tokenEndpointAuthMethod": "none"}
    public = guide.client("public", core={"clientType": "Public", "scopes": ["openid"]}, advanced=settings)

    assert guide.login(guide.barbara, public, "openid", client_secret=None).status_code == 200
    assert refusal(guide.login(guide.barbara, public, "openid")) == (400, "invalid_client")
    form = {"grant_type": "client_credentials", "client_id": public.id, "scope": "openid"}
    assert refusal(guide.post("/access_token", form)) == (400, "unauthorized_client")


def test_a_confidential_client_always_needs_its_secret(guide: Guide) -> None:
    guide.change_client(guide.app, "advanced", tokenEndpointAuthMethod="none")
    for secret in (None, guide.app.secret):
        assert refusal(guide.login(guide.barbara, guide.app, client_secret=secret)) == (400, "invalid_client")


def test_an_agent_without_a_secret_cannot_authenticate(guide: Guide) -> None:
    bare = guide.unique("bare")
    document = {"aiAgentIdentityAttributes": {"name": bare, "oauth2ClientId": bare}}
    guide.administer("PUT", f"{guide.config}/agents/AIAgent/{bare}", document)
    for secret in ("", "null", "None", " "):
        answer = guide.exchange(guide.user_token(), Client(bare, secret), guide.app, "read-data")
        assert refusal(answer) == (400, "invalid_client")


def test_credentials_in_the_query_are_not_credentials(guide: Guide) -> None:
    user = {"grant_type": "password", "username": guide.barbara.username, "password": guide.barbara.password}
    url = guide.oauth + "/access_token"

    answer = guide.http.post(url, params=guide.app.credentials, data=user | {"scope": "openid"})
    assert refusal(answer) == (400, "invalid_client")
    everything = user | guide.app.credentials | {"scope": "openid"}
    assert refusal(guide.http.get(url, params=everything)) == (405, "invalid_request")
    form_urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    assert refusal(guide.http.post(url, params=everything, headers=form_urlencoded)) == (400, "invalid_request")
