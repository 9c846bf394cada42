"""Forgeries are what they say: near the genuine token, good enough for a careless tenant, never for a careful one."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fixtures.tenant import forgers_key, forgery
from fixtures.tenant.forgers_key import ForgersKey
from fixtures.tenant.forgery import FORGERIES, Forged, Template
from fixtures.tenant.signed import public_key, public_keys, read_signed

CLAIMS = {
    "sub": "the-user",
    "subname": "the-user",
    "iss": "https://tenant:443/am/alpha",
    "scope": ["openid"],
    "exp": 1_800_000_000,
}
ALGORITHMS = ["ES256", "RS256", "EdDSA", "HS256"]
_unkept = forgers_key.keys_like.__wrapped__
REALM: dict[str, ForgersKey] = {algorithm: _unkept(algorithm)[0] for algorithm in [*ALGORITHMS, "ES512"]}
"""The realm's own keys, other than those that `keys_like` keeps."""


def template(algorithm: str = "ES256", **claims: Any) -> Template:
    """A token that the realm signed."""
    key = REALM[algorithm]
    header = {"kid": key.kid, "alg": algorithm} if key.is_pair else {"alg": algorithm}
    token = jwt.encode({**CLAIMS, **claims}, key.private, algorithm, headers=header)
    return Template(token, ("openid", "admin-action"), "another-agent")


def jwks(algorithm: str = "ES256") -> list[dict[str, Any]]:
    """What the realm publishes."""
    return [REALM[algorithm].public_jwk] if REALM[algorithm].is_pair else []


def header(token: str) -> dict[str, Any]:
    """The JOSE header of a token, however odd."""
    return decoded(token.split(".")[0])


def claims(token: str) -> dict[str, Any]:
    """The claims of a token, however odd its header."""
    return decoded(token.split(".")[1])


def decoded(part: str) -> dict[str, Any]:
    """One part of a token."""
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return found


def verifies(token: str, key: Any, algorithm: str) -> bool:
    """Whether this key verifies the token."""
    try:
        jwt.decode(token, key, [algorithm], options={"verify_aud": False})
    except jwt.InvalidTokenError:
        return False
    return True


def only(forged: Forged) -> str:
    """The one token of a forgery."""
    (token,) = forged.values()
    return token


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_realm_verifies_the_genuine_token(algorithm: str) -> None:
    token = template(algorithm).token
    assert verifies(
        token, getattr(REALM[algorithm].private, "public_key", lambda: REALM[algorithm].private)(), algorithm
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=list(FORGERIES))
def test_the_realm_verifies_no_forgery(forge: Callable[[Template], Forged], algorithm: str) -> None:
    genuine = template(algorithm)
    forged = forge(genuine)
    assert forged
    assert genuine.token not in forged.values()
    for token in forged.values():
        signed = read_signed(token, jwks(algorithm))
        assert signed is None or not signed.verified
        assert not verifies(token, REALM["HS256"].private, "HS256")


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=list(FORGERIES))
def test_the_user_stays_so_that_nothing_else_is_refused(forge: Callable[[Template], Forged]) -> None:
    for token in forge(template()).values():
        assert claims(token)["sub"] == "the-user"


def test_claims_change_under_the_genuine_signature() -> None:
    genuine = template()
    changed = {
        "scope": (FORGERIES["more scope"], ["openid", "admin-action"]),
        "exp": (FORGERIES["a later expiry"], CLAIMS["exp"] + 86_400),  # type: ignore[operator]
        "act": (FORGERIES["another actor"], {"sub": "another-agent"}),
    }
    for name, (forge, value) in changed.items():
        token = only(forge(genuine))
        assert claims(token) == CLAIMS | {name: value}
        assert token.split(".")[::2] == genuine.token.split(".")[::2]


def test_a_scope_string_stays_a_string() -> None:
    token = only(FORGERIES["more scope"](template(scope="openid")))
    assert claims(token)["scope"] == "openid admin-action"


def test_another_subject_wherever_the_claims_name_the_user() -> None:
    token = only(forgery.another_subject(template(), "somebody"))
    assert claims(token) == CLAIMS | {"sub": "somebody", "subname": "somebody"}


def test_the_signature_of_another_token() -> None:
    other = template(jti="other").token
    token = only(forgery.another_signature(template(), other))
    assert token.rpartition(".")[2] == other.rpartition(".")[2]
    assert claims(token) == CLAIMS


@pytest.mark.parametrize(("alg", "shown"), [("nOnE", {"alg": "nOnE"}), ("", {"alg": ""}), (None, {})])
def test_unsigned_tokens_say_so(alg: str | None, shown: dict[str, str]) -> None:
    with_kid, without_kid = forgery.unsigned(template(), alg).values()
    assert [header(with_kid), header(without_kid)] == [
        {"typ": "JWT", "kid": REALM["ES256"].kid} | shown,
        {"typ": "JWT"} | shown,
    ]
    assert with_kid.endswith(".")
    assert claims(without_kid) == CLAIMS


@pytest.mark.parametrize(("algorithm", "count"), [("ES256", 6), ("RS256", 8), ("EdDSA", 5)])
@pytest.mark.parametrize("hmac", ["HS256", "HS512"])
def test_a_public_key_serves_as_secret_in_each_encoding(algorithm: str, count: int, hmac: str) -> None:
    forged = forgery.keyed_with_public_key(template(algorithm), hmac, jwks(algorithm))
    assert len(set(forged.values())) == count
    pem = public_key(jwks(algorithm)[0]).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[union-attr]
    token = next(token for what, token in forged.items() if what.endswith("SubjectPublicKeyInfo PEM"))
    assert header(token)["alg"] == hmac
    implementation, (body, _, signature) = jwt.get_algorithm_by_name(hmac), token.rpartition(".")
    assert implementation.verify(body.encode(), pem, base64.urlsafe_b64decode(signature + "=="))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_key_in_jwk_verifies(algorithm: str) -> None:
    for token in FORGERIES["the forger's key as jwk"](template(algorithm)).values():
        shown = header(token)
        assert verifies(token, jwt.PyJWK(shown["jwk"]), shown["alg"])
        assert not {"d", "p", "q"} & set(shown["jwk"])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_key_in_x5c_verifies(algorithm: str) -> None:
    for token in FORGERIES["the forger's key as x5c"](template(algorithm)).values():
        shown = header(token)
        certificate = x509.load_der_x509_certificate(base64.b64decode(shown["x5c"][0]))
        assert verifies(token, certificate.public_key(), shown["alg"])


def test_keys_elsewhere_are_pointed_to() -> None:
    headers = [header(token) for token in forgery.key_elsewhere(template(), "http://forger").values()]
    assert {shown.get("jku") for shown in headers} == {None, "http://forger/jwks.json"}
    assert {shown.get("x5u") for shown in headers} == {None, "http://forger/certificate.pem"}
    assert all(len({"jku", "x5u"} & set(shown)) == 1 for shown in headers)


def test_a_path_as_kid_leads_to_an_empty_secret() -> None:
    forged = FORGERIES["a path as kid"](template())
    token = next(token for what, token in forged.items() if "empty secret" in what)
    body, _, signature = token.rpartition(".")
    assert header(token)["kid"].endswith("../dev/null")
    assert jwt.get_algorithm_by_name("HS256").verify(body.encode(), b"", base64.urlsafe_b64decode(signature + "=="))


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ("the realm's issuer", CLAIMS["iss"]),
        ("another issuer", "https://keys.forged.invalid"),
        ("an issuer that begins like the realm's", "https://tenant:443/am/alpha.evil"),
        ("the realm's host as user information", "https://tenant:443@forged.invalid/am/alpha"),
        ("no issuer", None),
    ],
)
def test_issuers(name: str, issuer: str | None) -> None:
    genuine = template()
    for token in FORGERIES[name](genuine).values():
        assert claims(token).get("iss") == issuer
        assert verifies(token, genuine.keys[0].private.public_key(), "ES256")


def test_kids_of_public_keys_and_what_serves_for_signatures() -> None:
    first, second = jwks("ES256")[0], jwks("RS256")[0]
    others = [{"kty": "oct", "k": "eA"}, {"kty": "OKP", "crv": "X25519", "x": "eA"}, {**second, "use": "enc"}, {}]
    assert public_keys([first, *others], "unknown") == [first]
    assert public_keys([first, second, second | {"alg": "PS256"}], first["kid"]) == [first]
    assert public_keys([first, second], None) == [first, second]
