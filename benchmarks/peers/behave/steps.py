"""The steps of the flow."""

from __future__ import annotations

import os
from typing import Any

import httpx
from behave import given, then, when

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
APPLICATION = {"client_id": os.environ["BENCH_APPLICATION"], "client_secret": os.environ["BENCH_APPLICATION_SECRET"]}
AGENT = {"client_id": os.environ["BENCH_AGENT"], "client_secret": os.environ["BENCH_AGENT_SECRET"]}
USER = {"username": os.environ["BENCH_USER"], "password": os.environ["BENCH_PASSWORD"]}
CLIENT = httpx.Client(timeout=30)


def asked(url: str, form: dict[str, str]) -> dict[str, Any]:
    """The JSON of a right answer."""
    answer = CLIENT.post(os.environ[url], data=form)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@given("the end user's access token")
def login(context: Any) -> None:
    form = {"grant_type": "password", "scope": "openid read-data", **USER, **APPLICATION}
    context.subject_token = asked("BENCH_TOKEN_URL", form)["access_token"]


@when("the application introspects it")
def introspect(context: Any) -> None:
    context.user = asked("BENCH_INTROSPECTION_URL", {"token": context.subject_token, **APPLICATION})
    assert context.user["active"] is True


@when("the AI agent exchanges it and introspects its own")
def exchange(context: Any) -> None:
    form = {
        "grant_type": TOKEN_EXCHANGE,
        "subject_token": context.subject_token,
        "subject_token_type": ACCESS_TOKEN,
        "audience": APPLICATION["client_id"],
        "scope": "read-data",
    }
    issued = asked("BENCH_TOKEN_URL", form | AGENT)
    assert issued["issued_token_type"] == ACCESS_TOKEN
    context.agent = asked("BENCH_INTROSPECTION_URL", {"token": issued["access_token"], **AGENT})


@then('"sub" is the same in both')
def same_subject(context: Any) -> None:
    assert context.agent["sub"] == context.user["sub"]


@then('"act.sub" is the AI agent')
def actor(context: Any) -> None:
    assert context.agent["act"]["sub"] == AGENT["client_id"]


@then('"scope" is what was asked for')
def scope(context: Any) -> None:
    assert context.agent["scope"] == "read-data"
