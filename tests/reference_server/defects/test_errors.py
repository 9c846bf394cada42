"""Defects of refusals."""

from __future__ import annotations

import pytest

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.world import Guide, token_of


@planted("error-200-body")
def test_a_refusal_has_status_200(guide: Guide, wrong: bool) -> None:
    answer = guide.login(guide.barbara, guide.app, password="wrong")
    assert answer.json()["error"] == "invalid_grant"
    assert (answer.status_code == 200) is wrong


@planted("error-body-has-token")
def test_a_refusal_has_a_token(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "write-data")
    assert answer.status_code == 400
    assert ("access_token" in answer.json()) is wrong


@planted("wrong-error-code")
@pytest.mark.parametrize("change", [{"client_secret": "wrong"}, {"scope": "unknown"}, {"grant_type": "unknown"}])
def test_there_is_one_code_for_everything(guide: Guide, wrong: bool, change: dict[str, str]) -> None:
    answer = guide.login(guide.barbara, guide.app, **change)
    assert answer.status_code == 400
    assert (answer.json()["error"] == "invalid_request") is wrong


@planted("error-leaks-policy")
def test_a_refusal_tells_who_is_covered(guide: Guide, wrong: bool) -> None:
    uncovered = token_of(guide.login(guide.user("uncovered"), guide.app))
    answers = [guide.exchange(t, guide.assistant, guide.app, "read-data").text for t in (uncovered, "garbage")]
    assert ("subject group" in answers[0]) is wrong
    assert (answers[0] != answers[1]) is wrong


@planted("secret-echoed-in-error")
def test_a_refusal_repeats_secrets(guide: Guide, wrong: bool) -> None:
    answer = guide.exchange("THE-TOKEN", guide.assistant, guide.app, "read-data")
    assert ("THE-TOKEN" in answer.text and guide.assistant.secret in answer.text) is wrong
