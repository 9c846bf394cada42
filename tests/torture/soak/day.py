"""`python -m tests.torture.soak.day EXCHANGES`: a day of a tenant in its own process; a line of JSON for each look."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from reference_server.oauth.http import OAuthRequest
from reference_server.server import ReferenceServer
from tests.reference_server.oauth.administration import EXCHANGE, SCOPES, Client, Json
from tests.reference_server.oauth.world import ACCESS_TOKEN, Guide
from tests.torture.process import resident_bytes
from tests.torture.soak.census import census

ROUNDS = 288  # each of five minutes
ROUND_SECONDS = 300
LITTLE = 30
LOOKED_AT_EACH = 0.1  # of the day
CIBA = "urn:openid:params:grant-type:ciba"
FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)


class Day:
    """Log-ins, exchanges, introspections, revocations and requests for approval, while the clock moves.

    The socket is left out: what is measured is what the tenant keeps.
    """

    def __init__(self, server: ReferenceServer, http: httpx.Client) -> None:
        self.tenant = server.tenant
        self.oauth = self.tenant.oauth["alpha"]
        self.guide = Guide(server, http, "-soak")
        self.guide.enable("refresh_token")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.agents = [self.guide.assistant, self.agent_with_opaque_tokens()]
        self.asking = self.asking_agent()
        self.names = 0

    def agent_with_opaque_tokens(self) -> Client:
        """An agent whose tokens the tenant has to keep."""
        agent = self.guide.agent("opaque-agent", override={"statelessTokensEnabled": False})
        self.guide.privilege(agent, self.guide.app, subjects=[self.guide.barbara], scopes=["read-data"])
        return agent

    def asking_agent(self) -> Client:
        """An agent that asks users for approval."""
        key = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return self.guide.client(
            "asking-agent",
            kind="AIAgent",
            core={"scopes": list(SCOPES)},
            advanced={"grantTypes": [CIBA], "tokenEndpointAuthMethod": "client_secret_post"},
            signEnc={"publicKeyLocation": "jwks", "jwkSet": json.dumps({"keys": [key]})},
        )

    def post(self, path: str, form: Mapping[str, Any]) -> Json:
        """The answer to a request that must be granted."""
        answer = self.oauth.answer(path, OAuthRequest("POST", FORM, b"", urlencode(form).encode()))
        assert answer.status == 200, (path, answer.body)
        return dict(answer.body)

    def log_in(self) -> Json:
        """The user's tokens."""
        user = self.guide.barbara
        form = {"grant_type": "password", "username": user.username, "password": user.password}
        return self.post("/access_token", {**form, **self.guide.app.credentials, "scope": "openid read-data"})

    def renew(self, refresh_token: str) -> None:
        """A refresh grant, after which the old refresh token is worth nothing."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        self.post("/access_token", {**form, **self.guide.app.credentials})

    def exchange(self, subject_token: str, agent: Client) -> str:
        """An agent's token."""
        form = {"grant_type": EXCHANGE, "subject_token": subject_token, "subject_token_type": ACCESS_TOKEN}
        wanted = {"audience": self.guide.app.id, "scope": "read-data"}
        return str(self.post("/access_token", {**form, **agent.credentials, **wanted})["access_token"])

    def is_active(self, token: str, agent: Client) -> bool:
        """What introspection says."""
        return bool(self.post("/introspect", {"token": token, **agent.credentials})["active"])

    def revoke(self, token: str, agent: Client) -> None:
        """Give a token back."""
        self.post("/token/revoke", {"token": token, **agent.credentials})

    def ask(self, *, approved: bool) -> None:
        """A request for approval; one that is not approved is left to expire."""
        self.names += 1
        message = f"Message {self.names}"
        now = self.tenant.clock.now()
        claims = {"iss": self.asking.id, "aud": self.oauth.issuer_url, "exp": int(now) + 300, "jti": message}
        wanted = {"scope": "openid read-data", "login_hint": self.guide.barbara.username, "binding_message": message}
        signed = jwt.encode(claims | wanted, self.key, "ES256")
        asked = self.post("/bc-authorize", {**self.asking.credentials, "request": signed})["auth_req_id"]
        if approved:
            requests = self.oauth.backchannel_requests
            pending = requests.awaiting(self.guide.barbara.id, message)
            assert pending
            requests.decide(pending, "approve", pending.scopes)
            self.post("/access_token", {"grant_type": CIBA, "auth_req_id": asked, **self.asking.credentials})

    def round(self, exchanges: int) -> None:
        """Five minutes."""
        tokens = self.log_in()
        self.tenant.sessions.open("account", frozenset())
        self.ask(approved=True)
        self.ask(approved=False)
        for number in range(exchanges):
            agent = self.agents[number % 2]
            token = self.exchange(tokens["access_token"], agent)
            if number % 10 == 0:
                assert self.is_active(token, agent)
                self.revoke(token, agent)
                assert not self.is_active(token, agent)
        last = [self.exchange(tokens["access_token"], agent) for agent in self.agents]
        self.renew(tokens["refresh_token"])
        self.tenant.clock.advance(ROUND_SECONDS)
        assert all(self.is_active(token, agent) for token, agent in zip(last, self.agents, strict=True))
        self.tenant.clock.advance(3600 - ROUND_SECONDS)
        assert not any(self.is_active(token, agent) for token, agent in zip(last, self.agents, strict=True))
        self.tenant.clock.advance(ROUND_SECONDS - 3600)

    def forget(self) -> None:
        """Nine days later: requests until all is forgotten that has expired, two things of a kind with each."""
        self.tenant.clock.advance(9 * 24 * 3600)
        largest = max(number for path, number in census(self.tenant).items() if path.endswith("._entries"))
        for number in range(largest // 2 + 1000):
            if number % 100 == 0:
                user_token = self.log_in()["access_token"]
                token = self.exchange(user_token, self.agents[1])
                self.ask(approved=False)
                self.tenant.sessions.open("account", frozenset())
            self.exchange(user_token, self.agents[1])
            self.revoke(token, self.agents[1])
            self.tenant.clock.advance(5)


def main() -> None:
    """Live through a day."""
    total, done = int(sys.argv[1]), 0
    began = time.process_time()

    def look(when: str) -> None:
        held = {path: number for path, number in census(day.tenant).items() if number > LITTLE}
        shown = {"when": when, "exchanges": done, "bytes": resident_bytes(os.getpid()), "held": held}
        print(json.dumps(shown | {"cpu": time.process_time() - began}), flush=True)

    with ReferenceServer() as server, httpx.Client(base_url=server.url) as http:
        day = Day(server, http)
        for number in range(1, ROUNDS + 1):
            count = total * number // ROUNDS - done
            day.round(count)
            done += count
            if number == round(ROUNDS * LOOKED_AT_EACH):
                look("a tenth of the day")
        look("the day")
        day.forget()
        look("nine days later")


if __name__ == "__main__":
    main()
