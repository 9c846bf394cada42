"""Who acts for whom in an agent's token."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from steps.checks import delegation
from tests.checks.evidence import Answer, conforms, deviation, introspected, no, ok, remark_of

USER = "2b1c0f3e-0000-4000-8000-000000000001"
OTHERS = ["application", "second-agent", "barbara.jensen", USER, "Digital Assistant AI Agent"]
INACTIVE = [ok(active=False), ok(active="true"), no("invalid_client", 401)]


def acting(act: Any) -> Answer:
    """An introspected agent's token with this `act`."""
    return introspected(sub=USER, client_id="agent", act=act)


class TestSubjectKept:
    """OBO-4.2I-02."""

    @pytest.mark.parametrize("sub", [USER, f"(usr!{USER})"])
    def test_it_is_the_same_to_the_byte(self, sub: str) -> None:
        conforms(delegation.same_subject, introspected(sub=sub), introspected(sub=sub))

    @pytest.mark.parametrize("sub", ["agent", USER.upper(), f"(usr!{USER})", f"{USER} ", None, ...])
    def test_it_is_not(self, sub: Any) -> None:
        agent = introspected(sub=sub, client_id="agent")
        assert deviation(delegation.same_subject, agent, introspected(sub=USER)).requirement == "OBO-4.2I-02"

    def test_two_tokens_without_subject_are_not_alike(self) -> None:
        deviation(delegation.same_subject, introspected(), introspected())

    @pytest.mark.parametrize("answer", INACTIVE)
    def test_neither_token_may_be_inactive(self, answer: Answer) -> None:
        deviation(delegation.same_subject, answer, introspected(sub=USER))
        deviation(delegation.same_subject, introspected(sub=USER), answer)


NO_ACTOR = [..., None, "agent", ["agent"], {}, {"sub": ["agent"]}, {"sub": None}, {"sub": {"sub": "agent"}}]


class TestActor:
    """OBO-4.2I-03."""

    @pytest.mark.parametrize("sub", ["agent", "(age!agent)"])
    def test_it_is_the_agent(self, sub: str) -> None:
        conforms(delegation.acts_through, acting({"sub": sub}), "agent")

    @pytest.mark.parametrize("act", [*NO_ACTOR, *({"sub": other} for other in OTHERS), {"sub": "AGENT"}])
    def test_it_is_missing_or_another(self, act: Any) -> None:
        assert deviation(delegation.acts_through, acting(act), "agent").requirement == "OBO-4.2I-03"

    @pytest.mark.parametrize("answer", INACTIVE)
    def test_an_inactive_token_has_none(self, answer: Answer) -> None:
        deviation(delegation.acts_through, answer, "agent")


class TestNobodyElse:
    """OBO-4.2I-04."""

    @pytest.mark.parametrize("sub", ["agent", "(age!agent)"])
    def test_the_agent_is_none_of_the_others(self, sub: str) -> None:
        conforms(delegation.acts_through_none_of, acting({"sub": sub}), OTHERS)

    @pytest.mark.parametrize(
        "act",
        [*NO_ACTOR, *({"sub": form.format(other)} for other in OTHERS for form in ("{}", "(age!{})", "(usr!{})"))],
    )
    def test_anybody_else_is_found(self, act: Any) -> None:
        assert deviation(delegation.acts_through_none_of, acting(act), OTHERS).requirement == "OBO-4.2I-04"

    @pytest.mark.parametrize("earlier", [{}, {"act": None}])
    def test_there_is_no_earlier_actor(self, earlier: dict[str, Any]) -> None:
        conforms(delegation.no_earlier_actor, acting({"sub": "agent"} | earlier), "application")

    @pytest.mark.parametrize(
        ("earlier", "level"),
        [
            ({"sub": "application"}, "INFO"),
            ({"sub": "(age!application)"}, "INFO"),
            ({"sub": "second-agent"}, "SHOULD"),
            ({"sub": "agent"}, "SHOULD"),
            ("agent", "SHOULD"),
            ({}, "SHOULD"),
        ],
    )
    def test_an_earlier_actor_is_remarked(self, earlier: Any, level: str) -> None:
        assert (
            remark_of(delegation.no_earlier_actor, acting({"sub": "agent", "act": earlier}), "application")[0] == level
        )

    @pytest.mark.parametrize("act", NO_ACTOR)
    def test_without_an_actor_there_is_nothing_to_praise(self, act: Any) -> None:
        deviation(delegation.no_earlier_actor, acting(act), "application")


class TestUserMembersKept:
    """OBO-4.2I-06."""

    USERS: ClassVar[dict[str, Any]] = {
        "user_id": USER,
        "username": USER,
        "subname": USER,
        "realm": "/alpha",
        "auth_level": 5,
    }

    @pytest.mark.parametrize(
        "changes",
        [{}, {"auth_level": 0}, {"token_type": "bearer"}, {"token_type": ...}, dict.fromkeys(USERS, ...)],
        ids=["same", "lower level", "case of the type", "no type", "vendor without them"],
    )
    def test_they_are_the_users(self, changes: dict[str, Any]) -> None:
        agent = introspected(**self.USERS | {"token_type": "Bearer"} | changes)
        conforms(delegation.user_members_kept, agent, introspected(**self.USERS))

    def test_members_that_only_the_agents_token_has_are_tolerated(self) -> None:
        conforms(delegation.user_members_kept, introspected(**self.USERS), introspected())

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("user_id", "agent"),
            ("username", "agent"),
            ("subname", "agent"),
            ("realm", "/bravo"),
            ("auth_level", 6),
            ("auth_level", "5"),
            ("auth_level", True),
            ("auth_level", -1),
            ("token_type", "mac"),
        ],
    )
    def test_one_is_the_agents(self, name: str, value: Any) -> None:
        agent = introspected(**self.USERS | {name: value})
        found = deviation(delegation.user_members_kept, agent, introspected(**self.USERS))
        assert found.requirement == "OBO-4.2I-06"
        assert name in str(found.actual)

    def test_a_user_level_of_another_type_does_not_stop_the_check(self) -> None:
        conforms(delegation.user_members_kept, introspected(auth_level=0), introspected(auth_level="0"))


class TestSeenAlike:
    """OBO-4.2I-08."""

    MINE: ClassVar[dict[str, Any]] = {
        "sub": USER,
        "act": {"sub": "agent"},
        "client_id": "agent",
        "scope": "read-data openid",
    }

    @pytest.mark.parametrize("changes", [{}, {"scope": "openid read-data"}, {"aud": "application"}], ids=str)
    def test_the_application_sees_the_same(self, changes: dict[str, Any]) -> None:
        conforms(delegation.seen_alike, introspected(**self.MINE), introspected(**self.MINE | changes))

    @pytest.mark.parametrize("answer", INACTIVE)
    def test_a_refusal_is_worth_a_warning(self, answer: Answer) -> None:
        assert remark_of(delegation.seen_alike, introspected(**self.MINE), answer)[0] == "SHOULD"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("act", ...),
            ("act", {"sub": "application"}),
            ("act", {"sub": "agent", "act": {"sub": "x"}}),
            ("sub", "agent"),
            ("client_id", "application"),
            ("scope", "openid"),
            ("scope", ...),
        ],
    )
    def test_a_different_answer_breaks_a_must(self, name: str, value: Any) -> None:
        found = deviation(delegation.seen_alike, introspected(**self.MINE), introspected(**self.MINE | {name: value}))
        assert found.binding
        assert found.requirement == "OBO-4.2I-08"
        assert name in str(found.actual)

    @pytest.mark.parametrize("answer", INACTIVE)
    def test_the_agent_itself_must_see_it(self, answer: Answer) -> None:
        deviation(delegation.seen_alike, answer, introspected(**self.MINE))
