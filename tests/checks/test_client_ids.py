"""Client IDs."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import client_ids
from steps.checks.evidence import Witnesses
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, introspected, no, ok, remark_of


class TestClientId:
    """OBO-2.1-02."""

    @pytest.mark.parametrize("status", [200, 201])
    def test_a_good_one_is_accepted(self, status: int) -> None:
        conforms(client_ids.created, Answer(status))

    @pytest.mark.parametrize("answer", [no("bad"), html(409), html(500), html(302)])
    def test_a_good_one_is_refused(self, answer: Answer) -> None:
        deviation(client_ids.created, answer)

    @pytest.mark.parametrize("status", [400, 403, 404, 405, 422])
    def test_another_is_refused(self, status: int) -> None:
        conforms(client_ids.client_id_not_accepted, html(status))

    @pytest.mark.parametrize("status", [200, 201])
    def test_an_api_laxer_than_the_console_is_worth_a_warning(self, status: int) -> None:
        assert remark_of(client_ids.client_id_not_accepted, ok() if status == 200 else Answer(201))[0] == "SHOULD"

    def test_an_id_must_not_upset_the_server(self) -> None:
        deviation(client_ids.client_id_not_accepted, html(500))

    @pytest.mark.parametrize("status", [400, 403, 409, 412])
    def test_a_taken_one_is_refused(self, status: int) -> None:
        conforms(client_ids.taken, html(status))

    @pytest.mark.parametrize("answer", [ok(), Answer(201), html(500), html(302)])
    def test_a_taken_one_is_overwritten(self, answer: Answer) -> None:
        assert deviation(client_ids.taken, answer).requirement == "OBO-2.1-02"

    def test_its_holder_still_works(self) -> None:
        conforms(client_ids.still_served, ok(access_token=TOKEN))

    @pytest.mark.parametrize("answer", [no("invalid_client", 401), no("x", access_token=TOKEN), ok(), html(500)])
    def test_its_holder_lost_it(self, answer: Answer) -> None:
        assert deviation(client_ids.still_served, answer).requirement == "OBO-2.1-02"

    @pytest.mark.parametrize("claims", [None, {}, {"client_id": "app"}], ids=["opaque", "no member", "same"])
    def test_claims_spell_it_as_entered(self, claims: dict[str, Any] | None) -> None:
        witnesses = Witnesses(ok(access_token=TOKEN), introspected(client_id="app"), claims)
        conforms(client_ids.canonical, witnesses, "app")
        conforms(client_ids.refused_or_canonical, witnesses, "app")

    @pytest.mark.parametrize("client_id", ["APP", "App", ..., None])
    def test_introspection_spells_it_otherwise(self, client_id: Any) -> None:
        witnesses = Witnesses(ok(access_token=TOKEN), introspected(client_id=client_id), None)
        deviation(client_ids.canonical, witnesses, "app")
        assert deviation(client_ids.refused_or_canonical, witnesses, "app").requirement == "OBO-2.1-02"

    def test_the_jwt_spells_it_otherwise(self) -> None:
        witnesses = Witnesses(ok(access_token=TOKEN), introspected(client_id="app"), {"client_id": "APP"})
        deviation(client_ids.canonical, witnesses, "app")

    @pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_request"])
    def test_another_spelling_may_be_unknown(self, error: str) -> None:
        conforms(client_ids.refused_or_canonical, Witnesses(no(error, 401), None, None), "app")

    @pytest.mark.parametrize("answer", [ok(), no("server_error", 500), html()])
    def test_another_spelling_is_neither(self, answer: Answer) -> None:
        deviation(client_ids.refused_or_canonical, Witnesses(answer, None, None), "app")
