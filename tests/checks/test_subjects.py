"""Whose token it is that comes out of an exchange."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import subjects
from steps.checks.evidence import Witnesses
from tests.checks.evidence import Answer, conforms, deviation, html, introspected, no, ok, remark_of, witnesses

USER = "2b1c0f3e-0000-4000-8000-000000000001"
OTHER = "2b1c0f3e-0000-4000-8000-000000000002"


def of(user: str, **changes: Any) -> Answer:
    """A user's own token, introspected."""
    return introspected(**{"sub": user, "user_id": user, "username": user, "subname": user} | changes)


def token(user: str, *, claims: dict[str, Any] | None = None, **changes: Any) -> Witnesses:
    """An agent's token for a user: introspected, and as a JWT."""
    return witnesses(seen=of(user, **changes).members, claims={"sub": user, "subname": user} | (claims or {}))


FOREIGN = {
    "sub in introspection": token(USER, sub=OTHER),
    "no sub in introspection": token(USER, sub=None),
    "wrapped in introspection alone": token(USER, sub=f"(usr!{USER})"),
    "sub in the JWT": token(USER, claims={"sub": OTHER}),
    "subname in the JWT": token(USER, claims={"subname": OTHER}),
    "user_id": token(USER, user_id=OTHER),
    "username": token(USER, username=OTHER),
    "subname": token(USER, subname=OTHER),
    "the agent": token("agent"),
    "another user": token(OTHER),
    "inactive": witnesses(seen={"active": False}),
}
SAME = {
    "as it is": token(USER),
    "opaque": Witnesses(token(USER).answer, token(USER).introspection, None),
    "wrapped in the JWT alone": token(USER, claims={"sub": f"(usr!{USER})"}),
    "vendor without further members": witnesses(seen={"sub": USER}, claims={"sub": USER}),
    "more members": token(USER, act={"sub": "agent"}, claims={"username": "barbara.jensen"}),
}
REFUSALS = [no("invalid_request"), no("invalid_grant"), no("access_denied", 403), no("invalid_token", 401)]
NO_REFUSALS = [html(), html(400), no("server_error", 500), no("invalid_grant", 200), no("invalid_grant", 500), ok()]


class TestEachItsOwn:
    """OBO-SUB-01."""

    @pytest.mark.parametrize("kept", SAME.values(), ids=SAME)
    def test_each_token_is_about_its_own_user(self, kept: Witnesses) -> None:
        conforms(subjects.each_its_own, [(kept, of(USER)), (token(OTHER), of(OTHER)), (kept, of(USER))])

    @pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
    def test_one_is_not(self, foreign: Witnesses) -> None:
        found = deviation(subjects.each_its_own, [(token(OTHER), of(OTHER)), (foreign, of(USER))])
        assert found.requirement == "OBO-SUB-01"

    def test_the_message_tells_which_one(self) -> None:
        exchanges = [(token(USER), of(USER)), (token(USER), of(OTHER))]
        assert "token 2 of 2" in deviation(subjects.each_its_own, exchanges).expected

    def test_one_user_alone_shows_nothing(self) -> None:
        deviation(subjects.each_its_own, [(token(USER), of(USER))] * 2)
        deviation(subjects.each_its_own, [])

    def test_each_exchange_must_have_been_granted(self) -> None:
        refused = witnesses(no("invalid_grant"))
        deviation(subjects.each_its_own, [(token(OTHER), of(OTHER)), (refused, of(USER))])


class TestNamesNobodyElse:
    """OBO-SUB-01."""

    @pytest.mark.parametrize("kept", SAME.values(), ids=SAME)
    def test_a_token_names_its_own_user_alone(self, kept: Witnesses) -> None:
        conforms(subjects.names_nobody_else, kept, [OTHER, "another.user"])

    @pytest.mark.parametrize(
        "foreign",
        [
            token(USER, owner=OTHER),
            token(USER, claims={"login": f"(usr!{OTHER})"}),
            token(USER, username="another.user"),
        ],
        ids=["UUID in introspection", "UUID in the JWT", "user name"],
    )
    def test_any_member_may_name_another(self, foreign: Witnesses) -> None:
        found = deviation(subjects.names_nobody_else, foreign, [OTHER, "another.user"])
        assert found.requirement == "OBO-SUB-01"
        assert OTHER not in str(found)

    def test_a_token_that_is_not_active_shows_nothing(self) -> None:
        deviation(subjects.names_nobody_else, witnesses(seen={"active": False}), [OTHER])


class TestSubjectKept:
    """OBO-SUB-02."""

    @pytest.mark.parametrize("kept", SAME.values(), ids=SAME)
    def test_the_token_is_about_the_same_user(self, kept: Witnesses) -> None:
        conforms(subjects.subject_kept, [kept, kept], of(USER))

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_it_is_refused(self, refusal: Answer) -> None:
        conforms(subjects.subject_kept, [witnesses(refusal), token(USER)], of(USER))

    @pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
    def test_the_token_is_about_another(self, foreign: Witnesses) -> None:
        assert deviation(subjects.subject_kept, [token(USER), foreign], of(USER)).requirement == "OBO-SUB-02"

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(subjects.subject_kept, [witnesses(answer)], of(USER))

    def test_nothing_tried_shows_nothing(self) -> None:
        deviation(subjects.subject_kept, [], of(USER))


class TestOtherRealm:
    """OBO-SUB-04."""

    @pytest.mark.parametrize(
        "answer", [ok(active=False), no("invalid_client", 401), no("invalid_request"), no("access_denied", 403)]
    )
    def test_nothing_is_told(self, answer: Answer) -> None:
        conforms(subjects.unknown_there, answer)

    @pytest.mark.parametrize(
        "answer",
        [
            of(USER),
            ok(active=True),
            ok(active="true"),
            ok(active=False, sub=USER),
            ok(active=False, username="bruno.silva"),
            no("invalid_client", 401, scope="read-data"),
            no("server_error", 500),
            ok(),
            html(),
        ],
    )
    def test_something_is(self, answer: Answer) -> None:
        assert deviation(subjects.unknown_there, answer).requirement == "OBO-SUB-04"

    def test_at_home_the_token_is_active(self) -> None:
        conforms(subjects.active_at_home, of(USER))
        deviation(subjects.active_at_home, ok(active=False))


class TestNoUserMade:
    """OBO-SUB-06."""

    USERS = (USER, "barbara.jensen")

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_it_is_refused(self, refusal: Answer) -> None:
        conforms(subjects.no_user_made, witnesses(refusal), self.USERS)

    def test_a_token_about_the_client_is_recorded(self) -> None:
        level, text = remark_of(subjects.no_user_made, token("unrelated-service"), self.USERS)
        assert (level, text) == ("INFO", "a token without an end user is exchanged")

    @pytest.mark.parametrize(
        "made",
        [
            token("client", sub=USER),
            token("client", sub=f"(usr!{USER})"),
            token("client", username="barbara.jensen"),
            token("client", claims={"sub": USER}),
            token("client", login="barbara.jensen"),
        ],
    )
    def test_a_user_appears(self, made: Witnesses) -> None:
        found = deviation(subjects.no_user_made, made, self.USERS)
        assert found.binding

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(subjects.no_user_made, witnesses(answer), self.USERS)


class TestForeignClient:
    """OBO-SUB-06: what vendors decide is recorded."""

    def test_it_is_granted(self) -> None:
        level, text = remark_of(subjects.foreign_client_recorded, token(USER), of(USER))
        assert level == "INFO"
        assert "is exchanged" in text

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_it_is_refused(self, refusal: Answer) -> None:
        level, text = remark_of(subjects.foreign_client_recorded, witnesses(refusal), of(USER))
        assert level == "INFO"
        assert "is refused" in text

    def test_not_even_then_may_it_be_about_another_user(self) -> None:
        deviation(subjects.foreign_client_recorded, token(OTHER), of(USER))

    @pytest.mark.parametrize("answer", NO_REFUSALS)
    def test_no_clean_refusal(self, answer: Answer) -> None:
        deviation(subjects.foreign_client_recorded, witnesses(answer), of(USER))
