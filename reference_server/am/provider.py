"""The OAuth2 provider service of a realm (`services/oauth-oidc`)."""

from __future__ import annotations

from typing import Any

from reference_server.am.defaults import provider_defaults
from reference_server.am.documents import Document, Groups, revision
from reference_server.am.validation import check_group, check_members
from reference_server.errors import not_found

TYPE = {"_id": "oauth-oidc", "name": "OAuth2 Provider", "collection": False}
# Attributes that the platform keeps at its own value, whatever is written (recorded tenant).
_PINNED = {"advancedOAuth2Config": {"tlsClientCertificateHeaderFormat": "BASE64_ENCODED_CERT"}}


class ProviderService:
    """The provider as shipped: password among the grant types, token exchange not; signs with ES256.

    `document` holds the groups with raw values, or is None after the service was deleted. A write replaces the
    document as a whole, so a reference to it is a consistent snapshot.
    """

    def __init__(self, realm: str) -> None:
        self.realm = realm
        self.document: Groups | None = self.completed({})

    def read(self) -> Document:
        """The service as GET shows it; `_id` is the empty string."""
        if self.document is None:
            raise not_found()
        return self._shown(self.document)

    def write(self, document: Document) -> bool:
        """Create or replace the service; whether it was created. Attributes left out take their defaults."""
        self.check(document)
        created = self.document is None
        self.document = self.completed(document)
        return created

    def delete(self) -> Document:
        """Remove the service and tell what it was."""
        shown = self.read()
        self.document = None
        return shown

    def check(self, document: Document) -> None:
        """Refuse unknown groups and values of the wrong type."""
        defaults = provider_defaults(self.realm)
        check_members(document, defaults)
        for name, attributes in document.items():
            if name in defaults:
                check_group(name, attributes, defaults[name])

    def completed(self, document: Document) -> Groups:
        """The document with defaults where it is silent and with the pinned attributes put back."""
        return {
            name: defaults | document.get(name, {}) | _PINNED.get(name, {})
            for name, defaults in provider_defaults(self.realm).items()
        }

    def _shown(self, document: Groups) -> Document:
        content: dict[str, Any] = {**document, "_type": TYPE}
        return {"_id": "", "_rev": revision(content), **content}
