"""The form of a refusal, its code, and what it gives away (OBO-ERR-01 to OBO-ERR-03)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from steps.checks import errors
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, introspected, jwt, no, ok, remark_of

FORM = [errors.well_formed_refusal, errors.refused_in_form]
in_form = pytest.mark.parametrize("check", FORM)


def typed(content_type: str | None, **members: Any) -> Answer:
    """A refusal with this content type."""
    headers = {} if content_type is None else {"content-type": content_type}
    return Answer(400, {"error": "invalid_request", **members}, headers)


class TestForm:
    """OBO-ERR-01."""

    @in_form
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 429])
    @pytest.mark.parametrize("error", ["invalid_request", "invalid_target", "authorization_pending", "invalid_token"])
    def test_a_registered_code_with_any_4xx(self, check: Any, status: int, error: str) -> None:
        conforms(check, no(error, status, error_description="Sorry, no (really).", error_uri="https://t/e"))

    @in_form
    @pytest.mark.parametrize("kind", ["application/json", "application/json;charset=UTF-8", "application/problem+json"])
    def test_json_by_any_name(self, check: Any, kind: str) -> None:
        conforms(check, typed(kind, error_description=None, access_token=None))

    @in_form
    @pytest.mark.parametrize(
        "answer",
        [
            ok(error="invalid_request"),
            ok(error="invalid_request", access_token=TOKEN),
            no("invalid_request", access_token=TOKEN),
            no("invalid_request", refresh_token=TOKEN),
            no("invalid_request", 302),
            no("server_error", 500),
            html(500),
            html(302),
            html(400),
            html(401),
            Answer(400, {"message": "no"}, {"content-type": "application/json"}),
            no("no_such_code"),
            no(["invalid_request"]),
            no(None),
            no(""),
            no("invalid\nrequest"),
            no("invalid_request", error_description='the "thing"'),
            no("invalid_request", error_description="line\nbreak"),
            no("invalid_request", error_description="é"),
            no("invalid_request", error_description=["no"]),
            no("invalid_request", error_uri="https://t/\\"),
            typed("text/html"),
            typed(None),
        ],
        ids=range(23),
    )
    def test_what_is_no_refusal_in_form(self, check: Any, answer: Answer) -> None:
        assert deviation(check, answer).requirement == "OBO-ERR-01"

    @pytest.mark.parametrize(
        "answer", [ok(access_token=TOKEN), introspected(), ok(active=False), html(200), Answer(204)]
    )
    def test_an_answer_that_refuses_nothing_passes_unless_a_refusal_is_due(self, answer: Answer) -> None:
        conforms(errors.well_formed_refusal, answer)
        deviation(errors.refused_in_form, answer)

    @in_form
    @pytest.mark.parametrize("answer", [html(404), html(405), html(413), no("Method Not Allowed", 405), html(429)])
    def test_what_stands_in_front_may_use_its_own_words(self, check: Any, answer: Answer) -> None:
        assert remark_of(check, answer)[0] == "SHOULD"

    @pytest.mark.parametrize("answer", [html(400), html(403), no("Bad Request")])
    def test_more_so_where_the_request_was_odd(self, answer: Answer) -> None:
        assert remark_of(errors.well_formed_refusal, answer, odd=True)[0] == "SHOULD"

    @in_form
    def test_a_challenge_alone_is_for_the_record(self, check: Any) -> None:
        assert remark_of(check, Answer(401, {}, {"www-authenticate": "Bearer"}))[0] == "INFO"


class TestCode:
    """OBO-ERR-02."""

    @pytest.mark.parametrize("code", ["invalid_request", "invalid_target", "invalid_scope", "unauthorized_client"])
    def test_the_code_that_is_named(self, code: str) -> None:
        conforms(errors.code_is, no(code), code)

    def test_invalid_grant_for_a_bad_subject_token_is_common(self) -> None:
        assert remark_of(errors.code_is, no("invalid_grant"), "invalid_request")[0] == "INFO"

    def test_what_is_granted_has_no_code(self) -> None:
        assert remark_of(errors.code_is, ok(access_token=TOKEN), "invalid_scope")[0] == "INFO"

    @pytest.mark.parametrize(
        "answer", [no("invalid_request"), no("server_error", 500), html(400), ok(error="invalid_request"), no(7)]
    )
    def test_another_code(self, answer: Answer) -> None:
        found = deviation(errors.code_is, answer, "invalid_target")
        assert (found.requirement, found.expected, found.binding) == ("OBO-ERR-02", "error invalid_target", False)


class TestSecrets:
    """OBO-ERR-03."""

    SECRET = 's3cr3t/with"quotes'
    LONG = jwt({"alg": "ES256", "typ": "JWT"}, {"sub": "user", "scope": ["read-data"] * 9})

    def test_none_comes_back(self) -> None:
        sent = [self.SECRET, self.LONG, "", "abc"]
        conforms(errors.repeats_no_secret, no("invalid_request", error_description="abc is wrong"), sent)

    @pytest.mark.parametrize("piece", [slice(None), slice(-30, None), slice(40, 120)], ids=["whole", "end", "middle"])
    def test_a_token_comes_back(self, piece: slice) -> None:
        answer = no("invalid_request", error_description=f"bad token {self.LONG[piece]}...")
        assert deviation(errors.repeats_no_secret, answer, [self.LONG]).requirement == "OBO-ERR-03"

    def test_the_beginning_that_all_tokens_share_is_no_secret(self) -> None:
        conforms(errors.repeats_no_secret, no("invalid_request", error_description=self.LONG[:30]), [self.LONG])

    def test_a_secret_comes_back_escaped_and_deep_down(self) -> None:
        answer = no("invalid_client", detail={"sent": [self.SECRET]})
        assert self.SECRET not in answer.text
        deviation(errors.repeats_no_secret, answer, [self.SECRET])

    def test_what_is_granted_is_no_refusal(self) -> None:
        conforms(errors.repeats_no_secret, ok(access_token=self.LONG), [self.LONG])

    @pytest.mark.parametrize(
        "text",
        [
            "Traceback (most recent call last)",
            "at org.example.oauth2.Token.check(Token.java:12)",
            'File "app.py", line 3',
            "java.lang.IllegalStateException",
            "SQLSTATE 42",
        ],
    )
    def test_inner_workings_come_out(self, text: str) -> None:
        deviation(errors.repeats_no_secret, no("invalid_request", error_description=text), [])


class TestReasons:
    """OBO-ERR-03."""

    INVALID = no("invalid_request", error_description="Invalid token exchange.")
    FORBIDDEN = no("access_denied", 403, error_description="Not permitted.")

    @pytest.mark.parametrize(
        ("not_permitted", "garbage", "gone"),
        [
            (INVALID, INVALID, []),
            (FORBIDDEN, INVALID, []),
            (FORBIDDEN, INVALID, [INVALID, INVALID]),
            (FORBIDDEN, INVALID, [FORBIDDEN, FORBIDDEN]),
            (INVALID, INVALID, [INVALID, INVALID]),
        ],
        ids=["alike", "two kinds", "gone is invalid", "gone is not permitted", "all alike"],
    )
    def test_invalid_and_not_permitted_is_all_there_is(
        self, not_permitted: Answer, garbage: Answer, gone: list[Answer]
    ) -> None:
        conforms(errors.reasons_kept, not_permitted, garbage, gone, ["victor.moss"])

    @pytest.mark.parametrize(
        "gone",
        [
            [INVALID, FORBIDDEN],
            [no("invalid_grant"), no("invalid_grant")],
            [no("server_error", 500), INVALID],
            [no("invalid_request", error_description="The user is disabled"), INVALID],
        ],
        ids=["told apart", "a third kind", "a failure", "said aloud"],
    )
    def test_what_became_of_a_user_is_told(self, gone: list[Answer]) -> None:
        assert deviation(errors.reasons_kept, self.FORBIDDEN, self.INVALID, gone, []).requirement == "OBO-ERR-03"

    @pytest.mark.parametrize(
        "text",
        [
            "user is not in group sales",
            "victor.moss is no subject",
            "The account has been locked",
            "owner is not signed in",
            "user does not exist",
        ],
    )
    def test_the_reason_is_told(self, text: str) -> None:
        answer = no("access_denied", 403, error_description=text)
        assert deviation(errors.reasons_kept, answer, self.INVALID, [], ["victor.moss"]).requirement == "OBO-ERR-03"

    @pytest.mark.parametrize("text", ["The subject token is unknown or inactive", "subject_token expired or revoked"])
    def test_what_is_said_of_a_token_is_no_reason(self, text: str) -> None:
        conforms(errors.reasons_kept, no("invalid_request", error_description=text), self.INVALID, [], [])

    def test_a_token_that_is_still_exchanged_is_for_the_record(self) -> None:
        gone = [ok(access_token=TOKEN), self.INVALID]
        assert remark_of(errors.reasons_kept, self.INVALID, self.INVALID, gone, [])[0] == "INFO"


def test_wording_leaves_out_what_differs_from_request_to_request() -> None:
    first = no("invalid_client", error_description="app-1 unknown (2026-01-01 10:00:00Z, id 12)")
    other = no("invalid_client", error_description="app-2 unknown (2026-01-01 10:00:07Z, id 13)")
    assert errors.wording(first, ["app-1", "app-2"]) == errors.wording(other, ["app-1", "app-2"])
    assert errors.wording(first) != errors.wording(no("invalid_client", error_description="wrong secret"))
    assert json.loads(first.text)["error"] == errors.wording(first)[1]
