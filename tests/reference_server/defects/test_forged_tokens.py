"""Defects of verification: which tokens are believed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.reference_server.defects.forgery import (
    OWN_JWK,
    Sign,
    forged,
    hs256,
    is_exchanged,
    no_signature,
    own_signature,
)
from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.test_token_integrity import decoded
from tests.reference_server.oauth.world import Guide


@planted("signature-not-verified")
@pytest.mark.parametrize("sign", [no_signature, own_signature, hs256(b"secret")], ids=["none", "own", "hmac"])
def test_a_subject_token_needs_no_valid_signature(guide: Guide, wrong: bool, sign: Sign) -> None:
    user_token = guide.user_token("openid")
    changed = forged(user_token, sign, claims={"scope": ["read-data"]}, kid="unknown", alg="none")
    assert is_exchanged(guide, changed) is wrong
    assert is_exchanged(guide, changed.rpartition(".")[0]) is wrong
    assert not guide.is_active(changed, guide.app)


@planted("alg-none-accepted")
@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "ES256"])
def test_an_unsigned_token_is_accepted(guide: Guide, wrong: bool, algorithm: str) -> None:
    unsigned = forged(guide.user_token(), no_signature, alg=algorithm)
    assert is_exchanged(guide, unsigned) is wrong
    assert guide.is_active(unsigned, guide.app) is wrong


@planted("hs256-public-key-confusion")
@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_the_public_key_is_a_shared_secret(guide: Guide, wrong: bool, algorithm: str) -> None:
    guide.change_provider("advancedOAuth2Config", tokenSigningAlgorithm=algorithm)
    token = guide.user_token()
    keys = guide.http.get(guide.oauth + "/connect/jwk_uri").json()["keys"]
    jwk = next(key for key in keys if key["alg"] == algorithm)
    key = jwt.PyJWK(jwk).key
    kind = PublicFormat.SubjectPublicKeyInfo if algorithm == "ES256" else PublicFormat.PKCS1
    pem, der = (key.public_bytes(encoding, kind) for encoding in (Encoding.PEM, Encoding.DER))
    member = jwk["n" if algorithm == "RS256" else "x"]

    for secret in (pem, pem.strip(), der, member.encode(), decoded(member)):
        assert is_exchanged(guide, forged(token, hs256(secret), alg="HS256")) is wrong
    assert not is_exchanged(guide, forged(token, hs256(b"something else"), alg="HS256"))


@contextmanager
def served(content: bytes) -> Iterator[str]:
    """The address of a document on this machine."""

    class Document(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Document) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@planted("header-jwk-trusted")
def test_a_token_brings_its_own_key(guide: Guide, wrong: bool) -> None:
    user_token = guide.user_token()
    assert is_exchanged(guide, forged(user_token, jwk=OWN_JWK)) is wrong
    assert not is_exchanged(guide, forged(user_token, jwk={"kty": "EC"}, jku="http://elsewhere.example"))
    with served(json.dumps({"keys": [OWN_JWK]}).encode()) as address:
        assert is_exchanged(guide, forged(user_token, jku=address)) is wrong


@planted("foreign-issuer-accepted")
@pytest.mark.parametrize("issuer", ["https://elsewhere.example", "{}.evil", None])
def test_a_token_of_another_issuer_is_believed(guide: Guide, wrong: bool, issuer: str | None) -> None:
    user_token = guide.user_token()
    own = str(guide.verified(user_token)["iss"])
    foreign = forged(user_token, claims={"iss": issuer and issuer.format(own)}, kid="unknown")
    assert is_exchanged(guide, foreign) is wrong
    assert guide.is_active(foreign, guide.app) is wrong
    assert not is_exchanged(guide, forged(user_token))


@planted("unknown-kid-falls-back")
@pytest.mark.parametrize("kid", ["unknown", "../../dev/null", None, ["a"]], ids=str)
def test_an_unknown_kid_selects_no_key(guide: Guide, wrong: bool, kid: object) -> None:
    user_token = guide.user_token()
    assert is_exchanged(guide, forged(user_token, kid=kid)) is wrong
    assert not is_exchanged(guide, forged(user_token))
    assert not is_exchanged(guide, forged(user_token, no_signature, kid=kid, alg="none"))
