"""The application as resource server accepts one kind of token only, and says which claim made it refuse another."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from fixtures.resource_server import Decision, ResourceServer
from fixtures.tenant.actors import Client, Secret
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import Endpoints, OAuth
from tests.tenant.stand_in import Reply, serving

P, AGENT, ISSUER = Client("web-app", Secret("secret of the application")), "ai-agent", "https://tenant.example/alpha"
KEY, OTHER_KEY = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
KEYS = [json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1", "alg": "ES256"}]
HMAC_KEY = "a key that only the tenant has, and that is long enough"
SERVED = Decision(user="u", agent=AGENT)


class Tenant:
    """A tenant whose keys and introspection a test chooses; it vouches only for the client that it is told about."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = KEYS
        self.seen: dict[str, Any] = {"active": False}

    def __call__(self, method: str, path: str, headers: dict[str, str], body: str) -> Reply:  # noqa: ARG002
        if path.endswith("jwk_uri"):
            return 200, {}, json.dumps({"keys": self.keys})
        by_application = parse_qs(body).get("client_id") == [P.client_id]
        return 200, {}, json.dumps(self.seen if by_application else {"active": False})


@pytest.fixture
def tenant() -> Tenant:
    """The tenant."""
    return Tenant()


@pytest.fixture
def application(tenant: Tenant) -> Iterator[ResourceServer]:
    """The application, which trusts the tenant and one agent."""
    with Http(timeout_seconds=5) as http, serving(tenant) as url:
        yield ResourceServer(OAuth(http, Endpoints.of_tenant(url, "alpha")), P, issuer=ISSUER, agents=[AGENT])


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a token that the application accepts, with some changed; `...` leaves a claim out."""
    right = {"iss": ISSUER, "aud": [AGENT, P.client_id], "exp": int(time.time()) + 60, "sub": "u"}
    right |= {"scope": ["openid", "read-data"], "act": {"sub": AGENT}}
    return {name: value for name, value in (right | changes).items() if value is not ...}


def signed(key: Any = KEY, algorithm: str = "ES256", kid: str = "1", **changes: Any) -> str:
    """A signed token with these claims."""
    return jwt.encode(claims(**changes), key, algorithm, {"kid": kid})


WRONG = [
    ("iss", ...),
    ("iss", "https://tenant.example/bravo"),
    ("aud", ...),
    ("aud", AGENT),
    ("aud", [AGENT, "second-app"]),
    ("aud", f"{P.client_id}2"),
    ("exp", ...),
    ("exp", 1),
    ("exp", "tomorrow"),
    ("scope", "openid read-data-all"),
    ("scope", ["openid read-data"]),
    ("scope", 7),
    ("act", ...),
    ("act", AGENT),
    ("act", {}),
    ("act", {"sub": "another-agent", "act": {"sub": AGENT}}),
    ("act", {"sub": f"{AGENT})"}),
    ("sub", ...),
]
Token = Callable[[], str]


@pytest.mark.parametrize(
    "changes", [{}, {"aud": P.client_id}, {"scope": "read-data openid"}, {"act": {"sub": f"(age!{AGENT})"}}]
)
def test_the_right_token_is_served(application: ResourceServer, changes: dict[str, Any]) -> None:
    decision = application.call(signed(**changes), "read-data")
    assert (decision.user, decision.claim) == ("u", "")
    assert AGENT in decision.agent


@pytest.mark.parametrize(("claim", "value"), WRONG)
def test_each_claim_has_to_be_right(application: ResourceServer, claim: str, value: Any) -> None:
    decision = application.call(signed(**{claim: value}), "read-data")
    assert (decision.claim, decision.found) == (claim, None if value is ... else value)
    assert (decision.user, decision.agent) == ("", "")


def test_the_scope_that_a_jwt_does_not_name_is_asked_for(application: ResourceServer, tenant: Tenant) -> None:
    tenant.seen = {"active": True, "scope": "openid read-data"}
    assert application.call(signed(scope=...), "read-data") == SERVED
    assert application.call(signed(scope=...), "write-data").found == "openid read-data"
    tenant.seen = {"active": True}
    assert application.call(signed(scope=...), "read-data").claim == "scope"
    tenant.seen = {"active": False}
    assert application.call(signed(scope=...), "read-data").claim == "active"


@pytest.mark.parametrize(
    "token",
    [
        lambda: signed(OTHER_KEY),
        lambda: signed(kid="2"),
        lambda: jwt.encode(claims(), "", "none", {"kid": "1"}),
        lambda: ".".join([*signed(sub="v").split(".")[:2], signed().split(".")[2]]),
    ],
    ids=["foreign key", "unknown key", "unsigned", "changed claims"],
)
def test_the_signature_has_to_be_the_tenants(application: ResourceServer, tenant: Tenant, token: Token) -> None:
    tenant.seen = claims(active=True)
    assert application.call(token(), "read-data").claim == "signature"


@pytest.mark.parametrize(
    ("token", "keys"),
    [(lambda: "opaque", KEYS), (lambda: signed(HMAC_KEY, "HS256"), KEYS), (signed, [])],
    ids=["opaque", "HS256", "no public key"],
)
class TestWithoutAPublicKey:
    """Where the application can't verify a signature the tenant's word counts."""

    @pytest.fixture(autouse=True)
    def published(self, tenant: Tenant, keys: list[dict[str, Any]]) -> None:
        tenant.keys = keys

    def test_an_active_token_is_served(self, application: ResourceServer, tenant: Tenant, token: Token) -> None:
        tenant.seen = claims(active=True, scope="openid read-data")
        assert application.call(token(), "read-data") == SERVED

    def test_what_the_tenant_leaves_unsaid_is_no_fault(
        self, application: ResourceServer, tenant: Tenant, token: Token
    ) -> None:
        tenant.seen = claims(active=True, iss=..., aud=..., exp=...)
        assert application.call(token(), "read-data") == SERVED

    @pytest.mark.parametrize("seen", [{"active": False}, claims(active="true"), {"error": "invalid_client"}])
    def test_any_other_is_not(
        self, application: ResourceServer, tenant: Tenant, token: Token, seen: dict[str, Any]
    ) -> None:
        tenant.seen = seen
        assert application.call(token(), "read-data").claim == "active"

    @pytest.mark.parametrize(
        ("claim", "value"), [("iss", "x"), ("aud", AGENT), ("exp", 1), ("scope", "openid"), ("act", None)]
    )
    def test_what_it_says_has_to_be_right(
        self, application: ResourceServer, tenant: Tenant, token: Token, claim: str, value: Any
    ) -> None:
        tenant.seen = claims(active=True, **{claim: value})
        assert application.call(token(), "read-data").claim == claim
