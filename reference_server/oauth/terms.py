"""Registered OAuth 2.0 values that the endpoints understand (RFC 6749, RFC 8693, OpenID CIBA)."""

from __future__ import annotations

from typing import Final

PASSWORD: Final = "password"  # noqa: S105 - a grant type
REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105 - a grant type and a token's name
CLIENT_CREDENTIALS: Final = "client_credentials"
TOKEN_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
CIBA: Final = "urn:openid:params:grant-type:ciba"

ACCESS_TOKEN_TYPE: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a token type
ID_TOKEN_TYPE: Final = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a token type

ACCESS_TOKEN: Final = "access_token"  # noqa: S105 - a token's name
ID_TOKEN: Final = "id_token"  # noqa: S105 - a token's name
