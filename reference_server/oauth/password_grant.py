"""The resource owner password credentials grant (guide, task 4.1 step 2; RFC 6749 section 4.3)."""

from __future__ import annotations

from typing import Any

from reference_server.clock import Clock
from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_grant
from reference_server.oauth.form import Form
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.token_issuer import Authorization, TokenIssuer
from reference_server.oauth.users import Users


class PasswordGrant:
    """Logs an end user in at an application."""

    def __init__(
        self, clock: Clock, provider: ProviderSettings, users: Users, scopes: Scopes, issuer: TokenIssuer
    ) -> None:
        self._clock = clock
        self._provider = provider
        self.users = users
        self.scopes = scopes
        self.issuer = issuer

    def answer(self, client: Client, form: Form) -> dict[str, Any]:
        """The token answer to an authenticated client that may use this grant."""
        user_id = self.log_in(form.required("username"), form.required("password"))
        scopes = self.scopes.grant(client.scopes, self.scopes.requested(form.text("scope"), client))
        authorization = self.authorization(client, user_id, scopes)
        access_token = self.issuer.access_token(authorization)
        answer: dict[str, Any] = {"access_token": access_token.value}
        if self.gives_refresh_token(client):
            answer["refresh_token"] = self.issuer.refresh_token(authorization).value
        return answer | {
            "scope": " ".join(scopes),
            "token_type": "Bearer",
            "expires_in": access_token.expires_in,
        }

    def log_in(self, username: str, password: str) -> str:
        """The user's UUID; wrong password, unknown and disabled user give the same `invalid_grant`."""
        user_id = self.users.authenticate(username, password)
        if user_id is None:
            raise invalid_grant()
        return user_id

    def authorization(self, client: Client, user_id: str, scopes: tuple[str, ...]) -> Authorization:
        """What the application may do for the user."""
        return Authorization(
            client=client,
            grant_type=terms.PASSWORD,
            subject=user_id,
            scopes=scopes,
            audience=(client.id,),
            authentication={"subname": user_id, "auth_level": 0, "auth_time": int(self._clock.now())},
        )

    def gives_refresh_token(self, client: Client) -> bool:
        """Whether client and provider both have the refresh grant, and issuing is on."""
        granted = terms.REFRESH_TOKEN in client.grant_types and terms.REFRESH_TOKEN in self._provider.grant_types
        return granted and client.issue_refresh_token
