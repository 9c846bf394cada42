"""The flow, tried once: what an answer without a fault of the set-up shows otherwise than the guide is only noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fixtures.doctor.finding import Finding
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.errors import OAuthError
from tests.doctor.hand_made import HandMade, named

Bend = Callable[[AuthorizationServer, pytest.MonkeyPatch], None]


def without_actor(server: AuthorizationServer, patch: pytest.MonkeyPatch) -> None:
    original = server.introspection.active
    patch.setattr(
        server.introspection, "active", lambda token: {k: v for k, v in original(token).items() if k != "act"}
    )


def another_subject(server: AuthorizationServer, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(server.token_exchange, "subject", lambda _: "somebody-else")


def never_active(server: AuthorizationServer, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(server.introspection, "active", lambda _: {"active": False})


BENT = {
    "no actor": (without_actor, "does not name the AI agent as its actor"),
    "another subject": (another_subject, "is not the end user"),
    "never active": (never_active, "as active"),
}


@pytest.mark.parametrize(("bend", "words"), BENT.values(), ids=BENT)
def test_contradiction_is_noted_and_left_to_a_run(
    set_up: HandMade, monkeypatch: pytest.MonkeyPatch, bend: Bend, words: str
) -> None:
    bend(set_up.server.tenant.oauth["alpha"], monkeypatch)
    (noted,) = [finding for finding in set_up.findings() if finding.level != "ok"]
    assert (noted.level, noted.cause) == ("note", "non-conforming")
    assert words in noted.what
    assert noted.what.endswith("a run will judge it")


def refused_with(set_up: HandMade, patch: pytest.MonkeyPatch, error: str, **changes: Any) -> Finding:
    def refuse(*_: Any) -> dict[str, Any]:
        raise OAuthError(error, "No.", 403)

    patch.setattr(set_up.server.tenant.oauth["alpha"].token_exchange, "answer", refuse)
    return set_up.hindrance(**changes)


@pytest.mark.parametrize("error", ["invalid_request", "access_denied", "invalid_grant"])
def test_refusals_that_look_all_alike_name_every_step(
    set_up: HandMade, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    found = refused_with(set_up, monkeypatch, error)
    assert named(found) == ("guide step not done", "3.2.4g", None)
    assert found.steps == ("3.2.4g", "3.2.4e", "3.2.5b", "3.2.5d-s", "1.2a")
    assert f"403 {error}" in found.what


def test_who_could_tell_more_is_named_where_it_can_be_had(set_up: HandMade, monkeypatch: pytest.MonkeyPatch) -> None:
    at_tenant = refused_with(set_up, monkeypatch, "invalid_request")
    assert str(at_tenant.remedy).endswith("; a service account (OBO_SERVICE_ACCOUNT_ID) would tell which one it is")
    issuer = set_up.server.tenant.oauth["alpha"].discovery.issuer
    elsewhere = refused_with(set_up, monkeypatch, "invalid_request", tenant_url=None, issuer=issuer)
    assert elsewhere.remedy == "go through these steps in this order"


def test_scopes_that_are_narrowed_without_a_word_are_named(set_up: HandMade, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = set_up.server.tenant.oauth["alpha"].token_exchange.answer
    monkeypatch.setattr(
        set_up.server.tenant.oauth["alpha"].token_exchange,
        "answer",
        lambda client, form: answer(client, form) | {"scope": "other"},
    )
    found = set_up.hindrance()
    assert named(found) == ("guide step not done", "3.2.5e-i", "OBO_AGENT_SCOPES")
    assert "(read-data)" in found.what
