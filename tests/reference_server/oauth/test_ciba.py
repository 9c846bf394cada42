"""An agent asks the user for approval over the backchannel, and polls (OpenID CIBA Core)."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from reference_server.approver import PATH
from tests.reference_server.oauth.administration import SCOPES, Client, Json, User
from tests.reference_server.oauth.world import Guide, refusal, token_of

CIBA = "urn:openid:params:grant-type:ciba"
MESSAGE = "Restart the server? (7F3)"
KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)
KEY_SET = {
    "keys": [
        ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "agent-key"},
        RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True) | {"kid": "agent-rsa-key"},
    ]
}


class Backchannel:
    """Agents with the CIBA grant, and what they send."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.agent = self.new_agent("asking-ai-agent")

    def new_agent(self, client_id: str, *, kind: str = "AIAgent", grants: tuple[str, ...] = (CIBA,)) -> Client:
        """An agent whose key is registered."""
        return self.guide.client(
            client_id,
            kind=kind,
            core={"scopes": list(SCOPES)},
            advanced={"grantTypes": list(grants), "tokenEndpointAuthMethod": "client_secret_post"},
            signEnc={"publicKeyLocation": "jwks", "jwkSet": json.dumps(KEY_SET)},
        )

    def claims(self, **changes: Any) -> Json:
        """The claims of a good request; a None value leaves one out."""
        issuer = self.guide.http.get(self.guide.oauth + "/.well-known/openid-configuration").json()["issuer"]
        claims = {
            "iss": self.agent.id,
            "aud": issuer,
            "exp": int(time.time()) + 300,
            "jti": str(uuid.uuid4()),
            "scope": "openid admin-action",
            "login_hint": self.guide.barbara.username,
            "binding_message": MESSAGE,
        }
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def send(self, request: str | None, by: Client | None = None) -> httpx.Response:
        """POST bc-authorize."""
        return self.guide.post("/bc-authorize", {**(by or self.agent).credentials, "request": request})

    def ask(self, **changes: Any) -> httpx.Response:
        """A request for approval."""
        return self.send(jwt.encode(self.claims(**changes), KEY, "ES256", {"kid": "agent-key"}))

    def asked(self, **changes: Any) -> str:
        """The `auth_req_id` of a request."""
        answer = self.ask(**changes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["auth_req_id"])

    def poll(self, auth_req_id: str, by: Client | None = None, **changes: Any) -> httpx.Response:
        """The CIBA grant."""
        form = {"grant_type": CIBA, "auth_req_id": auth_req_id, **(by or self.agent).credentials, **changes}
        return self.guide.post("/access_token", form)

    def decide(self, decision: Any, by: User | None = None, **changes: Any) -> httpx.Response:
        """What a scripted user does."""
        user = by or self.guide.barbara
        message = {"username": user.username, "password": user.password, "binding_message": MESSAGE}
        url = f"{self.guide.server.url}{PATH}/alpha"
        return self.guide.http.post(url, json={**message, "decision": decision, **changes})

    def approved(self, **changes: Any) -> str:
        """The `auth_req_id` of a request that the user approved."""
        auth_req_id = self.asked(**changes)
        assert self.decide("approve").status_code == 200
        return auth_req_id


@pytest.fixture
def backchannel(guide: Guide) -> Backchannel:
    return Backchannel(guide)


def test_a_request_is_acknowledged_with_what_the_provider_says(guide: Guide, backchannel: Backchannel) -> None:
    body = backchannel.ask().json()
    assert (set(body), body["expires_in"], body["interval"]) == ({"auth_req_id", "expires_in", "interval"}, 600, 2)
    guide.change_provider("cibaConfig", cibaAuthReqIdLifetime=60, cibaMinimumPollingInterval=7)
    body = backchannel.ask().json()
    assert (body["expires_in"], body["interval"]) == (60, 7)


def test_the_token_is_for_the_user_and_shows_the_agent(guide: Guide, backchannel: Backchannel) -> None:
    answer = backchannel.poll(backchannel.approved())
    assert answer.json()["scope"] == "openid admin-action"
    seen = guide.introspect(token_of(answer), backchannel.agent)
    assert (seen["sub"], seen["client_id"], seen["scope"]) == (
        guide.barbara.id,
        backchannel.agent.id,
        "openid admin-action",
    )
    identity = guide.verified(answer.json()["id_token"])
    assert (identity["sub"], identity["aud"]) == (guide.barbara.id, backchannel.agent.id)


def test_before_the_decision_there_is_no_token(guide: Guide, backchannel: Backchannel) -> None:
    auth_req_id = backchannel.asked()
    assert refusal(backchannel.poll(auth_req_id)) == (400, "authorization_pending")
    assert refusal(backchannel.poll(auth_req_id)) == (400, "slow_down")
    guide.server.tenant.clock.advance(2)
    assert refusal(backchannel.poll(auth_req_id)) == (400, "authorization_pending")
    assert backchannel.decide("approve").status_code == 200
    assert token_of(backchannel.poll(auth_req_id))


def test_approval_is_of_one_request_alone(backchannel: Backchannel) -> None:
    other = backchannel.asked(binding_message="Another one")
    backchannel.approved()
    assert refusal(backchannel.poll(other)) == (400, "authorization_pending")


def test_a_denied_request_stays_denied(backchannel: Backchannel) -> None:
    auth_req_id = backchannel.asked()
    assert backchannel.decide("deny").json() == {"decision": "deny", "scope": "openid admin-action"}
    assert backchannel.decide("approve").status_code == 404
    for _ in range(2):
        assert refusal(backchannel.poll(auth_req_id)) == (400, "access_denied")


@pytest.mark.parametrize("decided", [None, "approve"])
def test_an_expired_request_is_over(guide: Guide, backchannel: Backchannel, decided: str | None) -> None:
    answer = backchannel.ask(requested_expiry=30)
    assert answer.json()["expires_in"] == 30
    if decided:
        backchannel.decide(decided)
    guide.server.tenant.clock.advance(30)
    assert backchannel.decide("approve").status_code == 404
    for _ in range(2):
        assert refusal(backchannel.poll(answer.json()["auth_req_id"])) == (400, "expired_token")
        guide.server.tenant.clock.advance(600)


@pytest.mark.parametrize(("wanted", "given"), [("45", 45), (9999, 600)])
def test_a_shorter_life_can_be_asked_for(backchannel: Backchannel, wanted: Any, given: int) -> None:
    assert backchannel.ask(requested_expiry=wanted).json()["expires_in"] == given


def test_an_approval_is_good_for_one_token(backchannel: Backchannel) -> None:
    auth_req_id = backchannel.approved()
    assert token_of(backchannel.poll(auth_req_id))
    assert refusal(backchannel.poll(auth_req_id)) == (400, "invalid_grant")


def test_another_agent_cannot_redeem_it(backchannel: Backchannel) -> None:
    auth_req_id, other = backchannel.approved(), backchannel.new_agent("other-asking-agent")
    assert refusal(backchannel.poll(auth_req_id, other)) == (400, "invalid_grant")
    assert token_of(backchannel.poll(auth_req_id))


def test_an_agent_made_anew_under_the_old_id_cannot_redeem_it(guide: Guide, backchannel: Backchannel) -> None:
    auth_req_id = backchannel.approved()
    guide.delete_client(backchannel.agent, kind="AIAgent")
    again = backchannel.new_agent(backchannel.agent.id)
    assert refusal(backchannel.poll(auth_req_id, again)) == (400, "invalid_grant")


def test_a_user_who_was_disabled_meanwhile_gives_no_token(guide: Guide, backchannel: Backchannel) -> None:
    auth_req_id = backchannel.approved()
    guide.patch("user", guide.barbara.id, "accountStatus", "inactive")
    assert refusal(backchannel.poll(auth_req_id)) == (400, "invalid_grant")
    assert refusal(backchannel.ask()) == (400, "unknown_user_id")


def test_the_token_has_what_was_approved(backchannel: Backchannel) -> None:
    asked = backchannel.approved(scope="openid read-data")
    answer = backchannel.poll(asked, scope="openid admin-action")
    assert answer.json()["scope"] == "openid read-data"
    part = backchannel.asked(scope="openid read-data admin-action")
    assert backchannel.decide("approve", scope="openid read-data").json()["scope"] == "openid read-data"
    assert backchannel.poll(part).json()["scope"] == "openid read-data"


@pytest.mark.parametrize("hints", [[], ["login_hint", "id_token_hint"], ["login_hint", "login_hint_token"]])
def test_exactly_one_hint(backchannel: Backchannel, hints: list[str]) -> None:
    good = {
        "login_hint": backchannel.guide.barbara.username,
        "id_token_hint": backchannel.poll(backchannel.approved()).json()["id_token"],
        "login_hint_token": "token",
    }
    answer = backchannel.ask(**{"login_hint": None} | {name: good[name] for name in hints})
    assert refusal(answer) == (400, "invalid_request")


def test_hints_at_a_user(guide: Guide, backchannel: Backchannel) -> None:
    id_token = backchannel.poll(backchannel.approved()).json()["id_token"]
    for hint in ({"login_hint": guide.barbara.id}, {"login_hint": None, "id_token_hint": id_token}):
        answer = backchannel.poll(backchannel.approved(**hint))
        assert guide.verified(token_of(answer))["sub"] == guide.barbara.id
    for name, value in (("login_hint", "nobody"), ("id_token_hint", guide.user_token()), ("login_hint_token", "x")):
        assert refusal(backchannel.ask(**{"login_hint": None, name: value})) == (400, "unknown_user_id")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"iss": "another-client"}, "invalid_request"),
        ({"aud": "https://elsewhere.example"}, "invalid_request"),
        ({"aud": None}, "invalid_request"),
        ({"exp": None}, "invalid_request"),
        ({"exp": 1}, "invalid_request"),
        ({"exp": 1 << 40}, "invalid_request"),
        ({"nbf": 1 << 40}, "invalid_request"),
        ({"requested_expiry": 0}, "invalid_request"),
        ({"requested_expiry": "9" * 5000}, "invalid_request"),
        ({"binding_message": "x" * 101}, "invalid_binding_message"),
        ({"binding_message": "two\nlines"}, "invalid_binding_message"),
        ({"scope": "admin-action"}, "invalid_scope"),
        ({"scope": "openid unheard-of"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
    ],
)
def test_requests_that_are_refused(backchannel: Backchannel, changes: Json, error: str) -> None:
    assert refusal(backchannel.ask(**changes)) == (400, error)


def test_a_request_is_taken_once(backchannel: Backchannel) -> None:
    request = jwt.encode(backchannel.claims(), KEY, "ES256", {"kid": "agent-key"})
    assert backchannel.send(request).status_code == 200
    assert refusal(backchannel.send(request)) == (400, "invalid_request")


@pytest.mark.parametrize(
    "sign",
    [
        lambda _: None,
        lambda _: "no.jwt.at-all",
        lambda claims: jwt.encode(claims, "", "none"),
        lambda claims: jwt.encode(claims, "a-shared-secret-of-thirty-two-bytes!", "HS256", {"kid": "agent-key"}),
        lambda claims: jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256", {"kid": "agent-key"}),
        lambda claims: jwt.encode(claims, RSA_KEY, "RS256", {"kid": "agent-rsa-key"}),
        lambda claims: jwt.encode(claims, KEY, "ES256", {"kid": "unknown-key"}),
    ],
    ids=["absent", "no JWT", "unsigned", "HMAC", "another key", "another algorithm", "an unknown key"],
)
def test_only_the_clients_own_signature_counts(backchannel: Backchannel, sign: Callable[[Json], str | None]) -> None:
    assert refusal(backchannel.send(sign(backchannel.claims()))) == (400, "invalid_request")


@pytest.mark.parametrize("headers", [{"kid": "agent-rsa-key"}, None])
def test_rsa_keys_sign_as_well(backchannel: Backchannel, headers: dict[str, Any] | None) -> None:
    assert backchannel.send(jwt.encode(backchannel.claims(), RSA_KEY, "PS256", headers)).status_code == 200


@pytest.mark.parametrize("key_set", [None, "{}", "[]", "no JSON", '{"keys": [{"kty": "EC"}, 7]}', '{"keys": 7}'])
def test_without_a_usable_key_nothing_is_signed(guide: Guide, backchannel: Backchannel, key_set: str | None) -> None:
    guide.change_client(backchannel.agent, "signEnc", kind="AIAgent", jwkSet=key_set)
    assert refusal(backchannel.ask()) == (400, "invalid_request")


def test_provider_and_client_must_have_the_grant(guide: Guide, backchannel: Backchannel) -> None:
    other = backchannel.new_agent("silent-ai-agent", grants=())
    request = jwt.encode(backchannel.claims(iss=other.id), KEY, "ES256", {"kid": "agent-key"})
    assert refusal(backchannel.send(request, other)) == (400, "unauthorized_client")
    auth_req_id = backchannel.approved()
    guide.disable(CIBA)
    assert refusal(backchannel.ask()) == (400, "unauthorized_client")
    assert refusal(backchannel.poll(auth_req_id)) == (400, "unsupported_grant_type")


def test_the_client_must_authenticate(backchannel: Backchannel) -> None:
    impostor = Client(backchannel.agent.id, "wrong")
    assert refusal(backchannel.send("request", impostor)) == (400, "invalid_client")
    assert refusal(backchannel.poll(backchannel.approved(), impostor)) == (400, "invalid_client")


def test_the_metadata_tells_how_to_ask(guide: Guide) -> None:
    def metadata() -> Json:
        body: Json = guide.http.get(guide.oauth + "/.well-known/openid-configuration").json()
        return {name: value for name, value in body.items() if name.startswith("backchannel_a") or "delivery" in name}

    assert metadata() == {
        "backchannel_authentication_endpoint": guide.server.tenant.oauth["alpha"].issuer_url + "/bc-authorize",
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_authentication_request_signing_alg_values_supported": ["ES256", "PS256"],
    }
    guide.disable(CIBA)
    assert metadata() == {}


class TestApprover:
    """Users decide for themselves."""

    def test_somebody_else_cannot_decide(self, guide: Guide, backchannel: Backchannel) -> None:
        auth_req_id, other = backchannel.asked(), guide.user("victor.moss")
        assert backchannel.decide("approve", other).status_code == 404
        assert backchannel.decide("approve", password="wrong").status_code == 401
        assert refusal(backchannel.poll(auth_req_id)) == (400, "authorization_pending")

    @pytest.mark.parametrize(
        ("decision", "scope"), [("perhaps", None), (None, None), ([], None), ("approve", "openid write-data")]
    )
    def test_what_is_no_decision(self, backchannel: Backchannel, decision: Any, scope: str | None) -> None:
        auth_req_id = backchannel.asked()
        assert backchannel.decide(decision, scope=scope).status_code == 400
        assert refusal(backchannel.poll(auth_req_id)) == (400, "authorization_pending")

    def test_other_realms_and_bodies(self, guide: Guide, backchannel: Backchannel) -> None:
        backchannel.asked()
        assert guide.http.post("/approver/unknown", json={}).status_code == 404
        assert guide.http.post("/approver/alpha", json=[]).status_code == 400
        assert guide.http.post("/approver/alpha", json={}).status_code == 401
