"""What a realm publishes about itself: metadata and public keys (RFC 8414, OpenID Connect Discovery, RFC 7517)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from reference_server.oauth import terms
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.signing_keys import SigningKeys

DEFAULT_PORTS = {"https": 443, "http": 80}

ENDPOINTS = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/access_token",
    "introspection_endpoint": "/introspect",
    "revocation_endpoint": "/token/revoke",
    "userinfo_endpoint": "/userinfo",
    "jwks_uri": "/connect/jwk_uri",
    "end_session_endpoint": "/connect/endSession",
    "check_session_iframe": "/connect/checkSession",
    "registration_endpoint": "/register",
    "pushed_authorization_request_endpoint": "/par",
}
"""Paths below the issuer, as a tenant lists them; those of flows that this server does not offer answer 404."""

AUTHENTICATION_METHODS = ["client_secret_post", "none", "client_secret_basic"]

CONSTANTS: dict[str, Any] = {
    "version": "3.0",
    "request_parameter_supported": True,
    "request_uri_parameter_supported": True,
    "require_request_uri_registration": True,
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    "token_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
    "revocation_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
    "code_challenge_methods_supported": ["plain", "S256"],
    "response_modes_supported": ["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "jwt"],
    "authorization_details_types_supported": [],
}

SETTINGS: dict[str, tuple[str, str]] = {
    "claims_parameter_supported": ("advancedOIDCConfig", "claimsParameterSupported"),
    "claims_supported": ("coreOIDCConfig", "supportedClaims"),
    "acr_values_supported": ("advancedOIDCConfig", "defaultACR"),
    "subject_types_supported": ("advancedOAuth2Config", "supportedSubjectTypes"),
    "grant_types_supported": ("advancedOAuth2Config", "grantTypes"),
    "require_pushed_authorization_requests": ("advancedOAuth2Config", "requirePushedAuthorizationRequests"),
    "tls_client_certificate_bound_access_tokens": ("advancedOAuth2Config", "tlsCertificateBoundAccessTokensEnabled"),
    "id_token_signing_alg_values_supported": ("coreOIDCConfig", "supportedIDTokenSigningAlgorithms"),
    "id_token_encryption_alg_values_supported": ("coreOIDCConfig", "supportedIDTokenEncryptionAlgorithms"),
    "id_token_encryption_enc_values_supported": ("coreOIDCConfig", "supportedIDTokenEncryptionMethods"),
    "userinfo_signing_alg_values_supported": ("advancedOIDCConfig", "supportedUserInfoSigningAlgorithms"),
    "userinfo_encryption_alg_values_supported": ("advancedOIDCConfig", "supportedUserInfoEncryptionAlgorithms"),
    "userinfo_encryption_enc_values_supported": ("advancedOIDCConfig", "supportedUserInfoEncryptionEnc"),
    "introspection_signing_alg_values_supported": (
        "advancedOIDCConfig",
        "supportedTokenIntrospectionResponseSigningAlgorithms",
    ),
    "introspection_encryption_alg_values_supported": (
        "advancedOIDCConfig",
        "supportedTokenIntrospectionResponseEncryptionAlgorithms",
    ),
    "introspection_encryption_enc_values_supported": (
        "advancedOIDCConfig",
        "supportedTokenIntrospectionResponseEncryptionEnc",
    ),
    "authorization_signing_alg_values_supported": (
        "advancedOIDCConfig",
        "supportedAuthorizationResponseSigningAlgorithms",
    ),
    "authorization_encryption_alg_values_supported": (
        "advancedOIDCConfig",
        "supportedAuthorizationResponseEncryptionAlgorithms",
    ),
    "authorization_encryption_enc_values_supported": (
        "advancedOIDCConfig",
        "supportedAuthorizationResponseEncryptionEnc",
    ),
    "request_object_signing_alg_values_supported": (
        "advancedOIDCConfig",
        "supportedRequestParameterSigningAlgorithms",
    ),
    "request_object_encryption_alg_values_supported": (
        "advancedOIDCConfig",
        "supportedRequestParameterEncryptionAlgorithms",
    ),
    "request_object_encryption_enc_values_supported": (
        "advancedOIDCConfig",
        "supportedRequestParameterEncryptionEnc",
    ),
    "token_endpoint_auth_signing_alg_values_supported": (
        "advancedOIDCConfig",
        "supportedTokenEndpointAuthenticationSigningAlgorithms",
    ),
    "rcs_request_signing_alg_values_supported": ("consent", "supportedRcsRequestSigningAlgorithms"),
    "rcs_request_encryption_alg_values_supported": ("consent", "supportedRcsRequestEncryptionAlgorithms"),
    "rcs_request_encryption_enc_values_supported": ("consent", "supportedRcsRequestEncryptionMethods"),
    "rcs_response_signing_alg_values_supported": ("consent", "supportedRcsResponseSigningAlgorithms"),
    "rcs_response_encryption_alg_values_supported": ("consent", "supportedRcsResponseEncryptionAlgorithms"),
    "rcs_response_encryption_enc_values_supported": ("consent", "supportedRcsResponseEncryptionMethods"),
}
"""Metadata that shows a provider setting, by group and attribute."""


def issuer_of(url: str, realm: str) -> str:
    """The realm's issuer under a tenant's public address; a default port is spelled out, as on a tenant."""
    parts = urlsplit(url)
    port = "" if parts.port else f":{DEFAULT_PORTS.get(parts.scheme, '')}"
    return f"{parts.scheme}://{parts.netloc}{port}/am/oauth2/realms/root/realms/{realm}"


class Discovery:
    """The metadata document and the key set."""

    def __init__(self, issuer: str, provider: ProviderSettings, keys: SigningKeys) -> None:
        self.issuer = issuer
        self._provider = provider
        self._keys = keys

    def metadata(self) -> dict[str, Any]:
        """The realm's metadata, telling the provider's present settings."""
        return {
            "issuer": self.issuer,
            **{name: self.issuer + path for name, path in ENDPOINTS.items()},
            **{name: self._setting(group, attribute) for name, (group, attribute) in SETTINGS.items()},
            "scopes_supported": self._names("advancedOAuth2Config", "supportedScopes"),
            "response_types_supported": self._names("advancedOAuth2Config", "responseTypeClasses"),
            **self.backchannel(),
            **CONSTANTS,
        }

    def backchannel(self) -> dict[str, Any]:
        """How to ask for a user's approval, where the provider has that grant (OpenID CIBA Core section 4)."""
        if terms.CIBA not in self._provider.grant_types:
            return {}
        return {
            "backchannel_authentication_endpoint": self.issuer + "/bc-authorize",
            "backchannel_token_delivery_modes_supported": ["poll"],
            "backchannel_authentication_request_signing_alg_values_supported": self._provider.ciba_algorithms,
            "backchannel_user_code_parameter_supported": False,
        }

    def key_set(self) -> Mapping[str, Any]:
        """The realm's public keys, among them that of the algorithm in use."""
        return self._keys.key_set(self._provider.signing_algorithm)

    def _setting(self, group: str, attribute: str) -> Any:
        return self._provider.group(group).get(attribute)

    def _names(self, group: str, attribute: str) -> list[str]:
        """The first parts of values of the form `name|display text or class`."""
        return [value.partition("|")[0] for value in self._setting(group, attribute) or []]
