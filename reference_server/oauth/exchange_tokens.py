"""The tokens that go into an exchange: the subject token, and an actor token if one is sent (RFC 8693 section 2.1)."""

from __future__ import annotations

from reference_server.oauth import terms
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_exchange
from reference_server.oauth.form import Form
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.token_status import TokenStatus
from reference_server.oauth.token_store import TokenStore
from reference_server.oauth.tokens import Token

TOKEN_NAMES = {terms.ACCESS_TOKEN_TYPE: terms.ACCESS_TOKEN, terms.ID_TOKEN_TYPE: terms.ID_TOKEN}
"""What a token type identifier means for the token itself."""


class ExchangeTokens:
    """Reads and judges the tokens of an exchange request; every fault gives the same refusal."""

    def __init__(self, provider: ProviderSettings, store: TokenStore, status: TokenStatus) -> None:
        self._provider = provider
        self.store = store
        self.status = status

    def subject(self, form: Form) -> Token:
        """The token that says on whose behalf the agent acts."""
        token = self.subject_token(form.required("subject_token"), form.required("subject_token_type"))
        if token is None or not self.may_seed(token):
            raise invalid_exchange()
        return token

    def subject_token(self, value: str, token_type: str) -> Token | None:
        """The realm's token of the type declared, if the provider takes that type."""
        return self.genuine(value, token_type) if self._provider.validates(token_type) else None

    def genuine(self, value: str, token_type: str) -> Token | None:
        """The realm's token behind a string, if it is of the type declared."""
        name = TOKEN_NAMES.get(token_type)
        return None if name is None else self.store.find(value, name)

    def may_seed(self, token: Token) -> bool:
        """Whether new tokens may come of this one: it is active, and so is, apart from time, all it came from."""
        return self.status.is_active(token) and not self.status.descends_from_revoked(token)

    def check_actor(self, client: Client, form: Form) -> None:
        """Refuse an actor token that is not the agent's own; who acts is decided by client authentication alone."""
        value, token_type = form.text("actor_token"), form.text("actor_token_type")
        if value is None and token_type is None:
            return
        actor = self.genuine(value, token_type) if value is not None and token_type is not None else None
        if actor is None or not self.status.is_active(actor) or not self.is_own(client, actor):
            raise invalid_exchange()

    def is_own(self, client: Client, actor: Token) -> bool:
        """Whether the actor token is one that the agent got for itself."""
        return actor.end_user is None and actor.subject == client.id and actor.client_id == client.id
