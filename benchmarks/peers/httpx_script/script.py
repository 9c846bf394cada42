"""`python script.py COUNT`: the guide's flow so many times, with one client."""

from __future__ import annotations

import os
import sys
from typing import Any

import httpx

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
APPLICATION = {"client_id": os.environ["BENCH_APPLICATION"], "client_secret": os.environ["BENCH_APPLICATION_SECRET"]}
AGENT = {"client_id": os.environ["BENCH_AGENT"], "client_secret": os.environ["BENCH_AGENT_SECRET"]}
USER = {"username": os.environ["BENCH_USER"], "password": os.environ["BENCH_PASSWORD"]}


def main() -> None:
    """All flows."""
    with httpx.Client(timeout=30) as client:
        for _ in range(int(sys.argv[1])):
            flow(client)


def flow(client: httpx.Client) -> None:
    """Four requests, and what must hold."""
    login = {"grant_type": "password", "scope": "openid read-data", **USER, **APPLICATION}
    subject_token = members(client.post(os.environ["BENCH_TOKEN_URL"], data=login))["access_token"]
    user = members(client.post(os.environ["BENCH_INTROSPECTION_URL"], data={"token": subject_token, **APPLICATION}))
    assert user["active"] is True
    assert "read-data" in user["scope"].split()
    exchange = {
        "grant_type": TOKEN_EXCHANGE,
        "subject_token": subject_token,
        "subject_token_type": ACCESS_TOKEN,
        "audience": APPLICATION["client_id"],
        "scope": "read-data",
    }
    issued = members(client.post(os.environ["BENCH_TOKEN_URL"], data=exchange | AGENT))
    assert issued["issued_token_type"] == ACCESS_TOKEN
    agent = members(client.post(os.environ["BENCH_INTROSPECTION_URL"], data={"token": issued["access_token"], **AGENT}))
    assert agent["sub"] == user["sub"]
    assert agent["act"]["sub"] == AGENT["client_id"]
    assert agent["scope"] == "read-data"


def members(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of a right answer."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


if __name__ == "__main__":
    main()
