"""The client credentials grant (RFC 6749 section 4.4): a client's own token, with no user in it."""

from __future__ import annotations

from typing import Any

from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import unauthorized_client
from reference_server.oauth.form import Form
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.token_issuer import Authorization, TokenIssuer


class ClientCredentialsGrant:
    """Lets a confidential client, an autonomous agent for example, act for itself."""

    def __init__(self, scopes: Scopes, issuer: TokenIssuer) -> None:
        self.scopes = scopes
        self.issuer = issuer

    def answer(self, client: Client, form: Form) -> dict[str, Any]:
        """The token answer to an authenticated client that may use this grant."""
        if client.is_public:
            raise unauthorized_client("Public clients can't use client credentials grant.")
        scopes = self.scopes.grant(client.scopes, self.scopes.requested(form.text("scope"), client))
        access_token = self.issuer.access_token(self.authorization(client, scopes))
        return {
            "access_token": access_token.value,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
            "expires_in": access_token.expires_in,
        }

    def authorization(self, client: Client, scopes: tuple[str, ...]) -> Authorization:
        """What the client may do for itself."""
        return Authorization(
            client=client,
            grant_type=terms.CLIENT_CREDENTIALS,
            subject=client.id,
            scopes=scopes,
            audience=(client.id,),
            authentication={},
        )
