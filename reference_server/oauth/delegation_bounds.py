"""What an exchanged token inherits as an upper bound from the token it is exchanged from."""

from __future__ import annotations

from collections.abc import Sequence

from reference_server.oauth.errors import invalid_audience, invalid_exchange, unknown_scopes
from reference_server.oauth.tokens import Token

MAX_ACTORS = 10
"""How long a chain of actors may get; more than any real chain, far less than what makes tokens unwieldy."""


class DelegationBounds:
    """None when starting from the user's own token, that token itself when starting from a delegated one.

    So the guide's example holds (a token for `openid` is exchanged for `read-data`, and lives on its own), but
    nothing that an agent got on a user's behalf can be widened, redirected or prolonged by exchanging it again.
    """

    def check(self, subject: Token, audiences: Sequence[str], scopes: Sequence[str]) -> None:
        """Refuse what goes beyond the subject token."""
        if self.depth(subject) >= MAX_ACTORS:
            raise invalid_exchange()
        if not self.within_audience(subject, audiences):
            raise invalid_audience()
        excess = self.excess_scopes(subject, scopes)
        if excess:
            raise unknown_scopes(excess)

    def depth(self, subject: Token) -> int:
        """How many actors the subject token names."""
        depth, actor = 0, subject.actor
        while actor is not None:
            depth, actor = depth + 1, actor.get("act")
        return depth

    def within_audience(self, subject: Token, audiences: Sequence[str]) -> bool:
        """Whether a delegated token is already for all of these applications."""
        return subject.actor is None or all(audience in subject.audience for audience in audiences)

    def excess_scopes(self, subject: Token, scopes: Sequence[str]) -> list[str]:
        """The scopes that a delegated token does not have."""
        return [] if subject.actor is None else [scope for scope in scopes if scope not in subject.scopes]

    def not_after(self, subject: Token) -> int | None:
        """Epoch seconds when a token exchanged from a delegated one must end."""
        return None if subject.actor is None else subject.expires_at


class HardenedBounds(DelegationBounds):
    """The user's own token is a bound as well: no scope that it lacks, no moment longer than it lasts.

    This is what the guide's example does not do and what later advice asks for. A token that an agent got for itself
    speaks for no user, and bounds nothing.
    """

    def excess_scopes(self, subject: Token, scopes: Sequence[str]) -> list[str]:
        """The scopes that the subject token does not have."""
        if subject.end_user is None:
            return super().excess_scopes(subject, scopes)
        return [scope for scope in scopes if scope not in subject.scopes]

    def not_after(self, subject: Token) -> int | None:
        """Epoch seconds when the subject token ends."""
        return super().not_after(subject) if subject.end_user is None else subject.expires_at
