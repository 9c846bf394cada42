"""Token exchange by an AI agent on behalf of a user (guide, task 4.2 step 1; RFC 8693)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.delegation_bounds import DelegationBounds
from reference_server.oauth.errors import invalid_exchange, unauthorized_client
from reference_server.oauth.exchange_tokens import ExchangeTokens
from reference_server.oauth.form import Form
from reference_server.oauth.privileges import Privileges
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.token_issuer import Authorization, IssuedToken, TokenIssuer
from reference_server.oauth.tokens import Token


@dataclass(frozen=True)
class Exchange:
    """An exchange request once its parameters are understood; nothing of it is decided yet."""

    client: Client
    form: Form
    subject: Token
    requested_type: str
    audiences: tuple[str, ...]
    scopes: tuple[str, ...]


class TokenExchangeGrant:
    """Gives an agent a token with which it acts for the subject of another token."""

    def __init__(
        self,
        provider: ProviderSettings,
        tokens: ExchangeTokens,
        privileges: Privileges,
        bounds: DelegationBounds,
        scopes: Scopes,
        issuer: TokenIssuer,
    ) -> None:
        self._provider = provider
        self.tokens = tokens
        self.privileges = privileges
        self.bounds = bounds
        self.scopes = scopes
        self.issuer = issuer

    def answer(self, client: Client, form: Form) -> dict[str, Any]:
        """The token answer to an authenticated client that has this grant."""
        self.check_client(client)
        exchange = self.read(client, form)
        authorization = self.authorization(exchange, self.authorise(exchange))
        token = self.issue(exchange, authorization)
        return {
            "access_token": token.value,
            "refresh_token": self.refresh_token(authorization),
            "issued_token_type": exchange.requested_type,
            "scope": " ".join(authorization.scopes),
            "token_type": "Bearer" if exchange.requested_type == terms.ACCESS_TOKEN_TYPE else "N_A",
            "expires_in": token.expires_in,
        }

    def check_client(self, client: Client) -> None:
        """Only agents exchange by privilege; an ordinary client would need `may_act`, which no token here carries."""
        if client.is_public:
            raise unauthorized_client()
        if not client.is_agent:
            raise invalid_exchange()

    def read(self, client: Client, form: Form) -> Exchange:
        """The request's parameters, each checked for what it is."""
        subject = self.tokens.subject(form)
        self.tokens.check_actor(client, form)
        requested_type = self.requested_type(form)
        audiences = self.audiences(client, form)
        scopes = self.requested_scopes(client, form)
        return Exchange(client, form, subject, requested_type, audiences, scopes)

    def requested_type(self, form: Form) -> str:
        """The type of token asked for, by default an access token, if the provider exchanges the one for the other."""
        requested = form.text("requested_token_type") or terms.ACCESS_TOKEN_TYPE
        if not self._provider.exchanges(form.required("subject_token_type"), requested):
            raise invalid_exchange()
        return requested

    def audiences(self, client: Client, form: Form) -> tuple[str, ...]:
        """The applications asked for; none where the client's effective settings don't accept audiences."""
        audiences = tuple(dict.fromkeys(form.every("audience"))) if client.accept_audience else ()
        if not audiences:
            raise invalid_exchange()
        return audiences

    def requested_scopes(self, client: Client, form: Form) -> tuple[str, ...]:
        """The scopes asked for; leaving them out does not mean all of them."""
        return self.scopes.requested(form.text("scope"), client)

    def authorise(self, exchange: Exchange) -> tuple[str, ...]:
        """The scopes granted: each application needs a privilege of the agent that covers the whole request."""
        scopes = exchange.scopes
        for audience in exchange.audiences:
            scopes = self.privileges.grant(exchange.client, exchange.subject, audience, scopes)
        self.bounds.check(exchange.subject, exchange.audiences, scopes)
        return scopes

    def authorization(self, exchange: Exchange, scopes: tuple[str, ...]) -> Authorization:
        """What the agent may do: for the subject of the token, at the applications, visibly as itself."""
        subject = exchange.subject
        return Authorization(
            client=exchange.client,
            grant_type=terms.TOKEN_EXCHANGE,
            subject=self.subject(exchange),
            scopes=scopes,
            audience=self.audience(exchange),
            authentication=self.authentication(exchange),
            actor=self.actor(exchange),
            not_after=self.bounds.not_after(subject),
            ancestors=self.ancestors(subject),
        )

    def subject(self, exchange: Exchange) -> str:
        """`sub`: whoever the subject token is about."""
        return exchange.subject.subject

    def authentication(self, exchange: Exchange) -> Mapping[str, Any]:
        """The claims about the user's login, as in the subject token."""
        claims = exchange.subject.claims
        return {name: claims[name] for name in ("subname", "auth_level", "auth_time") if name in claims}

    def audience(self, exchange: Exchange) -> tuple[str, ...]:
        """`aud`: the agent, so that it may introspect, then the applications."""
        return (exchange.client.id, *exchange.audiences)

    def actor(self, exchange: Exchange) -> Mapping[str, Any]:
        """`act`: the client that authenticated, around whoever acted before it (RFC 8693 section 4.1)."""
        earlier = exchange.subject.actor
        current = {"sub": exchange.client.id}
        return current if earlier is None else current | {"act": earlier}

    def ancestors(self, subject: Token) -> tuple[str, ...]:
        """Ids of the tokens and grants that the new token descends from."""
        own = (subject.id,) if subject.grant_id is None else (subject.id, subject.grant_id)
        return own + self.tokens.store.ancestors(subject)

    def issue(self, exchange: Exchange, authorization: Authorization) -> IssuedToken:
        """The token asked for."""
        if exchange.requested_type == terms.ID_TOKEN_TYPE:
            return self.issuer.id_token(authorization)
        return self.issuer.access_token(authorization)

    def refresh_token(self, authorization: Authorization) -> str | None:  # noqa: ARG002 - a rule about authorizations
        """Never one: delegation ends with the token, it is not renewed without the user."""
        return None
