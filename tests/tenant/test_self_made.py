"""JWTs that a client signs itself."""

from __future__ import annotations

import jwt

from fixtures.tenant.actors import Client, Secret
from fixtures.tenant.self_made import self_made


def test_the_clients_secret_verifies_it() -> None:
    client = Client("agent", Secret("a-secret-of-more-than-thirty-two-bytes"))
    token = self_made({"sub": "agent"}, client, typ="logout+jwt")
    assert jwt.decode(token, client.client_secret, algorithms=["HS256"]) == {"sub": "agent"}
    assert jwt.get_unverified_header(token)["typ"] == "logout+jwt"
