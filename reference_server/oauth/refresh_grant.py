"""The refresh token grant (RFC 6749 section 6): for the client that got the token, once, within the old scopes."""

from __future__ import annotations

from typing import Any

from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_grant, no_scope
from reference_server.oauth.form import Form
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.token_issuer import Authorization, TokenIssuer
from reference_server.oauth.token_status import TokenStatus
from reference_server.oauth.token_store import Revocations, TokenStore
from reference_server.oauth.tokens import Token


class RefreshGrant:
    """Renews an access token without the user."""

    def __init__(
        self, store: TokenStore, status: TokenStatus, revocations: Revocations, scopes: Scopes, issuer: TokenIssuer
    ) -> None:
        self.store = store
        self.status = status
        self.revocations = revocations
        self.scopes = scopes
        self.issuer = issuer

    def answer(self, client: Client, form: Form) -> dict[str, Any]:
        """The token answer to an authenticated client that may use this grant."""
        token = self.presented(client, form.required("refresh_token"))
        authorization = self.authorization(client, token, self.granted_scopes(client, token, form.text("scope")))
        access_token = self.issuer.access_token(authorization)
        answer: dict[str, Any] = {"access_token": access_token.value}
        if client.issue_refresh_token_on_refreshed_token:
            answer["refresh_token"] = self.rotated(token, authorization)
        return answer | {
            "scope": " ".join(authorization.scopes),
            "token_type": "Bearer",
            "expires_in": access_token.expires_in,
        }

    def presented(self, client: Client, value: str) -> Token:
        """The refresh token, or an `invalid_grant` that doesn't say why."""
        token = self.store.find(value, terms.REFRESH_TOKEN)
        if token is None or not self.belongs_to(token, client) or not self.status.is_active(token):
            raise invalid_grant()
        return token

    def belongs_to(self, token: Token, client: Client) -> bool:
        """Whether the token was issued to this client (RFC 6749 section 10.4)."""
        return token.client_id == client.id

    def granted_scopes(self, client: Client, token: Token, text: str | None) -> tuple[str, ...]:
        """The scopes asked for, by default all of the token's, as far as the client still has them."""
        remaining = tuple(scope for scope in token.scopes if scope in client.scopes)
        requested = self.scopes.parse(text or "") or remaining
        if not requested:
            raise no_scope()
        return self.scopes.grant(remaining, requested)

    def rotated(self, token: Token, authorization: Authorization) -> str:
        """A new refresh token of the same grant with the grant's full scopes; the old one has done its duty."""
        self.revocations.revoke(token)
        renewed = self.authorization(authorization.client, token, tuple(token.scopes))
        return self.issuer.refresh_token(renewed).value

    def authorization(self, client: Client, token: Token, scopes: tuple[str, ...]) -> Authorization:
        """The same grant with these scopes."""
        details = ("subname", "auth_level", "auth_time")
        return Authorization(
            client=client,
            grant_type=terms.REFRESH_TOKEN,
            subject=token.subject,
            scopes=scopes,
            audience=(client.id,),
            authentication={name: token.claims[name] for name in details if name in token.claims},
            grant_id=token.grant_id or "",
        )
