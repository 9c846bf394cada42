"""What a bearer of an access token may read: the token's own claims, and who its user is (RFC 6750, OpenID Connect)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from reference_server.clock import Clock
from reference_server.oauth import terms
from reference_server.oauth.errors import invalid_token
from reference_server.oauth.form import FormReader
from reference_server.oauth.http import OAuthRequest
from reference_server.oauth.token_status import TokenStatus
from reference_server.oauth.token_store import TokenStore
from reference_server.oauth.tokens import Token
from reference_server.oauth.users import Users


class BearerTokens:
    """Finds the active access token that a request bears."""

    def __init__(self, realm: str, reader: FormReader, store: TokenStore, status: TokenStatus) -> None:
        self._realm = realm
        self._reader = reader
        self.store = store
        self.status = status

    def in_header(self, request: OAuthRequest) -> str | None:
        """The token of the Authorization header."""
        scheme, _, value = (request.header(b"authorization") or "").partition(" ")
        return value.strip() if scheme.lower() == "bearer" else None

    def in_parameters(self, request: OAuthRequest) -> str | None:
        """The parameter `access_token` of the form or, as a tenant's tokeninfo takes it, of the query."""
        if request.method == "POST":
            return self._reader.read(request).text("access_token")
        values = parse_qs(request.query.decode("latin-1")).get("access_token", [])
        return values[0] if len(values) == 1 else None

    def active(self, value: str | None) -> Token:
        """The active access token, or a 401."""
        token = self.store.find(value, terms.ACCESS_TOKEN) if value else None
        if token is None or not self.status.is_active(token):
            raise invalid_token(f"/{self._realm}")
        return token


class TokenInfo:
    """The tokeninfo endpoint: a token's claims for whoever holds the token."""

    def __init__(self, clock: Clock, bearer: BearerTokens) -> None:
        self._clock = clock
        self.bearer = bearer

    def answer(self, request: OAuthRequest) -> dict[str, Any]:
        """The claims of the token, and one empty member for each scope whose name is not that of a claim."""
        token = self.bearer.active(self.bearer.in_header(request) or self.bearer.in_parameters(request))
        answer = dict.fromkeys(token.scopes, "") | dict(token.claims)
        return answer | {"access_token": token.value, "expires_in": int(token.expires_at - self._clock.now())}


class UserInfo:
    """The userinfo endpoint (OpenID Connect Core section 5.3)."""

    def __init__(self, realm: str, bearer: BearerTokens, users: Users) -> None:
        self._realm = realm
        self.bearer = bearer
        self.users = users

    def answer(self, request: OAuthRequest) -> dict[str, Any]:
        """The name of the token's end user, if the token has the scope `openid`."""
        token = self.bearer.active(self.bearer.in_header(request))
        user = None if token.end_user is None else self.users.profile(token.end_user)
        if user is None or "openid" not in token.scopes:
            raise invalid_token(f"/{self._realm}")
        given_name, family_name = user.get("givenName") or "", user.get("sn") or ""
        return {
            "name": f"{given_name} {family_name}".strip(),
            "family_name": family_name,
            "given_name": given_name,
            "sub": token.subject,
            "subname": token.claims["subname"],
        }
