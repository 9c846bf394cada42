"""Which tokens belong to a client that is registered now, and which to an earlier one of the same ID."""

from __future__ import annotations


class Registration:
    """The creation of a client: whatever was issued before it belongs to a predecessor and is dead.

    Tokens tell their time in whole seconds. So those issued in the very second of the creation, or earlier by a clock
    that was put back, are known by their ids.
    """

    def __init__(self, created: float) -> None:
        self._second = int(created)
        self._first: set[str] = set()

    def note(self, token_id: str, issued_at: int) -> None:
        """The client gets a token."""
        if issued_at <= self._second:
            self._first.add(token_id)

    def covers(self, token_id: str, issued_at: int) -> bool:
        """Whether a token was issued to this client rather than to a predecessor."""
        return issued_at > self._second or token_id in self._first
