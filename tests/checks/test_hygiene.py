"""How requests may be sent and answers kept (OBO-HYG-01 to OBO-HYG-07)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import hygiene
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, no, ok, remark_of

GRANTED = ok(access_token=TOKEN, scope="read-data")
ACTIVE = ok(active=True, sub="user")
INACTIVE = ok(active=False)


def headed(answer: Answer, **headers: str) -> Answer:
    """An answer with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(answer.status, answer.members, named, answer.text)


class TestQuery:
    """OBO-HYG-01."""

    @pytest.mark.parametrize("check", [hygiene.not_served, hygiene.secret_in_query])
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 415])
    def test_any_4xx_without_a_token(self, check: Any, status: int) -> None:
        conforms(check, no("invalid_request", status))
        conforms(check, html(status))

    @pytest.mark.parametrize("answer", [GRANTED, ACTIVE, ok(active="true"), no("invalid_request", access_token=TOKEN)])
    def test_a_token_or_what_it_says_never_comes(self, answer: Answer) -> None:
        assert deviation(hygiene.not_served, answer).requirement == "OBO-HYG-01"

    @pytest.mark.parametrize("answer", [html(200), html(302), no("server_error", 500), ok()])
    @pytest.mark.parametrize("check", [hygiene.not_served, hygiene.secret_in_query])
    def test_nothing_but_a_4xx_is_a_refusal(self, check: Any, answer: Answer) -> None:
        deviation(check, answer)

    def test_an_introspection_that_finds_no_token_is_worth_a_warning(self) -> None:
        assert remark_of(hygiene.not_served, INACTIVE)[0] == "SHOULD"

    @pytest.mark.parametrize("answer", [GRANTED, ACTIVE])
    def test_a_client_secret_in_the_query_is_worth_a_warning(self, answer: Answer) -> None:
        assert remark_of(hygiene.secret_in_query, answer) == ("SHOULD", "a client secret in the query is accepted")


class TestCaches:
    """OBO-HYG-02."""

    @pytest.mark.parametrize("value", ["no-store", "private, no-store", "No-Store", "no-cache,no-store, max-age=0"])
    @pytest.mark.parametrize("answer", [GRANTED, ACTIVE, no("invalid_client", 401)])
    def test_no_store_in_any_company(self, answer: Answer, value: str) -> None:
        conforms(hygiene.not_cached, headed(answer, cache_control=value, pragma="no-cache"))

    def test_pragma_alone_is_for_the_record(self) -> None:
        assert remark_of(hygiene.not_cached, headed(GRANTED, cache_control="no-store"))[0] == "INFO"

    @pytest.mark.parametrize(
        "headers", [{}, {"cache_control": "no-cache"}, {"cache_control": "private"}, {"pragma": "no-cache"}]
    )
    def test_a_token_without_it(self, headers: dict[str, str]) -> None:
        found = deviation(hygiene.not_cached, headed(GRANTED, **headers))
        assert found.requirement == "OBO-HYG-02"
        assert "Cache-Control: " in str(found.actual)

    @pytest.mark.parametrize("answer", [ACTIVE, INACTIVE, no("invalid_client", 401), html(400)])
    def test_any_other_answer_without_it_is_worth_a_warning(self, answer: Answer) -> None:
        assert remark_of(hygiene.not_cached, headed(answer))[0] == "SHOULD"

    def test_an_answer_without_content_has_nothing_to_keep(self) -> None:
        conforms(hygiene.not_cached, Answer(200))


class TestRepetition:
    """OBO-HYG-03."""

    @pytest.mark.parametrize("check", [hygiene.repeated, hygiene.contradicting])
    def test_it_is_an_invalid_request(self, check: Any) -> None:
        conforms(check, no("invalid_request"), "scope")

    @pytest.mark.parametrize("check", [hygiene.repeated, hygiene.contradicting])
    @pytest.mark.parametrize("error", ["invalid_grant", "invalid_client", "unsupported_grant_type", "invalid_scope"])
    def test_another_code_is_worth_a_warning(self, check: Any, error: str) -> None:
        assert remark_of(check, no(error, 401), "scope")[0] == "SHOULD"

    def test_the_same_value_may_pass_with_a_warning(self) -> None:
        assert remark_of(hygiene.repeated, GRANTED, "scope")[0] == "SHOULD"

    def test_another_value_never_passes(self) -> None:
        found = deviation(hygiene.contradicting, GRANTED, "scope")
        assert (found.requirement, "scope" in found.expected) == ("OBO-HYG-03", True)

    @pytest.mark.parametrize("check", [hygiene.repeated, hygiene.contradicting])
    @pytest.mark.parametrize("answer", [no("server_error", 500), no("server_error"), html(400), ok(), no("odd_code")])
    def test_a_failure_is_no_refusal(self, check: Any, answer: Answer) -> None:
        deviation(check, answer, "scope")


class TestUnknownAndEmptyParameters:
    """OBO-HYG-04."""

    @pytest.mark.parametrize("answer", [GRANTED, ACTIVE])
    def test_an_unknown_one_is_ignored(self, answer: Answer) -> None:
        conforms(hygiene.unknown_ignored, answer)

    @pytest.mark.parametrize("answer", [no("invalid_request"), INACTIVE, html(400)])
    def test_an_unknown_one_is_refused(self, answer: Answer) -> None:
        assert deviation(hygiene.unknown_ignored, answer).requirement == "OBO-HYG-04"

    @pytest.mark.parametrize(
        ("empty", "absent"),
        [
            (GRANTED, GRANTED),
            (ok(access_token=TOKEN, scope="b a"), ok(access_token=TOKEN, scope="a b")),
            (no("invalid_request"), no("invalid_request")),
            (no("invalid_scope"), no("invalid_request")),
        ],
        ids=["granted", "in another order", "refused", "refused by another code"],
    )
    def test_an_empty_one_counts_as_absent(self, empty: Answer, absent: Answer) -> None:
        conforms(hygiene.counts_as_absent, empty, absent, "scope")

    @pytest.mark.parametrize(
        ("empty", "absent"),
        [
            (no("invalid_request"), GRANTED),
            (GRANTED, no("invalid_scope")),
            (ok(access_token=TOKEN, scope="read-data write-data"), GRANTED),
            (ok(access_token=TOKEN, scope="read-data", issued_token_type="jwt"), GRANTED),
            (no("server_error", 500), no("invalid_request")),
        ],
        ids=["refused", "granted", "more scopes", "another type", "a failure"],
    )
    def test_an_empty_one_is_taken_for_a_value(self, empty: Answer, absent: Answer) -> None:
        found = deviation(hygiene.counts_as_absent, empty, absent, "scope")
        assert (found.requirement, "scope" in found.expected) == ("OBO-HYG-04", True)


class TestSpecialCharacters:
    """OBO-HYG-05."""

    def test_encoded_credentials_are_understood(self) -> None:
        conforms(hygiene.understood, GRANTED)
        assert deviation(hygiene.understood, no("invalid_grant")).requirement == "OBO-HYG-05"

    @pytest.mark.parametrize("granted", ["a+b&c=d", "x a+b&c=d", ...])
    def test_the_scope_keeps_its_spelling(self, granted: Any) -> None:
        members = {} if granted is ... else {"scope": granted}
        conforms(hygiene.scope_understood, ok(access_token=TOKEN, **members), "a+b&c=d")

    @pytest.mark.parametrize("answer", [ok(access_token=TOKEN, scope="a b&c=d"), no("invalid_scope")])
    def test_a_scope_that_was_decoded_wrongly(self, answer: Answer) -> None:
        assert deviation(hygiene.scope_understood, answer, "a+b&c=d").requirement == "OBO-HYG-05"

    @pytest.mark.parametrize("answer", [no("invalid_grant"), no("invalid_client", 401), no("invalid_request")])
    def test_unencoded_ones_are_refused(self, answer: Answer) -> None:
        conforms(hygiene.not_understood, answer)

    @pytest.mark.parametrize("answer", [GRANTED, no("server_error", 500), html(400)])
    def test_unencoded_ones_are_taken(self, answer: Answer) -> None:
        deviation(hygiene.not_understood, answer)


class TestOddInput:
    """OBO-HYG-06."""

    @pytest.mark.parametrize("status", [400, 401, 403, 413, 415])
    def test_an_oauth_error(self, status: int) -> None:
        conforms(hygiene.cleanly_refused, no("invalid_request", status), 0.1)

    @pytest.mark.parametrize("answer", [html(400), html(413), no("Payload Too Large", 413), None])
    def test_a_gateway_in_its_own_words_is_worth_a_warning(self, answer: Answer | None) -> None:
        assert remark_of(hygiene.cleanly_refused, answer, 0.1)[0] == "SHOULD"

    @pytest.mark.parametrize("answer", [no("server_error", 500), html(502), html(503)])
    def test_a_fault_of_the_server_binds(self, answer: Answer) -> None:
        found = deviation(hygiene.cleanly_refused, answer, 0.1)
        assert (found.binding, found.requirement) == (True, "OBO-HYG-06")

    @pytest.mark.parametrize("answer", [GRANTED, html(200), html(302), no("invalid_request", access_token=TOKEN)])
    def test_it_is_not_served(self, answer: Answer) -> None:
        deviation(hygiene.cleanly_refused, answer, 0.1)

    def test_what_may_be_ignored_may_be_served(self) -> None:
        conforms(hygiene.cleanly_refused, GRANTED, 0.1, ignorable=True)
        deviation(hygiene.cleanly_refused, html(200), 0.1, ignorable=True)

    @pytest.mark.parametrize("answer", [no("invalid_request"), None])
    def test_an_answer_that_takes_too_long(self, answer: Answer | None) -> None:
        assert "12 seconds" in str(deviation(hygiene.cleanly_refused, answer, 12.0))


class TestEncryption:
    """OBO-HYG-07."""

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            Answer(301, {}, {"location": "https://tenant.example/token"}),
            html(403),
            html(404),
            html(400),
            html(502),
            no("invalid_request", 403, error_description="HTTPS required"),
            no("invalid_request", 400, error_description="use TLS"),
            no("Forbidden", 400),
        ],
        ids=["refused", "redirected", "403", "404", "400 page", "502", "403 error", "asks for TLS", "no OAuth error"],
    )
    def test_the_endpoint_is_not_there(self, answer: Answer | None) -> None:
        conforms(hygiene.encrypted_only, answer)

    @pytest.mark.parametrize(
        "answer",
        [
            no("invalid_client", 401),
            no("invalid_request"),
            html(200),
            ok(active=False),
            Answer(302, {}, {"location": "http://tenant.example/login"}),
            Answer(302, {}, {}),
        ],
        ids=["the endpoint", "without credentials", "a page", "introspection", "elsewhere", "nowhere"],
    )
    def test_something_is_served(self, answer: Answer) -> None:
        assert deviation(hygiene.encrypted_only, answer).requirement == "OBO-HYG-07"
