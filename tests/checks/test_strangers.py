"""What introspection tells to others, in other formats, and of other tokens (OBO-SEC-01 to OBO-SEC-03)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import strangers
from tests.checks.evidence import Answer, conforms, deviation, html, introspected, jwt, no, ok, remark_of

USER = "2b1c0f3e-0000-4000-8000-000000000001"
INACTIVE = ok(active=False)


def as_jwt(status: int = 200, **claims: Any) -> Answer:
    """An introspection answer as a JWT."""
    return Answer(status, {}, {"content-type": "application/token-introspection+jwt"}, jwt({"alg": "ES256"}, claims))


class TestStrangers:
    """OBO-SEC-01."""

    @pytest.mark.parametrize(
        "answer", [INACTIVE, no("invalid_client", 401), no("access_denied", 403), no("invalid_request"), html(403)]
    )
    def test_they_are_told_nothing(self, answer: Answer) -> None:
        conforms(strangers.told_nothing, answer)

    @pytest.mark.parametrize(
        "answer",
        [
            introspected(sub=USER),
            introspected(),
            ok(active=False, sub=USER),
            ok(active=False, client_id="app"),
            ok(active="false"),
            no("access_denied", 403, sub=USER),
            no("server_error", 500),
            html(200),
        ],
        ids=["claims", "active", "inactive with sub", "with client", "a text", "refused with sub", "500", "page"],
    )
    def test_they_learn_something(self, answer: Answer) -> None:
        assert deviation(strangers.told_nothing, answer).requirement == "OBO-SEC-01"


class TestFormats:
    """OBO-SEC-02."""

    @pytest.mark.parametrize(
        "answer",
        [
            INACTIVE,
            no("invalid_request", 406),
            html(415),
            as_jwt(active=False, iss="https://t", aud="app", iat=1),
            as_jwt(token_introspection={"active": False}, iss="https://t", aud="app", iat=1, jti="1"),
        ],
        ids=["JSON", "406", "415", "flat JWT", "RFC 9701"],
    )
    def test_nothing_but_inactive(self, answer: Answer) -> None:
        conforms(strangers.bare_in_any_format, answer, [USER, "barbara"])

    @pytest.mark.parametrize(
        "answer",
        [
            ok(active=False, sub="x"),
            introspected(),
            as_jwt(active=False, sub="x", iss="https://t"),
            as_jwt(active=False, exp=1_800_000_000),
            as_jwt(token_introspection={"active": False, "act": {"sub": "agent"}}, iss="https://t"),
            as_jwt(token_introspection={"active": False}, scope="read-data"),
            as_jwt(token_introspection={"active": True}),
            as_jwt(iss="https://t"),
            as_jwt(500, active=False),
            html(200),
            no("server_error", 500),
        ],
        ids=["JSON", "active", "sub", "exp", "act", "scope", "true", "nothing", "status", "page", "500"],
    )
    def test_something_leaks(self, answer: Answer) -> None:
        assert deviation(strangers.bare_in_any_format, answer, [USER]).requirement == "OBO-SEC-02"

    def test_the_user_is_named_in_a_member_that_may_be_there(self) -> None:
        answer = Answer(200, {"active": False}, {}, f'{{"active": false}} {USER}')
        assert "names the user" in str(deviation(strangers.bare_in_any_format, answer, [USER]))

    def test_an_encrypted_answer_is_for_the_record(self) -> None:
        assert remark_of(strangers.bare_in_any_format, Answer(200, text="a.b.c.d.e"), [])[0] == "INFO"


class TestHints:
    """OBO-SEC-03."""

    @pytest.mark.parametrize(
        "views",
        [
            [(introspected(sub=USER), introspected(sub=USER))],
            [(introspected(expires_in=3600), introspected(expires_in=3599))],
            [(INACTIVE, INACTIVE), (introspected(), introspected())],
            [(no("invalid_client", 401), no("invalid_client", 401)), (introspected(), introspected())],
        ],
        ids=["same", "a second later", "only for the audience", "refused to one"],
    )
    def test_they_make_no_difference(self, views: Any) -> None:
        conforms(strangers.hint_changes_nothing, views)

    @pytest.mark.parametrize(
        "views",
        [
            [(introspected(), INACTIVE)],
            [(introspected(), no("unsupported_token_type"))],
            [(introspected(sub=USER), introspected())],
            [(INACTIVE, introspected()), (introspected(), introspected())],
            [(INACTIVE, INACTIVE)],
        ],
        ids=["inactive", "refused", "another answer", "active by the hint", "never active"],
    )
    def test_they_do(self, views: Any) -> None:
        assert deviation(strangers.hint_changes_nothing, views).requirement == "OBO-SEC-03"


class TestOtherTokens:
    """OBO-SEC-03."""

    @pytest.mark.parametrize(
        "answer",
        [
            INACTIVE,
            no("invalid_request"),
            introspected(token_type="id_token"),
            introspected(token_type="N_A"),
            introspected(token_type="Bearer", tokenName="id_token"),
            introspected(token_use="id"),
            introspected(typ="Refresh"),
        ],
        ids=["inactive", "refused", "id_token", "N_A", "tokenName", "token_use", "typ"],
    )
    def test_they_are_inactive_or_marked(self, answer: Answer) -> None:
        conforms(strangers.no_access_token, answer, "an ID token")

    @pytest.mark.parametrize("answer", [introspected(), introspected(token_type="Bearer", sub="identity")])
    def test_an_unmarked_one_is_worth_a_warning(self, answer: Answer) -> None:
        assert remark_of(strangers.no_access_token, answer, "an ID token") == (
            "SHOULD",
            "an ID token reads as an active access token",
        )
