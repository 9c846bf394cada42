"""The actors of `names.py` on a running tenant, and the values that only it has."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from reference_server.oauth import terms
from tests.reference_server.oauth.administration import Client, Json, User, signing_key
from tests.reference_server.oauth.world import ID_TOKEN, World, token_of
from tests.torture.fuzz import names
from tests.torture.fuzz.names import (
    AGENT,
    APPLICATION,
    BASIC_CLIENT,
    GROUP,
    OTHER_USER,
    PRIVILEGE,
    ROLE,
    USER,
    identifier,
    mark,
)

_KEY = ec.generate_private_key(ec.SECP256R1())
_KEY_SET = json.dumps({"keys": [ECAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)]})
_numbers = itertools.count(1)
_GRANTS = [terms.PASSWORD, terms.REFRESH_TOKEN, terms.CLIENT_CREDENTIALS, terms.TOKEN_EXCHANGE, terms.CIBA]


class Cast:
    """All actors of one realm."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._realm = world.realm
        world.enable(*_GRANTS)
        self._user = self._new_user(USER)
        self._new_user(OTHER_USER)
        world.create(
            "group", {"name": GROUP, "description": mark(self._realm), "members": [self._ref("user", USER)]}, GROUP
        )
        self._new("role", ROLE, name=ROLE)
        self._application = self._client(APPLICATION)
        self._new("application", APPLICATION, name=APPLICATION, ssoEntities={"oidcId": APPLICATION})
        self._client(BASIC_CLIENT, method="client_secret_basic")
        self._agent = self._client(AGENT, kind="AIAgent")
        self._new(
            "aiagentprivilege",
            PRIVILEGE,
            agent=self._ref("aiagent", AGENT),
            resource=self._ref("application", APPLICATION),
            subjects=[self._ref("user", USER)],
            permissions=[{"type": "scopes", "values": ["openid", "read-data"]}],
        )

    def live(self) -> dict[str, Callable[[], str]]:
        """How to get the values of `names.LIVE`; what is good for one use is made for each."""
        log_in = self._world.login(self._user, self._application).json()
        user_token = log_in["access_token"]
        kept = {
            "user token": user_token,
            "agent token": self._exchanged(user_token),
            "opaque token": self._opaque_token(),
            "ID token": self._exchanged(user_token, requested_token_type=ID_TOKEN),
            "refresh token": log_in["refresh_token"],
            "expired token": self._expired_token(),
            "revoked token": self._revoked_token(),
            "realm": self._realm,
        }
        made = {
            "request ID": self._request_id,
            "approved request ID": self._approved_request_id,
            "binding message": self._binding_message,
            "signed request": self._signed_request,
            "assertion": self._assertion,
        }
        values = made | {name: partial(str, value) for name, value in kept.items()}
        assert values.keys() == set(names.LIVE)
        return values

    def _new(self, kind: str, actor: str, /, **properties: Any) -> None:
        self._world.create(kind, {"description": mark(self._realm), **properties}, identifier(actor))

    def _ref(self, kind: str, name: str) -> Json:
        return self._world.reference(kind, identifier(name))

    def _new_user(self, name: str) -> User:
        profile = {"givenName": "A", "sn": mark(self._realm), "mail": f"{name}@example.com"}
        self._new("user", name, userName=name, password=names.PASSWORD, **profile)
        return User(identifier(name), name, names.PASSWORD)

    def _client(self, client_id: str, *, kind: str = "OAuth2Client", method: str = "client_secret_post") -> Client:
        override = {"providerOverridesEnabled": True, "statelessTokensEnabled": True}
        document: Json = {
            "coreOAuth2ClientConfig": {"userpassword": names.SECRET, "scopes": list(names.SCOPES)},
            "advancedOAuth2ClientConfig": {
                "grantTypes": _GRANTS,
                "tokenEndpointAuthMethod": method,
                "descriptions": [mark(self._realm)],
            },
            "overrideOAuth2ClientConfig": {
                **override,
                "issueRefreshToken": True,
                "acceptAudienceParametersInTokenExchangeRequests": True,
            },
            "signEncOAuth2ClientConfig": {"publicKeyLocation": "jwks", "jwkSet": _KEY_SET},
        }
        if kind == "AIAgent":
            document |= {
                "aiAgentIdentityAttributes": {"name": client_id, "description": mark(self._realm)},
                "aiAgentIdentityUid": identifier(client_id),
            }
        self._world.administer("PUT", f"{self._world.config}/agents/{kind}/{client_id}", document)
        return Client(client_id, names.SECRET)

    def _exchanged(self, token: str, **changes: Any) -> str:
        return token_of(self._world.exchange(token, self._agent, APPLICATION, "openid read-data", **changes))

    def _opaque_token(self) -> str:
        self._world.change_client(self._application, "override", statelessTokensEnabled=False)
        token = token_of(self._world.login(self._user, self._application))
        self._world.change_client(self._application, "override", statelessTokensEnabled=True)
        assert "." not in token
        return token

    def _expired_token(self) -> str:
        clock = self._world.server.tenant.clock
        clock.offset = -24 * 3600.0
        token = token_of(self._world.login(self._user, self._application))
        clock.offset = 0.0
        return token

    def _revoked_token(self) -> str:
        token = token_of(self._world.login(self._user, self._application))
        self._world.revoke(token, self._application)
        return token

    def _request_id(self, message: str = "") -> str:
        request = self._signed_request(message)
        answer = self._world.post("/bc-authorize", self._agent.credentials | {"request": request})
        return str(answer.json().get("auth_req_id"))

    def _binding_message(self) -> str:
        message = f"Restart? ({next(_numbers)})"
        self._request_id(message)
        return message

    def _approved_request_id(self) -> str:
        message = f"Restart? ({next(_numbers)})"
        request_id = self._request_id(message)
        decision = {"username": USER, "password": names.PASSWORD, "binding_message": message, "decision": "approve"}
        self._world.http.post(f"/approver/{self._realm}", json=decision)
        return request_id

    def _signed_request(self, message: str = "") -> str:
        claims = {
            "iss": AGENT,
            "aud": self._world.server.tenant.oauth[self._realm].issuer_url,
            "exp": int(time.time()) + 300,
            "jti": str(uuid.uuid4()),
            "scope": "openid read-data",
            "login_hint": USER,
            "binding_message": message,
        }
        return jwt.encode(claims, _KEY, "ES256")

    def _assertion(self) -> str:
        server = self._world.server
        account = server.service_account
        claims = {"iss": account.id, "sub": account.id, "aud": f"{server.url}/am/oauth2/access_token"}
        return jwt.encode(
            claims | {"exp": int(time.time()) + 180, "jti": str(uuid.uuid4())},
            signing_key(json.dumps(account.jwk)),
            "RS256",
        )
