"""Where checks draw a line: the last value that passes, and the first that doesn't."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from steps.checks import chains, errors, hygiene, strangers
from steps.checks.evidence import url_parts
from tests.checks.evidence import Answer, conforms, deviation, html, introspected, judgement_of, no, ok, witnesses

MOVED = {"location": "https://tenant.example/"}


@pytest.mark.parametrize("status", [500, 503])
def test_plain_http_may_end_in_front_of_the_endpoint(status: int) -> None:
    conforms(hygiene.encrypted_only, html(status))
    conforms(hygiene.encrypted_only, no("server_error", status))


@pytest.mark.parametrize("status", [300, 302, 399])
def test_plain_http_may_be_sent_to_https_and_nowhere_else(status: int) -> None:
    conforms(hygiene.encrypted_only, Answer(status, {}, MOVED))
    deviation(hygiene.encrypted_only, Answer(status, {}, {"location": "http://tenant.example/"}))
    deviation(hygiene.encrypted_only, Answer(status))


def test_plain_http_may_be_forbidden() -> None:
    conforms(hygiene.encrypted_only, no("invalid_request", 403))
    deviation(hygiene.encrypted_only, no("invalid_request", 404))


@pytest.mark.parametrize(("seconds", "passes"), [(10, True), (10.1, False)])
def test_ten_seconds_are_not_too_long(seconds: float, passes: bool) -> None:
    judgement = judgement_of(hygiene.cleanly_refused, no("invalid_request"), seconds)
    assert (judgement.nonconformity is None) is passes


def test_an_empty_description_is_as_good_as_none() -> None:
    conforms(errors.well_formed_refusal, no("invalid_request", error_description="", error_uri=None))


def test_a_redirection_is_no_answer_of_an_oauth_endpoint() -> None:
    conforms(errors.well_formed_refusal, Answer(299))
    deviation(errors.well_formed_refusal, Answer(300))


@pytest.mark.parametrize(("secret", "found"), [("abcd", True), ("abc", False)])
def test_four_letters_are_a_secret(secret: str, found: bool) -> None:
    answer = no("invalid_request", error_description=f"no: {secret}")
    assert (judgement_of(errors.repeats_no_secret, answer, [secret]).nonconformity is not None) is found


@pytest.mark.parametrize("start", [24, 36, 48, 60])
def test_a_piece_of_a_token_is_found_wherever_it_is_from(start: int) -> None:
    token = "".join(chr(33 + number) for number in range(84))
    answer = replace(no("invalid_request"), text=token[start : start + 24])
    deviation(errors.repeats_no_secret, answer, [token])
    conforms(errors.repeats_no_secret, replace(answer, text=token[:24]), [token])


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (no("a", error_description="one", message="two"), "one"),
        (no("a", message="two"), "two"),
        (no("a"), ""),
        (no("a", message="a-agent and agent, request 7"), "… and …, request …"),
    ],
)
def test_a_description_without_what_was_sent(answer: Answer, text: str) -> None:
    assert errors.wording(answer, ["agent", "", "a-agent"]) == (400, "a", text)


@pytest.mark.parametrize(("which", "expected"), [(0, True), (1, True), (2, True)])
def test_a_fault_is_none_of_the_answers_that_keep_a_reason(which: int, expected: bool) -> None:
    answers = [no("invalid_grant")] * 3
    answers[which] = no("invalid_grant", 500)
    judgement = judgement_of(errors.reasons_kept, answers[0], answers[1], [answers[2]], [])
    assert ("4xx" in str(judgement.nonconformity)) is expected


def test_users_who_are_gone_are_told_as_what_the_others_are_told() -> None:
    found = deviation(errors.reasons_kept, no("a"), no("b"), [no("c"), no("c", error_uri="x")], [])
    assert found.expected == "users who are gone told as one of 400 a / 400 b"


@pytest.mark.parametrize("status", [400, 499])
def test_a_format_that_is_not_offered_may_be_refused(status: int) -> None:
    judgement = judgement_of(strangers.bare_in_any_format, no("invalid_request", status), ["user"])
    assert judgement.nonconformity is None
    told = replace(no("invalid_request", status), members={"active": True, "sub": "user"}, text='{"sub": "user"}')
    assert judgement_of(strangers.bare_in_any_format, told, ["user"]).nonconformity is not None


def test_a_url_without_an_address_has_no_parts() -> None:
    assert url_parts("http://[").geturl() == ""


def chain(*acts: Any) -> list[Any]:
    """Hops by agents a, b and so on, with these `act` claims in introspection and JWT."""
    told = [{"sub": "user", **act} for act in acts]
    return [(agent, witnesses(seen=members, claims=members)) for agent, members in zip("abc", told, strict=False)]


FIRST: Any = {"act": {"sub": "a"}}
BESIDE: Any = {"act": {"sub": "b"}, "chain": ["a"]}


def test_each_place_of_each_hop_is_looked_at() -> None:
    user = introspected(sub="user")
    (first,) = chain(FIRST)
    agent, token = first
    wrong = replace(token, claims={"sub": "user", "act": {"sub": "x"}})
    deviation(chains.named_in_order, [(agent, wrong)], user, "app")
    agent, token = chain(FIRST, BESIDE)[1]
    wrong = replace(token, claims={"sub": "user", "act": {"sub": "x"}})
    deviation(chains.named_in_order, [first, (agent, wrong)], user, "app")


def test_what_was_remarked_before_a_refused_hop_is_kept() -> None:
    hops = [*chain(FIRST, BESIDE), ("c", witnesses(no("invalid_grant")))]
    judgement = judgement_of(chains.named_in_order, hops, introspected(sub="user"), "app")
    assert [remark.level for remark in judgement.remarks] == ["INFO", "INFO"]
    third = {"act": {"sub": "c"}, "chain": ["a", "b"]}
    judgement = judgement_of(chains.named_in_order, chain(FIRST, BESIDE, third), introspected(sub="user"), "app")
    assert len(judgement.remarks) == 4


def test_the_hop_at_which_somebody_else_is_the_subject_is_named() -> None:
    hops = [*chain(FIRST), ("b", witnesses(seen={"sub": "x", **BESIDE}))]
    assert deviation(chains.named_in_order, hops, introspected(sub="user"), "app").expected.startswith("token 2 of")


def test_expiry_is_compared_where_both_tokens_tell_it() -> None:
    first, later = witnesses(seen={"exp": 100}), witnesses(seen={"exp": 100}, claims={"exp": 100})
    conforms(chains.not_prolonged, first, [later])


def test_no_answer_says_neither_that_a_token_is_active_nor_anything_else() -> None:
    found = deviation(strangers.hint_changes_nothing, [(ok(active=False), no("invalid_request"))])
    assert found.actual == "200 with active"
