"""Scopes: what a request asks for, and whether it may have it (RFC 6749 section 3.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from reference_server.oauth.clients import Client
from reference_server.oauth.errors import no_scope, unknown_scopes


class Scopes:
    """Rules for scopes that all grants share."""

    def requested(self, text: str | None, client: Client) -> tuple[str, ...]:
        """The scopes asked for, or the client's defaults; an `invalid_scope` where there are neither."""
        scopes = self.parse(text or "") or tuple(client.default_scopes)
        if not scopes:
            raise no_scope()
        return scopes

    def parse(self, text: str) -> tuple[str, ...]:
        """The scopes of a parameter in the order asked for, each once; only the space separates."""
        return tuple(dict.fromkeys(scope for scope in text.split(" ") if scope))

    def permits(self, permitted: Collection[str], scope: str) -> bool:
        """Whether a scope is among those permitted: as a whole, in this very spelling."""
        return scope in permitted

    def refused(self, permitted: Collection[str], requested: Iterable[str]) -> list[str]:
        """Those of the requested scopes that are not permitted."""
        return [scope for scope in requested if not self.permits(permitted, scope)]

    def grant(self, permitted: Collection[str], requested: Sequence[str]) -> tuple[str, ...]:
        """All of the requested scopes, or an `invalid_scope`: a request is never narrowed silently."""
        refused = self.refused(permitted, requested)
        if refused:
            raise unknown_scopes(refused)
        return tuple(requested)
