"""OAuth clients and AI agents as the endpoints see them: the registered record under the provider's settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from reference_server.oauth.provider_settings import ProviderSettings

if TYPE_CHECKING:
    from reference_server.am.agents import AgentRecord
    from reference_server.tenant import Realm


class Client:
    """One client of the realm. Nothing is copied from the record: a saved change holds at once."""

    def __init__(self, record: AgentRecord, provider: ProviderSettings) -> None:
        self.record = record
        self.provider = provider

    def _group(self, name: str) -> Mapping[str, Any]:
        return self.record.groups.get(name) or {}

    @property
    def _core(self) -> Mapping[str, Any]:
        return self.record.groups.get("coreOAuth2ClientConfig") or {}

    @property
    def _advanced(self) -> Mapping[str, Any]:
        return self.record.groups.get("advancedOAuth2ClientConfig") or {}

    @property
    def id(self) -> str:
        """The client ID in its registered spelling."""
        return self.record.id

    @property
    def is_agent(self) -> bool:
        """Whether this is an AI agent (guide, task 3) rather than an ordinary client."""
        return self.record.type == "AIAgent"

    @property
    def is_active(self) -> bool:
        """Whether an administrator has not switched the client off."""
        return (self._core.get("status") or "Active") == "Active"

    @property
    def is_public(self) -> bool:
        """Whether the client is unable to keep a secret (RFC 6749 section 2.1)."""
        return str(self._core.get("clientType") or "Confidential").lower() == "public"

    @property
    def authentication_method(self) -> str:
        """Token Endpoint Authentication Method (guide, tasks 2.2 step 4d and 3.2 step 4c)."""
        return str(self._advanced.get("tokenEndpointAuthMethod") or "client_secret_basic")

    @property
    def public_keys(self) -> list[Mapping[str, Any]]:
        """The keys (JWK) that verify what the client signs, if they are in its settings; none is fetched."""
        group = self._group("signEncOAuth2ClientConfig")
        try:
            keys = (
                json.loads(group.get("jwkSet") or "{}").get("keys") if group.get("publicKeyLocation") == "jwks" else []
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            return []
        return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []

    @property
    def grant_types(self) -> list[str]:
        """The grant types that the client may use (guide, tasks 2.2 step 4a and 3.2 step 4b)."""
        return self._advanced.get("grantTypes") or []

    @property
    def scopes(self) -> list[str]:
        """The scopes that the client may be granted, without their display texts."""
        return [scope.partition("|")[0] for scope in self._core.get("scopes") or []]

    @property
    def default_scopes(self) -> list[str]:
        """The scopes of a request that names none."""
        return [scope.partition("|")[0] for scope in self._core.get("defaultScopes") or []]

    @property
    def access_token_lifetime(self) -> int:
        """Seconds; the provider's where the client's is 0."""
        return int(self._core.get("accessTokenLifetime") or self.provider.access_token_lifetime)

    @property
    def refresh_token_lifetime(self) -> int:
        """Seconds; the provider's where the client's is 0."""
        return int(self._core.get("refreshTokenLifetime") or self.provider.refresh_token_lifetime)

    @property
    def id_token_lifetime(self) -> int:
        """Seconds; the provider's where the client's is 0."""
        own = self._group("coreOpenIDClientConfig").get("jwtTokenLifetime")
        return int(own or self.provider.id_token_lifetime)

    @property
    def overrides(self) -> Mapping[str, Any] | None:
        """The settings that replace the provider's, None unless overriding is enabled (guide, task 3.2 step 4e)."""
        block = self._group("overrideOAuth2ClientConfig")
        return block if block.get("providerOverridesEnabled") is True else None

    def _effective(self, override: str, default: Callable[[], bool]) -> bool:
        overrides = self.overrides
        return default() if overrides is None else overrides.get(override) is True

    @property
    def stateless_tokens(self) -> bool:
        """Use Client-Side Access & Refresh Tokens (guide, task 3.2 step 4f)."""
        return self._effective("statelessTokensEnabled", lambda: self.provider.stateless_tokens)

    @property
    def accept_audience(self) -> bool:
        """Accept Audience Parameters in Token Exchange Requests (guide, task 3.2 step 4g)."""
        name = "acceptAudienceParametersInTokenExchangeRequests"
        return self._effective(name, lambda: self.provider.accept_audience)

    @property
    def issue_refresh_token(self) -> bool:
        """Whether the client's grants give refresh tokens."""
        return self._effective("issueRefreshToken", lambda: self.provider.issue_refresh_token)

    @property
    def issue_refresh_token_on_refreshed_token(self) -> bool:
        """Whether the client's refresh grant gives a new refresh token."""
        name = "issueRefreshTokenOnRefreshedToken"
        return self._effective(name, lambda: self.provider.issue_refresh_token_on_refreshed_token)


class Clients:
    """The realm's clients and agents, one name space."""

    def __init__(self, realm: Realm, provider: ProviderSettings) -> None:
        self._realm = realm
        self._provider = provider

    def get(self, client_id: str) -> Client | None:
        """The client of that ID, also an inactive one."""
        record = self._realm.agents.get(client_id)
        return None if record is None else Client(record, self._provider)

    def active(self, client_id: str) -> Client | None:
        """The client of that ID unless it is switched off."""
        client = self.get(client_id)
        return client if client is not None and client.is_active else None
