"""What ends, and what does not: tokens, users, agents, privileges, secrets."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import lifecycle
from tests.checks.evidence import EXPIRY, Answer, conforms, deviation, html, introspected, no, ok, remark_of
from tests.checks.evidence import token_response as granted

INACTIVE = ok(active=False)
ACTIVE = introspected(sub="user", exp=EXPIRY)
NEVER_AN_ANSWER = [html(), html(502), no("server_error", 500), ok(), ok(active=None)]


class TestActive:
    """OBO-LIF-01 and OBO-LIF-03."""

    def test_a_token_that_ended_is_inactive(self) -> None:
        conforms(lifecycle.inactive, INACTIVE, "the token")

    @pytest.mark.parametrize("answer", [ACTIVE, ok(active="false"), no("invalid_client", 401), *NEVER_AN_ANSWER])
    def test_a_token_that_did_not_end(self, answer: Answer) -> None:
        assert deviation(lifecycle.inactive, answer, "the token").expected.startswith("the token: ")

    def test_any_other_token_stays_active(self) -> None:
        conforms(lifecycle.still_active, ACTIVE, "the token")

    @pytest.mark.parametrize("answer", [INACTIVE, ok(active="true"), no("invalid_client", 401), *NEVER_AN_ANSWER])
    def test_another_token_that_ended_as_well(self, answer: Answer) -> None:
        assert deviation(lifecycle.still_active, answer, "the token").expected.startswith("the token: ")


def test_revoking_again_is_no_error() -> None:
    conforms(lifecycle.revoked_again, ok())


@pytest.mark.parametrize("answer", [no("invalid_token"), no("invalid_client", 401), html(500)])
def test_revoking_again_is_an_error(answer: Answer) -> None:
    assert deviation(lifecycle.revoked_again, answer).requirement == "OBO-LIF-03"


class TestDescendants:
    """OBO-LIF-05."""

    @pytest.mark.parametrize("error", ["invalid_request", "invalid_grant", "access_denied"])
    def test_they_seed_nothing_any_more(self, error: str) -> None:
        conforms(lifecycle.seeds_nothing, granted(), no(error))

    def test_where_they_never_do_it_is_noted(self) -> None:
        assert remark_of(lifecycle.seeds_nothing, no("invalid_request"), no("invalid_request"))[0] == "INFO"

    @pytest.mark.parametrize("after", [granted(), html(), html(502), no("server_error", 500)])
    def test_they_still_seed_tokens_or_get_no_answer(self, after: Answer) -> None:
        assert deviation(lifecycle.seeds_nothing, granted(), after).requirement == "OBO-LIF-05"


class TestLivesOn:
    @pytest.mark.parametrize(("answer", "state"), [(ACTIVE, "stays active"), (INACTIVE, "ends")])
    def test_either_is_recorded(self, answer: Answer, state: str) -> None:
        expected = ("INFO", f"an agent's token {state} when its privilege is deleted")
        assert remark_of(lifecycle.lives_on, answer, "its privilege is deleted") == expected

    @pytest.mark.parametrize("answer", [ok(active="true"), *NEVER_AN_ANSWER])
    def test_no_answer_is_none(self, answer: Answer) -> None:
        deviation(lifecycle.lives_on, answer, "its privilege is deleted")


class TestShouldHaveEnded:
    """OBO-LIF-06 and OBO-LIF-07."""

    @pytest.mark.parametrize("before", [None, ACTIVE])
    def test_it_did(self, before: Answer | None) -> None:
        conforms(lifecycle.should_have_ended, INACTIVE, before)

    @pytest.mark.parametrize("before", [None, ACTIVE])
    def test_it_did_not(self, before: Answer | None) -> None:
        assert remark_of(lifecycle.should_have_ended, ACTIVE, before)[0] == "SHOULD"

    def test_a_caller_that_never_saw_it_cannot_tell(self) -> None:
        level, text = remark_of(lifecycle.should_have_ended, INACTIVE, INACTIVE)
        assert (level, "may not introspect" in text) == ("INFO", True)

    @pytest.mark.parametrize("answer", [ok(active="false"), *NEVER_AN_ANSWER])
    def test_no_answer_is_none(self, answer: Answer) -> None:
        deviation(lifecycle.should_have_ended, answer)


class TestMayNotIntrospect:
    """OBO-LIF-07."""

    @pytest.mark.parametrize("answer", [no("invalid_client"), no("invalid_client", 401), Answer(401), no("any", 401)])
    def test_it_is_refused(self, answer: Answer) -> None:
        conforms(lifecycle.may_not_introspect, answer)

    def test_an_answer_without_news_is_worth_a_warning(self) -> None:
        assert remark_of(lifecycle.may_not_introspect, INACTIVE)[0] == "SHOULD"

    @pytest.mark.parametrize(
        "answer",
        [
            ACTIVE,
            ok(active=False, sub="user"),
            no("invalid_client", sub="user"),
            no("invalid_client", active=True),
            no("invalid_client", 500),
            no("slow_down"),
            html(),
            html(401),
            html(502),
        ],
    )
    def test_it_learns_something_or_is_not_refused(self, answer: Answer) -> None:
        assert deviation(lifecycle.may_not_introspect, answer).requirement == "OBO-LIF-07"


class TestGrantedEach:
    def test_all_are(self) -> None:
        conforms(lifecycle.granted_each, [("one", granted()), ("two", granted())])

    def test_the_one_that_is_not_is_named(self) -> None:
        found = deviation(lifecycle.granted_each, [("one", granted()), ("two", no("invalid_grant"))])
        assert (found.expected, found.error) == ("a token, after two (status 200)", "invalid_grant")

    def test_none_at_all_proves_nothing(self) -> None:
        deviation(lifecycle.granted_each, [])


def at(token: Answer, introspection: Answer, revocation: Answer) -> dict[str, Answer]:
    """The answers of the three endpoints that authenticate an agent."""
    places = (lifecycle.TOKEN_ENDPOINT, lifecycle.INTROSPECTION, lifecycle.REVOCATION)
    return dict(zip(places, (token, introspection, revocation), strict=True))


class TestSecrets:
    """OBO-LIF-10."""

    SERVED = at(granted(), ACTIVE, ok())
    REFUSED = no("invalid_client")

    @pytest.mark.parametrize(
        "answers",
        [SERVED, at(granted(), INACTIVE, ok()), at(granted(), ACTIVE, html(404)), at(granted(), ACTIVE, no("x"))],
        ids=["everywhere", "for an inactive token", "without a revocation endpoint", "for no such token type"],
    )
    def test_the_new_one_works(self, answers: dict[str, Answer]) -> None:
        conforms(lifecycle.new_secret_works, answers)

    @pytest.mark.parametrize(
        "answers",
        [
            at(REFUSED, ACTIVE, ok()),
            at(granted(), REFUSED, ok()),
            at(granted(), ACTIVE, REFUSED),
            at(granted(), html(401), ok()),
            at(granted(), html(500), ok()),
        ],
        ids=["token", "introspection", "revocation", "401", "a fault"],
    )
    def test_the_new_one_does_not(self, answers: dict[str, Answer]) -> None:
        assert deviation(lifecycle.new_secret_works, answers).requirement == "OBO-LIF-10"

    @pytest.mark.parametrize("refused", [REFUSED, no("invalid_client", 401), no("unauthorized_client", 403)])
    def test_the_old_one_is_refused(self, refused: Answer) -> None:
        conforms(lifecycle.old_secret_refused, at(refused, refused, refused), self.SERVED)

    def test_an_endpoint_that_is_not_served_tells_nothing(self) -> None:
        answers = at(self.REFUSED, self.REFUSED, html(404))
        conforms(lifecycle.old_secret_refused, answers, self.SERVED | {lifecycle.REVOCATION: html(404)})

    @pytest.mark.parametrize(
        ("answers", "place"),
        [
            (at(granted(), REFUSED, REFUSED), "a refused client"),
            (at(REFUSED, INACTIVE, REFUSED), "the introspection endpoint"),
            (at(REFUSED, ACTIVE, REFUSED), "the introspection endpoint"),
            (at(REFUSED, REFUSED, ok()), "the revocation endpoint"),
            (at(REFUSED, REFUSED, html(500)), "the revocation endpoint"),
        ],
    )
    def test_the_old_one_still_works_somewhere(self, answers: dict[str, Answer], place: str) -> None:
        found = deviation(lifecycle.old_secret_refused, answers, self.SERVED)
        assert found.requirement == "OBO-LIF-10"
        assert place in found.expected


class TestExpiry:
    """OBO-LIF-11."""

    USER = introspected(exp=EXPIRY)

    @pytest.mark.parametrize("later", [-3600, 0, 1, 5])
    def test_no_later_than_the_users_token(self, later: int) -> None:
        conforms(lifecycle.expires_with_subject, introspected(exp=EXPIRY + later), self.USER)

    @pytest.mark.parametrize("later", [6, 33, 3600])
    def test_later(self, later: int) -> None:
        found = deviation(lifecycle.expires_with_subject, introspected(exp=EXPIRY + later), self.USER)
        assert (found.actual, found.requirement) == (f"{later} seconds later", "OBO-LIF-11")

    @pytest.mark.parametrize("exp", [..., None, str(EXPIRY), True])
    def test_an_exp_that_cannot_be_compared(self, exp: Any) -> None:
        deviation(lifecycle.expires_with_subject, introspected(exp=exp), self.USER)
        deviation(lifecycle.expires_with_subject, self.USER, introspected(exp=exp))
