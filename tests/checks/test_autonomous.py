"""An AI agent's tokens for itself, and what it gets for them."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import autonomous
from steps.checks.evidence import Witnesses
from tests.checks.evidence import Answer, conforms, deviation, html, introspected, no, ok, token_response, witnesses

USER = "2b1c0f3e-0000-4000-8000-000000000001"
USERS = (USER, "barbara.jensen")
AGENT = ("agent", "2b1c0f3e-0000-4000-8000-00000000000a")
REFUSALS = [no("invalid_request"), no("invalid_grant"), no("access_denied", 403)]


def token(*, claims: dict[str, Any] | None = None, **changes: Any) -> Witnesses:
    """An agent's own token: introspected, and as a JWT."""
    seen = {"sub": "agent", "client_id": "agent", "scope": "read-data"} | changes
    jwt = {"sub": "agent", "scope": ["read-data"]} | (claims or {})
    return witnesses(token_response(scope=seen["scope"]), seen=seen, claims=jwt)


ITSELF = {
    "client ID": token(),
    "wrapped": token(sub="(age!agent)", claims={"sub": "(age!agent)"}),
    "UUID of its identity": token(sub=AGENT[1], claims={"sub": AGENT[1]}),
    "opaque": Witnesses(token().answer, token().introspection, None),
    "user members that name the agent": token(username="agent", user_id="agent", subname="agent"),
}
SOMEBODY_ELSE = {
    "user as sub": token(sub=USER),
    "user as sub, wrapped": token(sub=f"(usr!{USER})"),
    "user as sub of the JWT": token(claims={"sub": USER}),
    "no sub": token(sub=None),
    "user_id": token(user_id=USER),
    "username": token(username="barbara.jensen"),
    "subname of the JWT": token(claims={"subname": USER}),
    "inactive": token(active=False),
}


class TestOwnToken:
    """OBO-AUT-01."""

    @pytest.mark.parametrize("own", ITSELF.values(), ids=ITSELF)
    def test_it_names_the_agent(self, own: Witnesses) -> None:
        conforms(autonomous.names_itself, own, AGENT, USERS)

    def test_an_empty_act_is_none(self) -> None:
        conforms(autonomous.names_itself, token(act=None), AGENT, USERS)

    @pytest.mark.parametrize(
        "other",
        [*SOMEBODY_ELSE.values(), token(act={"sub": "agent"}), token(claims={"act": {"sub": "agent"}})],
        ids=[*SOMEBODY_ELSE, "act", "act in the JWT"],
    )
    def test_it_names_somebody_else(self, other: Witnesses) -> None:
        assert deviation(autonomous.names_itself, other, AGENT, USERS).requirement == "OBO-AUT-01"

    def test_it_is_granted(self) -> None:
        conforms(autonomous.own_token_granted, token_response())
        assert deviation(autonomous.own_token_granted, no("unauthorized_client")).requirement == "OBO-AUT-01"


class TestExchangedForItself:
    """OBO-AUT-02."""

    @pytest.mark.parametrize("own", [*ITSELF.values(), token(act={"sub": "agent"})], ids=[*ITSELF, "act"])
    def test_the_agent_stays_itself(self, own: Witnesses) -> None:
        conforms(autonomous.exchanged_for_itself, own, AGENT, USERS, "read-data write-data")

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_it_is_refused(self, refusal: Answer) -> None:
        conforms(autonomous.exchanged_for_itself, witnesses(refusal), AGENT, USERS, "read-data")

    @pytest.mark.parametrize("other", SOMEBODY_ELSE.values(), ids=SOMEBODY_ELSE)
    def test_somebody_else_comes_of_it(self, other: Witnesses) -> None:
        found = deviation(autonomous.exchanged_for_itself, other, AGENT, USERS, "read-data")
        assert found.requirement == "OBO-AUT-02"

    @pytest.mark.parametrize(
        "wider", [token(scope="read-data write-data"), token(claims={"scope": ["read-data", "write-data"]})]
    )
    def test_more_than_is_permitted_comes_of_it(self, wider: Witnesses) -> None:
        assert "write-data" in deviation(autonomous.exchanged_for_itself, wider, AGENT, USERS, "read-data").actual

    @pytest.mark.parametrize("answer", [html(), ok(), no("server_error", 500), no("invalid_grant", 200)])
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(autonomous.exchanged_for_itself, witnesses(answer), AGENT, USERS, "read-data")


def test_introspected_by_nobody_is_nothing_to_praise() -> None:
    silent = Witnesses(token_response(), introspected(active=False), None)
    deviation(autonomous.names_itself, silent, AGENT, USERS)
