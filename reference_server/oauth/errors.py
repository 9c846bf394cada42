"""The refusals of the OAuth endpoints, in the words of a tenant (RFC 6749 section 5.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PRINTABLE_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,64}")
"""A scope that may be repeated to the caller: RFC 6749 section 3.3 characters, and too short to be a token."""


class OAuthError(Exception):
    """A request that is refused: error code, description and HTTP status.

    `challenge` is the value of WWW-Authenticate where the status asks for one. Nothing here may hold a secret.
    """

    def __init__(self, error: str, description: str, status: int = 400, *, challenge: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status
        self.challenge = challenge


def invalid_request(description: str, status: int = 400) -> OAuthError:
    """The request is malformed."""
    return OAuthError("invalid_request", description, status)


def missing_parameter(name: str) -> OAuthError:
    """A parameter is absent, or has no value, which counts as absent (RFC 6749 section 3.2)."""
    return invalid_request(f"Missing parameter, '{name}'")


def invalid_client(description: str = "Client authentication failed") -> OAuthError:
    """The client did not authenticate; unknown client, wrong secret and inactive client read the same."""
    return OAuthError("invalid_client", description)


def invalid_grant() -> OAuthError:
    """The user's credentials or the refresh token are no good; why is not said."""
    return OAuthError("invalid_grant", "The provided access grant is invalid, expired, or revoked.")


def authorization_pending() -> OAuthError:
    """The user has not decided yet (OpenID CIBA Core section 11)."""
    return OAuthError("authorization_pending", "End user has not yet been authenticated")


def slow_down() -> OAuthError:
    """The user has not decided yet, and the client polls faster than the interval."""
    return OAuthError("slow_down", "The polling interval has not elapsed since the last request")


def expired_token() -> OAuthError:
    """The time of the request for approval is over."""
    return OAuthError("expired_token", "The auth_req_id has expired")


def access_denied() -> OAuthError:
    """The user said no."""
    return OAuthError("access_denied", "The end user denied the request")


def unknown_user() -> OAuthError:
    """The hint leads to no active user (OpenID CIBA Core section 13)."""
    return OAuthError("unknown_user_id", "The end user could not be identified")


def invalid_binding_message() -> OAuthError:
    """The message to be shown to the user is too long or can't be shown."""
    return OAuthError("invalid_binding_message", "The binding message is invalid")


def openid_required() -> OAuthError:
    """A request for approval without the scope `openid`."""
    return OAuthError("invalid_scope", "The scope openid is required")


def unsupported_grant_type() -> OAuthError:
    """The grant type is unknown here or switched off at the provider (guide, task 1)."""
    return OAuthError("unsupported_grant_type", "Grant type is not supported")


def unauthorized_client(description: str = "The client is not authorized to use this grant type") -> OAuthError:
    """The grant type is not among the client's (guide, tasks 2.2 and 3.2)."""
    return OAuthError("unauthorized_client", description)


def invalid_exchange() -> OAuthError:
    """The exchange is refused: subject token, token type, actor or covered user; which of them is not said."""
    return invalid_request("Invalid token exchange.")


def invalid_audience() -> OAuthError:
    """No privilege of the agent is for the application that was asked for (RFC 8693 section 2.2.2)."""
    return OAuthError("invalid_target", "Invalid audience requested.")


def may_be_repeated(scopes: Sequence[str]) -> bool:
    """Whether these are a few scopes, by their look, that may stand in an answer (RFC 6749 section 5.2)."""
    return len(scopes) <= 10 and all(_PRINTABLE_SCOPE.fullmatch(scope) for scope in scopes)


def unknown_scopes(scopes: Sequence[str]) -> OAuthError:
    """Scopes that may not be granted; what does not look like a few scopes is not repeated, it might be anything."""
    named = f": [{', '.join(scopes)}]" if may_be_repeated(scopes) else ""
    return OAuthError("invalid_scope", f"Unknown/invalid scope(s){named}")


def no_scope() -> OAuthError:
    """Neither the request nor the client's defaults name a scope."""
    return OAuthError("invalid_scope", "No scope requested and no default scope configured")


def invalid_token(realm: str) -> OAuthError:
    """The bearer token of a resource request is no good (RFC 6750 section 3.1)."""
    description = "The access token provided is expired, revoked, malformed, or invalid for other reasons."
    return OAuthError("invalid_token", description, 401, challenge=f'Bearer realm="{realm}", error="invalid_token"')
