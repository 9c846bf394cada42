"""The CIBA grant: the token of a request that the user approved (OpenID CIBA Core sections 10.1 and 11)."""

from __future__ import annotations

from typing import Any

from reference_server.clock import Clock
from reference_server.oauth import terms
from reference_server.oauth.backchannel_requests import BackchannelRequest, BackchannelRequests, Decision
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import access_denied, authorization_pending, expired_token, invalid_grant, slow_down
from reference_server.oauth.form import Form
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.token_issuer import Authorization, TokenIssuer
from reference_server.oauth.users import Users


class CibaGrant:
    """Answers a client's polls."""

    def __init__(
        self, clock: Clock, provider: ProviderSettings, requests: BackchannelRequests, users: Users, issuer: TokenIssuer
    ) -> None:
        self._clock = clock
        self._provider = provider
        self.requests = requests
        self.users = users
        self.issuer = issuer

    def answer(self, client: Client, form: Form) -> dict[str, Any]:
        """The token answer to an authenticated client that may use this grant."""
        request = self.presented(client, form.required("auth_req_id"))
        self.check_decision(request)
        self.redeem(request)
        authorization = self.authorization(client, request, self.granted_scopes(request, form))
        access_token = self.issuer.access_token(authorization)
        return {
            "access_token": access_token.value,
            "scope": " ".join(authorization.scopes),
            "id_token": self.issuer.id_token(authorization).value,
            "token_type": "Bearer",
            "expires_in": access_token.expires_in,
        }

    def presented(self, client: Client, auth_req_id: str) -> BackchannelRequest:
        """The request, or an `invalid_grant` that doesn't say why."""
        request = self.requests.find(auth_req_id)
        if request is None or not self.belongs_to(request, client) or self.is_redeemed(request):
            raise invalid_grant()
        return request

    def belongs_to(self, request: BackchannelRequest, client: Client) -> bool:
        """Whether this client made the request, and not just one that has its ID now."""
        return request.registration is client.record.registration

    def is_redeemed(self, request: BackchannelRequest) -> bool:
        """Whether its token was issued: there is only one."""
        return request.redeemed

    def check_decision(self, request: BackchannelRequest) -> None:
        """Refuse unless the user approved, in time, and may still act."""
        if self.requests.is_expired(request):
            raise expired_token()
        decision = self.decision(request)
        if decision == "deny":
            raise access_denied()
        if decision is None:
            self.check_pace(request)
            raise authorization_pending()
        if not self.users.is_active(request.user_id):
            raise invalid_grant()

    def decision(self, request: BackchannelRequest) -> Decision | None:
        """What the user said; None before that."""
        return request.decision

    def check_pace(self, request: BackchannelRequest) -> None:
        """Refuse a poll that follows the last one too soon; the first is never too early."""
        now, last = self._clock.now(), request.polled_at
        request.polled_at = now
        if now - last < self._provider.ciba_interval:
            raise slow_down()

    def redeem(self, request: BackchannelRequest) -> None:
        """The request has done its duty."""
        request.redeemed = True

    def granted_scopes(self, request: BackchannelRequest, form: Form) -> tuple[str, ...]:  # noqa: ARG002 - not the form's
        """What the user approved, whatever the poll asks for."""
        return request.scopes

    def authorization(self, client: Client, request: BackchannelRequest, scopes: tuple[str, ...]) -> Authorization:
        """What the client may do for the user."""
        return Authorization(
            client=client,
            grant_type=terms.CIBA,
            subject=request.user_id,
            scopes=scopes,
            audience=(client.id,),
            authentication={"subname": request.user_id, "auth_level": 0, "auth_time": int(request.decided_at)},
        )
