"""The OAuth 2.0 authorization server of one realm: its parts and how they hang together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reference_server.oauth import terms
from reference_server.oauth.backchannel_authentication import BackchannelAuthentication
from reference_server.oauth.backchannel_requests import BackchannelRequests
from reference_server.oauth.bearer_resources import BearerTokens, TokenInfo, UserInfo
from reference_server.oauth.ciba_grant import CibaGrant
from reference_server.oauth.client_authentication import ClientAuthentication
from reference_server.oauth.client_credentials_grant import ClientCredentialsGrant
from reference_server.oauth.clients import Clients
from reference_server.oauth.delegation_bounds import DelegationBounds, HardenedBounds
from reference_server.oauth.discovery import Discovery, issuer_of
from reference_server.oauth.errors import OAuthError, invalid_request
from reference_server.oauth.exchange_tokens import ExchangeTokens
from reference_server.oauth.form import FormReader
from reference_server.oauth.http import Answers, OAuthAnswer, OAuthRequest
from reference_server.oauth.introspection import Introspection
from reference_server.oauth.password_grant import PasswordGrant
from reference_server.oauth.privileges import Privileges
from reference_server.oauth.provider_settings import ProviderSettings
from reference_server.oauth.refresh_grant import RefreshGrant
from reference_server.oauth.revocation import Revocation
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.signed_requests import SignedRequests
from reference_server.oauth.signing_keys import SigningKeys
from reference_server.oauth.token_endpoint import Grant, TokenEndpoint
from reference_server.oauth.token_exchange_grant import TokenExchangeGrant
from reference_server.oauth.token_issuer import TokenIssuer
from reference_server.oauth.token_status import TokenStatus
from reference_server.oauth.token_store import Revocations, TokenStore
from reference_server.oauth.token_verification import TokenVerification
from reference_server.oauth.users import Users

if TYPE_CHECKING:
    from reference_server.tenant import Realm, Tenant

Handler = Callable[[OAuthRequest], Mapping[str, Any]]


class AuthorizationServer:
    """One realm's endpoints. Keys, tokens and revocations are its own: nothing of another realm is valid here.

    Every rule is a method of one of the parts, which are reached from here by name.
    """

    def __init__(self, tenant: Tenant, realm: Realm) -> None:
        clock, name = tenant.clock, realm.name
        self.realm = realm
        self.issuer_url = issuer_of(tenant.url, name)
        self.provider = ProviderSettings(realm)
        self.clients = Clients(realm, self.provider)
        self.users = Users(tenant, name)
        self.scopes = Scopes()
        self.keys = SigningKeys()
        self.verification = TokenVerification(self.keys, self.issuer_url)
        self.store = TokenStore(clock, self.verification)
        self.revocations = Revocations(clock)
        self.status = TokenStatus(clock, self.clients, self.users, self.store, self.revocations)
        self.issuer = TokenIssuer(clock, name, self.issuer_url, self.provider, self.keys, self.store)
        self.privileges = Privileges(tenant, name, self.clients, self.users, self.scopes)
        self.bounds = HardenedBounds() if tenant.hardened else DelegationBounds()
        self.answers = Answers()
        self.form_reader = FormReader()
        self.authentication = ClientAuthentication(name, self.clients)
        self.backchannel_requests = BackchannelRequests(clock)
        self.signed_requests = SignedRequests(clock, self.issuer_url, self.provider)
        self.backchannel_authentication = BackchannelAuthentication(
            self.provider, self.signed_requests, self.backchannel_requests, self.users, self.scopes, self.store
        )
        self._wire_grants(tenant)
        self.introspection = Introspection(clock, self.store, self.status)
        self.revocation = Revocation(self.store, self.revocations)
        self.bearer = BearerTokens(name, self.form_reader, self.store, self.status)
        self.token_info = TokenInfo(clock, self.bearer)
        self.user_info = UserInfo(name, self.bearer, self.users)
        self.discovery = Discovery(self.issuer_url, self.provider, self.keys)
        self._wire_endpoints()

    def _wire_grants(self, tenant: Tenant) -> None:
        self.password = PasswordGrant(tenant.clock, self.provider, self.users, self.scopes, self.issuer)
        self.refresh = RefreshGrant(self.store, self.status, self.revocations, self.scopes, self.issuer)
        self.client_credentials = ClientCredentialsGrant(self.scopes, self.issuer)
        self.exchange_tokens = ExchangeTokens(self.provider, self.store, self.status)
        self.token_exchange = TokenExchangeGrant(
            self.provider, self.exchange_tokens, self.privileges, self.bounds, self.scopes, self.issuer
        )
        self.ciba = CibaGrant(tenant.clock, self.provider, self.backchannel_requests, self.users, self.issuer)
        grants: dict[str, Grant] = {
            terms.PASSWORD: self.password,
            terms.REFRESH_TOKEN: self.refresh,
            terms.CLIENT_CREDENTIALS: self.client_credentials,
            terms.TOKEN_EXCHANGE: self.token_exchange,
            terms.CIBA: self.ciba,
        }
        self.token_endpoint = TokenEndpoint(self.provider, self.form_reader, self.authentication, grants)

    def _wire_endpoints(self) -> None:
        """Paths below the issuer, with the methods that each serves."""
        self.endpoints: dict[str, tuple[tuple[str, ...], Handler]] = {
            "/access_token": (("POST",), lambda request: self.token_endpoint.answer(request)),
            "/bc-authorize": (("POST",), lambda request: self.ask_user(request)),
            "/introspect": (("POST",), lambda request: self.introspect(request)),
            "/token/revoke": (("POST",), lambda request: self.revoke(request)),
            "/tokeninfo": (("GET", "POST"), lambda request: self.token_info.answer(request)),
            "/userinfo": (("GET", "POST"), lambda request: self.user_info.answer(request)),
            "/connect/jwk_uri": (("GET", "HEAD"), lambda _: self.discovery.key_set()),
            "/.well-known/openid-configuration": (("GET", "HEAD"), lambda _: self.discovery.metadata()),
            "/.well-known/oauth-authorization-server": (("GET", "HEAD"), lambda _: self.discovery.metadata()),
        }

    def answer(self, path: str, request: OAuthRequest) -> OAuthAnswer:
        """The answer of the endpoint at a path below the issuer."""
        methods, handler = self.endpoints[path]
        if request.method not in methods:
            allow = ((b"allow", ", ".join(methods).encode()),)
            return replace(self.answers.refusal(invalid_request("Method Not Allowed", 405)), headers=allow)
        try:
            return OAuthAnswer(handler(request))
        except OAuthError as refusal:
            return self.answers.refusal(refusal)

    def ask_user(self, request: OAuthRequest) -> Mapping[str, Any]:
        """POST bc-authorize."""
        form = self.form_reader.read(request)
        return self.backchannel_authentication.answer(self.authentication.authenticate(request, form), form)

    def introspect(self, request: OAuthRequest) -> Mapping[str, Any]:
        """POST introspect."""
        form = self.form_reader.read(request)
        return self.introspection.answer(self.authentication.authenticate(request, form), form)

    def revoke(self, request: OAuthRequest) -> Mapping[str, Any]:
        """POST token/revoke."""
        form = self.form_reader.read(request)
        return self.revocation.answer(self.authentication.authenticate(request, form), form)
