"""Who is named when an agent's token is exchanged again, and what the new token may do."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import chains
from steps.checks.evidence import Witnesses
from tests.checks.evidence import (
    EXPIRY,
    TOKEN,
    Answer,
    conforms,
    deviation,
    html,
    introspected,
    no,
    ok,
    remark_of,
    token_response,
    witnesses,
)

USER = "2b1c0f3e-0000-4000-8000-000000000001"
UT = introspected(sub=USER)
REFUSALS = [no("invalid_request"), no("invalid_grant"), no("access_denied", 403)]
NO_REFUSALS = [html(), html(400), no("server_error", 500), no("invalid_grant", 200), ok(), no("unknown")]
BOTH = ("seen", "claims")


def act(*agents: Any) -> dict[str, Any] | None:
    """`act` with the latest actor first and each earlier one nested in it."""
    nested: dict[str, Any] | None = None
    for agent in reversed(agents):
        nested = {"sub": agent} if nested is None else {"sub": agent, "act": nested}
    return nested


def token(*agents: Any, only: tuple[str, ...] = BOTH, **changes: Any) -> Witnesses:
    """An agent's token with these actors; `only`: where they, and the changes, are told, the rest naming agent A."""
    right = {"sub": USER, "act": act("A"), "exp": EXPIRY}
    bent = {"sub": USER, "act": act(*agents), "exp": EXPIRY, **changes}
    told = {place: bent if place in only else right for place in BOTH}
    return witnesses(seen=told["seen"], claims=told["claims"])


class TestNamedInOrder:
    """OBO-ACT-01."""

    @pytest.mark.parametrize("second", [token("B", "A"), token("(age!B)", "(age!A)"), token("B", "A", "application")])
    def test_the_latest_is_outermost(self, second: Witnesses) -> None:
        third = token("A", "B", "A")
        conforms(chains.named_in_order, [("A", token("A")), ("B", second), ("A", third)], UT, "application")

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_a_later_exchange_may_be_refused(self, refusal: Answer) -> None:
        conforms(chains.named_in_order, [("A", token("A")), ("B", witnesses(refusal))], UT, "application")

    @pytest.mark.parametrize(
        "agents", [("B",), ("A", "B"), ("A",), (), ("B", "C"), ("B", "A", "A"), ("B", "A", "C"), ("(usr!B)", "A")]
    )
    @pytest.mark.parametrize("only", [BOTH, ("seen",), ("claims",)])
    def test_one_is_lost_or_in_another_place(self, agents: tuple[str, ...], only: tuple[str, ...]) -> None:
        hops = [("A", token("A")), ("B", token(*agents, only=only))]
        assert deviation(chains.named_in_order, hops, UT, "application").requirement == "OBO-ACT-01"

    def test_a_third_exchange_forgets_the_first(self) -> None:
        hops = [("A", token("A")), ("B", token("B", "A")), ("A", token("A", "B"))]
        deviation(chains.named_in_order, hops, UT, "application")

    def test_the_subject_is_still_the_user(self) -> None:
        deviation(chains.named_in_order, [("A", token("A")), ("B", token("B", "A", sub="A"))], UT, "application")

    @pytest.mark.parametrize("listed", [["A", "B"], [{"sub": "(age!A)"}, {"sub": "B"}], {"1": "A"}])
    def test_a_list_of_its_own_is_recorded(self, listed: Any) -> None:
        flat = Witnesses(token("B").answer, introspected(sub=USER, act=act("B"), actors=listed), None)
        level, text = remark_of(chains.named_in_order, [("A", token("A")), ("B", flat)], UT, "application")
        assert (level, text) == ("INFO", "introspection names the earlier actors beside act")

    @pytest.mark.parametrize("beside", [{"aud": ["A", "P"]}, {"actors": ["C"]}, {"client_id": "A"}])
    def test_naming_an_agent_somewhere_is_no_list_of_actors(self, beside: dict[str, Any]) -> None:
        deviation(chains.named_in_order, [("A", token("A")), ("B", token("B", **beside))], UT, "application")

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(chains.named_in_order, [("A", token("A")), ("B", witnesses(answer))], UT, "application")

    def test_the_first_exchange_may_not_be_refused(self) -> None:
        deviation(chains.named_in_order, [("A", witnesses(no("invalid_grant")))], UT, "application")


class TestEachItsOwnActor:
    """OBO-ACT-08."""

    def test_each_names_who_exchanged(self) -> None:
        exchanges = [("A", token("A", client_id="A")), ("B", token("(age!B)", client_id="B"))]
        conforms(chains.each_its_own_actor, exchanges, UT)

    @pytest.mark.parametrize(
        "second",
        [
            token("A", client_id="B"),
            token("P", client_id="B"),
            token(client_id="B"),
            token("B", client_id="A"),
            token("B", only=("seen",), client_id="B"),
            token("B", only=("claims",), client_id="B"),
            token("B", azp="A"),
            token("B", client_id="B", sub="someone"),
        ],
    )
    def test_one_names_another(self, second: Witnesses) -> None:
        found = deviation(chains.each_its_own_actor, [("A", token("A", client_id="A")), ("B", second)], UT)
        assert found.requirement == "OBO-ACT-08"
        assert "2" in found.expected

    def test_one_agent_alone_shows_nothing(self) -> None:
        deviation(chains.each_its_own_actor, [("A", token("A", client_id="A"))] * 2, UT)


class TestAudienceKept:
    """OBO-ACT-03."""

    @pytest.mark.parametrize("refusal", [*REFUSALS, no("invalid_target"), no("invalid_client", 401)])
    def test_another_audience_is_refused(self, refusal: Answer) -> None:
        conforms(chains.audience_kept, witnesses(refusal), "Q")

    @pytest.mark.parametrize("aud", ["P", ["A", "P"], None])
    def test_or_not_given(self, aud: Any) -> None:
        conforms(chains.audience_kept, token("A", aud=aud), "Q")

    @pytest.mark.parametrize("aud", ["Q", ["P", "Q"]])
    @pytest.mark.parametrize("only", [BOTH, ("seen",), ("claims",)])
    def test_it_is_given(self, aud: Any, only: tuple[str, ...]) -> None:
        assert deviation(chains.audience_kept, token("A", aud=aud, only=only), "Q").requirement == "OBO-ACT-03"

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(chains.audience_kept, witnesses(answer), "Q")


class TestDelegationKept:
    """OBO-ACT-04."""

    ID_TOKEN = witnesses(seen={"active": False}, claims={"sub": USER, "act": act("A")})

    @pytest.mark.parametrize("kept", [token("A"), token("B", "A"), token("(age!B)", "(age!A)"), ID_TOKEN])
    def test_the_agent_stays_in_the_chain(self, kept: Witnesses) -> None:
        conforms(chains.delegation_kept, [("one", kept), ("other", kept)], "A")

    @pytest.mark.parametrize("refusal", [*REFUSALS, no("unsupported_grant_type"), no("invalid_client", 401)])
    def test_it_is_refused(self, refusal: Answer) -> None:
        conforms(chains.delegation_kept, [("one", witnesses(refusal))], "A")

    @pytest.mark.parametrize(
        "stripped",
        [
            token(),
            token(only=("seen",)),
            token(only=("claims",)),
            token("B"),
            witnesses(seen={"active": False}, claims={"sub": USER}),
        ],
    )
    def test_it_is_exchanged_away(self, stripped: Witnesses) -> None:
        found = deviation(chains.delegation_kept, [("one way", token("A")), ("another way", stripped)], "A")
        assert found.requirement == "OBO-ACT-04"
        assert "another way" in found.expected

    def test_what_cannot_be_read_is_recorded(self) -> None:
        encrypted = Witnesses(token("A").answer, introspected(active=False), None)
        assert remark_of(chains.delegation_kept, [("one way", encrypted)], "A")[0] == "INFO"

    def test_no_route_shows_nothing(self) -> None:
        deviation(chains.delegation_kept, [], "A")

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(chains.delegation_kept, [("one", witnesses(answer))], "A")


class TestNotProlonged:
    """OBO-ACT-05."""

    @pytest.mark.parametrize("exp", [EXPIRY, EXPIRY + 5, EXPIRY - 600])
    def test_it_expires_no_later(self, exp: int) -> None:
        conforms(chains.not_prolonged, token("A"), [token("B", exp=exp), token("B", exp=exp)])

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_it_is_refused(self, refusal: Answer) -> None:
        conforms(chains.not_prolonged, token("A"), [witnesses(refusal)])

    @pytest.mark.parametrize("only", [BOTH, ("seen",), ("claims",)])
    def test_it_expires_later(self, only: tuple[str, ...]) -> None:
        later = token("A", exp=EXPIRY + 6, only=only)
        found = deviation(chains.not_prolonged, token("A"), [token("B"), later])
        assert found.requirement == "OBO-ACT-05"
        assert "6 seconds later" in found.actual
        assert chains.outlives(later, token("A"))

    def test_what_was_not_issued_outlives_nothing(self) -> None:
        assert not chains.outlives(witnesses(no("invalid_grant")), token("A"))
        assert not chains.outlives(token("B"), token("A"))

    def test_without_exp_nothing_can_be_said(self) -> None:
        found = deviation(chains.not_prolonged, token("A"), [token("B", exp=str(EXPIRY))])
        assert found.requirement == "OBO-4.2I-07"

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(chains.not_prolonged, token("A"), [witnesses(answer)])


class TestActsForCaller:
    """OBO-ACT-06."""

    @pytest.mark.parametrize("kept", [token("A"), token("(age!A)"), token("A", "P")])
    def test_the_agent_that_authenticated_is_the_actor(self, kept: Witnesses) -> None:
        conforms(chains.acts_for_caller, kept, "A")

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_it_is_refused(self, refusal: Answer) -> None:
        conforms(chains.acts_for_caller, witnesses(refusal), "A")

    @pytest.mark.parametrize(
        "other", [token("B"), token("B", "A"), token(USER), token(), token("B", only=("claims",)), token(["A"])]
    )
    def test_somebody_else_is(self, other: Witnesses) -> None:
        assert deviation(chains.acts_for_caller, other, "A").requirement == "OBO-ACT-06"

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(chains.acts_for_caller, witnesses(answer), "A")


class TestActorTokenJudged:
    """OBO-ACT-07."""

    REFUSED = witnesses(no("invalid_request"))

    def test_each_is_refused(self) -> None:
        conforms(chains.actor_token_judged, [("no type", self.REFUSED), ("garbage", self.REFUSED)], "A")

    def test_none_is_looked_at(self) -> None:
        ignored = [("no type", token("A")), ("garbage", token("A"))]
        assert remark_of(chains.actor_token_judged, ignored, "A")[0] == "INFO"

    def test_some_are_refused_and_some_accepted(self) -> None:
        attempts = [("no type", self.REFUSED), ("garbage", token("A"))]
        found = deviation(chains.actor_token_judged, attempts, "A")
        assert found.requirement == "OBO-ACT-07"
        assert found.actual == "accepted: garbage"

    def test_one_becomes_the_actor(self) -> None:
        deviation(chains.actor_token_judged, [("no type", token("B"))], "A")

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(chains.actor_token_judged, [("garbage", witnesses(answer))], "A")


class TestMayAct:
    """OBO-ACT-09: whom `may_act` names."""

    @pytest.mark.parametrize(
        "may_act", [{"sub": "B"}, {"sub": "(age!B)"}, {"sub": ["B"]}, {"client_id": "B", "iss": 1}]
    )
    def test_another_agent_is_refused(self, may_act: dict[str, Any]) -> None:
        conforms(chains.may_act_heeded, may_act, [("A", witnesses(no("invalid_request"))), ("B", token("B"))])

    @pytest.mark.parametrize("may_act", [{"sub": "B"}, {"sub": "AB"}, {}])
    def test_another_agent_is_granted(self, may_act: dict[str, Any]) -> None:
        assert deviation(chains.may_act_heeded, may_act, [("A", token("A"))]).requirement == "OBO-ACT-09"


class TestBounded:
    """OBO-ACT-09: how long a chain gets."""

    GRANTED = token_response()

    @pytest.mark.parametrize("last", [*REFUSALS, no("request_too_large", 413)])
    def test_it_is_refused_at_some_length(self, last: Answer) -> None:
        assert remark_of(chains.bounded, [self.GRANTED, self.GRANTED, last]) == ("INFO", "a chain ends with actor 2")

    def test_or_never(self) -> None:
        assert remark_of(chains.bounded, [self.GRANTED] * 20) == ("INFO", "a chain of 20 actors is granted")

    @pytest.mark.parametrize("last", [no("server_error", 500), html(502), no("invalid_grant", access_token=TOKEN)])
    def test_something_breaks(self, last: Answer) -> None:
        assert deviation(chains.bounded, [self.GRANTED, last]).binding

    def test_a_page_instead_of_an_error(self) -> None:
        assert not deviation(chains.bounded, [self.GRANTED, html(400)]).binding


class TestIdentityClaims:
    """OBO-ACT-09: what stands in `act`."""

    @pytest.mark.parametrize("extra", [{}, {"iss": "https://tenant"}, {"client_id": "A"}, {"act": {"sub": "P"}}])
    def test_they_identify_the_actor(self, extra: dict[str, Any]) -> None:
        conforms(chains.identity_claims_alone, token("A", act={"sub": "A", **extra}))

    @pytest.mark.parametrize("name", ["exp", "nbf", "iat", "aud", "jti", "scope"])
    @pytest.mark.parametrize("only", [BOTH, ("seen",), ("claims",)])
    def test_one_belongs_to_a_token(self, name: str, only: tuple[str, ...]) -> None:
        found = deviation(chains.identity_claims_alone, token("A", act={"sub": "A", name: 1}, only=only))
        assert found.requirement == "OBO-ACT-09"
        assert not found.binding

    def test_an_earlier_actors_count_as_well(self) -> None:
        deviation(chains.identity_claims_alone, token("A", act={"sub": "A", "act": {"sub": "B", "exp": 1}}))
