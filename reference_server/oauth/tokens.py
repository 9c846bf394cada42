"""Tokens as the endpoints see them: claims, whether they came as a JWT or as a reference to what the server holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Token:
    """An access, refresh or ID token that this realm issued."""

    value: str
    """The string that carries it here; a JWT may have other spellings."""
    claims: Mapping[str, Any]
    stateless: bool

    @property
    def name(self) -> str:
        """`access_token`, `refresh_token` or `id_token`."""
        return str(self.claims["tokenName"])

    @property
    def subject(self) -> str:
        """UUID of the end user, or the client ID where no user is behind the token."""
        return str(self.claims["sub"])

    @property
    def end_user(self) -> str | None:
        """UUID of the end user; None of a client's own token, even if its client ID looks like some user's UUID."""
        return self.claims.get("subname")

    @property
    def client_id(self) -> str:
        """The client that the token was issued to."""
        return str(self.claims.get("client_id") or self.claims.get("azp"))

    @property
    def audience(self) -> list[str]:
        """Whom the token is for."""
        audience = self.claims["aud"]
        return [audience] if isinstance(audience, str) else list(audience)

    @property
    def scopes(self) -> list[str]:
        """What the token was granted."""
        return list(self.claims.get("scope", ()))

    @property
    def actor(self) -> Mapping[str, Any] | None:
        """`act`: who acts for the subject, the latest outermost (RFC 8693 section 4.1)."""
        return self.claims.get("act")

    @property
    def id(self) -> str:
        """`jti`, the token's identity whatever string carries it."""
        return str(self.claims["jti"])

    @property
    def grant_id(self) -> str | None:
        """`authGrantId`, shared by the tokens of one grant."""
        return self.claims.get("authGrantId")

    @property
    def issued_at(self) -> int:
        """Epoch seconds."""
        return int(self.claims["iat"])

    @property
    def expires_at(self) -> int:
        """Epoch seconds."""
        return int(self.claims["exp"])
