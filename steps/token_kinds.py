"""Tokens of all kinds, to be presented where a request asks for a certain one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from fixtures.standing_cast import AUTONOMOUS_SCOPES
from fixtures.tenant.actors import Client, EndUser
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.naming import new_uuid
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import ID_TOKEN_TYPE
from fixtures.tenant.self_made import self_made
from steps.checks import autonomous, token_response
from steps.exchanging import Exchanging
from steps.requests import Attempt, obtained, tampered

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def own_token(oauth: OAuth, agent: Client) -> Attempt:
    """An autonomous agent's token for itself; not applicable where the tenant doesn't offer the grant type."""
    scope = " ".join(AUTONOMOUS_SCOPES)
    answer = oauth.client_credentials(by=agent, scope=scope)
    offered(answer.members.get("error") != "unsupported_grant_type", "the tenant has no client credentials grant")
    autonomous.own_token_granted(answer)
    return Attempt(answer, agent, scope)


@dataclass(frozen=True)
class TokenKinds:
    """Gets a token of each kind for this scenario; one that the tenant doesn't issue is not applicable."""

    exchanging: Exchanging
    request: pytest.FixtureRequest

    @cached_property
    def login(self) -> Answer:
        """The end user's log-in."""
        return self._logged_in(self.exchanging.cast.end_user)

    @property
    def users_token(self) -> str:
        """The end user's access token."""
        return obtained(self.login)

    @property
    def other_users_token(self) -> str:
        """The access token of a user for whom no agent may act."""
        return obtained(self._logged_in(self.exchanging.cast.uncovered_user))

    @property
    def id_token_of_login(self) -> str:
        """The ID token that came with the end user's access token (OpenID Connect Core section 3.1.3.3)."""
        return str(offered(self.login.members.get("id_token"), "no ID token comes with the user's token"))

    @property
    def refresh_token_of_login(self) -> str:
        """The refresh token that came with the end user's access token."""
        return str(offered(self.login.members.get("refresh_token"), "no refresh token comes with the user's token"))

    @property
    def exchanged_id_token(self) -> str:
        """An ID token that the AI agent got for the end user's access token (RFC 8693 section 2.1)."""
        agent = self.exchanging.cast.agent
        answer = self.exchanging.attempt(
            self.users_token, agent, changes={"requested_token_type": ID_TOKEN_TYPE}
        ).answer
        issued: Mapping[str, Any] = answer.members if answer.members.get("issued_token_type") == ID_TOKEN_TYPE else {}
        return str(offered(issued.get("access_token"), "the tenant does not exchange an access token for an ID token"))

    @property
    def id_token(self) -> str:
        """An ID token of the end user: that of the log-in where one comes with it, else one that was exchanged for."""
        return str(self.login.members.get("id_token") or self.exchanged_id_token)

    @property
    def client_assertion(self) -> str:
        """A JWT by which the AI agent could authenticate (RFC 7523 section 3)."""
        agent = self.exchanging.cast.agent
        names = {"iss": agent.client_id, "sub": agent.client_id, "aud": self.exchanging.oauth.endpoints.token}
        return self_made({**names, **_fresh()}, agent)

    @property
    def logout_token(self) -> str:
        """A JWT that tells of the end user's log-out (OpenID Connect Back-Channel Logout section 2.4)."""
        agent, oauth = self.exchanging.cast.agent, self.exchanging.oauth
        issuer = oauth.introspect(self.users_token, by=self.exchanging.cast.application).members.get("iss")
        names = {"iss": issuer, "sub": self.request.getfixturevalue("end_user_subject"), "aud": agent.client_id}
        return self_made({**names, **_fresh(), "events": {LOGOUT_EVENT: {}}}, agent, typ="logout+jwt")

    @property
    def second_agents_token(self) -> str:
        """A token that the second AI agent got for the end user's."""
        attempt = self.exchanging.attempt(self.users_token, self.exchanging.cast.second_agent)
        token_response.exchange_granted(attempt.answer)
        return str(attempt.token)

    @property
    def forged_token(self) -> str:
        """The second AI agent's token with one character changed."""
        return tampered(self.second_agents_token)

    @property
    def expired_token(self) -> str:
        """A token of the end user whose lifetime is over."""
        return str(self.request.getfixturevalue("expired_token"))

    @property
    def autonomous_agents_token(self) -> str:
        """The token that another AI agent got for itself."""
        return str(own_token(self.exchanging.oauth, self.exchanging.cast.autonomous_agent).token)

    @property
    def ordinary_clients_token(self) -> str:
        """The token that a client which is no agent got for itself."""
        client, scope = self.exchanging.cast.ordinary_client, self.exchanging.scopes("read-data")
        answer = self.exchanging.oauth.client_credentials(by=client, scope=scope)
        return str(offered(answer.members.get("access_token"), "the tenant gives a client no token of its own"))

    def _logged_in(self, user: EndUser) -> Answer:
        scope = self.exchanging.scopes("openid read-data")
        return self.exchanging.oauth.log_in(user, by=self.exchanging.cast.application, scope=scope)


def _fresh() -> dict[str, Any]:
    now = int(time.time())
    return {"iat": now, "exp": now + 300, "jti": new_uuid()}


@pytest.fixture
def token_kinds(exchanging: Exchanging, request: pytest.FixtureRequest) -> TokenKinds:
    """Tokens of all kinds."""
    return TokenKinds(exchanging, request)
