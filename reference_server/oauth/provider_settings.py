"""What the realm's OAuth2 provider service says, read anew for each request: a saved change holds at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reference_server.oauth.errors import OAuthError

if TYPE_CHECKING:
    from reference_server.tenant import Realm


class ProviderSettings:
    """The provider's settings that the endpoints act on (guide, task 1; admin console, OAuth2 Provider)."""

    def __init__(self, realm: Realm) -> None:
        self._realm = realm

    def group(self, name: str) -> Mapping[str, Any]:
        """One group of settings; a realm whose provider service was deleted has no OAuth endpoints."""
        document = self._realm.provider.document
        if document is None:
            raise OAuthError("not_found", f"No OpenID Connect provider for realm /{self._realm.name}", 404)
        group: Mapping[str, Any] = document.get(name) or {}
        return group

    @property
    def _core(self) -> Mapping[str, Any]:
        return self.group("coreOAuth2Config")

    @property
    def _advanced(self) -> Mapping[str, Any]:
        return self.group("advancedOAuth2Config")

    @property
    def grant_types(self) -> list[str]:
        """The grant types that are on in this realm (guide, task 1 step 2a)."""
        return list(self._advanced.get("grantTypes") or [])

    @property
    def signing_algorithm(self) -> str:
        """JWA name of the algorithm that signs tokens."""
        return str(self._advanced.get("tokenSigningAlgorithm") or "")

    @property
    def stateless_tokens(self) -> bool:
        """Whether access and refresh tokens are JWTs."""
        return self._core.get("statelessTokensEnabled") is True

    @property
    def issue_refresh_token(self) -> bool:
        """Whether grants give refresh tokens."""
        return self._core.get("issueRefreshToken") is True

    @property
    def issue_refresh_token_on_refreshed_token(self) -> bool:
        """Whether the refresh grant gives a new refresh token."""
        return self._core.get("issueRefreshTokenOnRefreshedToken") is True

    @property
    def accept_audience(self) -> bool:
        """Whether token exchange honours `audience`."""
        return self._advanced.get("acceptAudienceParametersInTokenExchangeRequests") is True

    @property
    def access_token_lifetime(self) -> int:
        """Seconds."""
        return int(self._core.get("accessTokenLifetime") or 0)

    @property
    def refresh_token_lifetime(self) -> int:
        """Seconds."""
        return int(self._core.get("refreshTokenLifetime") or 0)

    @property
    def id_token_lifetime(self) -> int:
        """Seconds."""
        return int(self.group("coreOIDCConfig").get("jwtTokenLifetime") or 0)

    @property
    def _ciba(self) -> Mapping[str, Any]:
        return self.group("cibaConfig")

    @property
    def ciba_lifetime(self) -> int:
        """Seconds that a request for approval stays open."""
        return int(self._ciba.get("cibaAuthReqIdLifetime") or 0)

    @property
    def ciba_interval(self) -> int:
        """Seconds that a client waits between two polls."""
        return int(self._ciba.get("cibaMinimumPollingInterval") or 0)

    @property
    def ciba_algorithms(self) -> list[str]:
        """JWA names of the algorithms with which clients may sign requests for approval."""
        return list(self._ciba.get("supportedCibaSigningAlgorithms") or [])

    def validates(self, token_type: str) -> bool:
        """Whether a token of this type may be the subject of an exchange."""
        validators = self._advanced.get("tokenValidatorClasses") or []
        return any(entry.partition("|")[0] == token_type for entry in validators)

    def exchanges(self, subject_type: str, requested_type: str) -> bool:
        """Whether one type of token may be exchanged for the other."""
        exchangers = self._advanced.get("tokenExchangeClasses") or []
        return any(entry.partition("|")[0] == f"{subject_type}=>{requested_type}" for entry in exchangers)
