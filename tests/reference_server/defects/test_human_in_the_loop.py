"""Defects of approval by the user."""

from __future__ import annotations

import httpx
import pytest

from reference_server.oauth.backchannel_requests import BackchannelRequest, Decision
from reference_server.oauth.errors import OAuthError
from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.administration import Client
from tests.reference_server.oauth.world import Guide, token_of

CIBA = "urn:openid:params:grant-type:ciba"


def asking_agent(guide: Guide, name: str = "asking-agent") -> Client:
    """An agent that may ask users for approval."""
    guide.enable(CIBA)
    return guide.agent(name, grants=[CIBA], scopes=["openid", "read-data", "admin-action"])


def asked(guide: Guide, agent: Client, decision: Decision | None = None) -> BackchannelRequest:
    """A request of the agent, which Barbara has decided on."""
    server = guide.server.tenant.oauth[guide.realm]
    client = server.clients.get(agent.id)
    assert client is not None
    request = server.backchannel_requests.open(client, guide.barbara.id, ("openid", "read-data"), "1234", 60)
    if decision is not None:
        server.backchannel_requests.decide(request, decision, ("openid", "read-data"))
    return request


def poll(guide: Guide, agent: Client, request: BackchannelRequest, **form: str) -> httpx.Response:
    """Ask for the token."""
    return guide.post("/access_token", {"grant_type": CIBA, "auth_req_id": request.id, **agent.credentials, **form})


@planted("ciba-auth-req-id-unbound")
def test_an_approval_is_anybodys_and_lasts(guide: Guide, wrong: bool) -> None:
    agent, other = asking_agent(guide), asking_agent(guide, "other-agent")
    request = asked(guide, agent, "approve")
    assert (poll(guide, other, request).status_code == 200) is wrong
    assert poll(guide, agent, request).status_code == 200
    assert (poll(guide, agent, request).status_code == 200) is wrong


@planted("ciba-auto-approve")
def test_nobody_has_to_approve(guide: Guide, wrong: bool) -> None:
    agent = asking_agent(guide)
    assert (poll(guide, agent, asked(guide, agent)).status_code == 200) is wrong
    assert poll(guide, agent, asked(guide, agent, "deny")).json()["error"] == "access_denied"


@planted("ciba-multiple-hints")
def test_the_first_hint_wins(guide: Guide, wrong: bool) -> None:
    endpoint = guide.server.tenant.oauth[guide.realm].backchannel_authentication
    try:
        hint = endpoint.hint({"login_hint": guide.barbara.username, "id_token_hint": "x"})
    except OAuthError:
        hint = ""
    assert (hint == "login_hint") is wrong
    with pytest.raises(OAuthError):
        endpoint.hint({})


@planted("ciba-denial-ignored")
def test_a_denial_makes_no_difference(guide: Guide, wrong: bool) -> None:
    agent = asking_agent(guide)
    assert (poll(guide, agent, asked(guide, agent, "deny")).status_code == 200) is wrong
    assert poll(guide, agent, asked(guide, agent)).json()["error"] == "authorization_pending"


@planted("ciba-scope-not-bound")
def test_the_poll_decides_on_the_scope(guide: Guide, wrong: bool) -> None:
    agent = asking_agent(guide)
    widened = poll(guide, agent, asked(guide, agent, "approve"), scope="openid admin-action")
    assert ("admin-action" in guide.verified(token_of(widened))["scope"]) is wrong
    assert poll(guide, agent, asked(guide, agent, "approve")).json()["scope"] == "openid read-data"
