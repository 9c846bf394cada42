"""Requests for a user's approval (OpenID CIBA Core): what was asked of whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reference_server.am.registration import Registration
from reference_server.clock import Clock
from reference_server.expiring import ExpiringTable
from reference_server.oauth.clients import Client
from reference_server.oauth.token_issuer import new_id

Decision = Literal["approve", "deny"]

KNOWN_AFTER_EXPIRY_SECONDS = 3600
"""How long a client that polls late still hears that its request has expired, rather than that there is none."""


@dataclass
class BackchannelRequest:
    """One request; `id` is its `auth_req_id`, times are epoch seconds."""

    registration: Registration
    """The client that asked, as it was registered then."""
    user_id: str
    scopes: tuple[str, ...]
    """Those asked for, from the decision on those decided on."""
    binding_message: str
    expires_at: float
    id: str = field(default_factory=new_id)
    decision: Decision | None = None
    decided_at: float = 0.0
    polled_at: float = 0.0
    redeemed: bool = False


class BackchannelRequests:
    """The requests of one realm: the client knows one by its id, the user by its binding message."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: ExpiringTable[str, BackchannelRequest] = ExpiringTable(clock)
        self._on_device: ExpiringTable[str, BackchannelRequest] = ExpiringTable(clock)

    def open(
        self, client: Client, user_id: str, scopes: tuple[str, ...], binding_message: str, lifetime: int
    ) -> BackchannelRequest:
        """Ask a user; `lifetime` in seconds. Of two requests with the same message the user sees the later one."""
        expires_at = self._clock.now() + lifetime
        request = BackchannelRequest(client.record.registration, user_id, scopes, binding_message, expires_at)
        self._by_id.put(request.id, request, expires_at + KNOWN_AFTER_EXPIRY_SECONDS)
        self._on_device.put(self._shown(user_id, binding_message), request, expires_at)
        return request

    def find(self, auth_req_id: str) -> BackchannelRequest | None:
        """The request of that id, whatever became of it; one that expired long ago is forgotten."""
        return self._by_id.get(auth_req_id)

    def awaiting(self, user_id: str, binding_message: str) -> BackchannelRequest | None:
        """The request of that message that awaits the user's decision."""
        request = self._on_device.get(self._shown(user_id, binding_message))
        return request if request is not None and self.is_open(request) else None

    def is_open(self, request: BackchannelRequest) -> bool:
        """Whether the user may still decide: once, and in time."""
        return request.decision is None and not self.is_expired(request)

    def is_expired(self, request: BackchannelRequest) -> bool:
        """Whether its time is over."""
        return self._clock.now() >= request.expires_at

    def decide(self, request: BackchannelRequest, decision: Decision, scopes: tuple[str, ...]) -> None:
        """The user approves these scopes of those asked for, or denies them all."""
        request.decision = decision
        request.decided_at = self._clock.now()
        request.scopes = scopes

    def _shown(self, user_id: str, binding_message: str) -> str:
        return f"{user_id} {binding_message}"
