"""The forger's key server publishes what forged tokens point to, and remembers who asked."""

from __future__ import annotations

import json
from urllib.request import urlopen

from cryptography import x509

from fixtures.key_server import key_server
from fixtures.tenant.forgers_key import keys_like

KEYS = keys_like("HS256")


def fetched(url: str) -> bytes:
    """The content at a URL."""
    with urlopen(url) as answer:  # noqa: S310 - loopback
        content: bytes = answer.read()
    return content


def test_it_publishes_keys_certificate_and_metadata() -> None:
    with key_server(KEYS) as server:
        assert json.loads(fetched(f"{server.url}/jwks.json"))["keys"] == [key.public_jwk for key in KEYS]
        pair = next(key for key in KEYS if key.is_pair)
        assert x509.load_pem_x509_certificate(fetched(f"{server.url}/certificate.pem")) == pair.certificate
        metadata = json.loads(fetched(f"{server.url}/.well-known/openid-configuration"))
        assert metadata == {"issuer": server.url, "jwks_uri": f"{server.url}/jwks.json"}
        assert server.fetched == ["/jwks.json", "/certificate.pem", "/.well-known/openid-configuration"]


def test_nothing_is_fetched_at_first() -> None:
    with key_server(KEYS) as server:
        assert server.fetched == []
