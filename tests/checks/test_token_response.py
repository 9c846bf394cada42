"""Token responses of the password grant and of token exchange, and what they grant."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from steps.checks import token_response
from steps.checks.evidence import Witnesses
from steps.checks.token_response import ACCESS_TOKEN_TYPE, JWT_TYPE, TOKEN_EXCHANGE
from tests.checks.evidence import (
    TOKEN,
    Answer,
    conforms,
    deviation,
    html,
    introspected,
    no,
    ok,
    remark_of,
    told,
    witnesses,
)
from tests.checks.evidence import token_response as response

FAILURES = [no("server_error", 500), no("no_such_code"), html(400)]
NO_TOKENS = [ok(), ok(access_token=""), ok(access_token=None), ok(access_token=7)]
WITHOUT_TOKEN = [*NO_TOKENS, no("invalid_grant"), no("invalid_grant", access_token=TOKEN), html()]
USER = "2b1c0f3e-0000-4000-8000-000000000001"


def exchanged(**changes: Any) -> Answer:
    """A conforming answer to an exchange with some members changed."""
    return response(**{"issued_token_type": ACCESS_TOKEN_TYPE, "refresh_token": None} | changes)


@pytest.mark.parametrize(
    ("check", "requirement"),
    [
        (token_response.user_token_granted, "OBO-4.1T-01"),
        (token_response.exchange_granted, "OBO-4.2X-01"),
        (token_response.granted, None),
    ],
)
class TestGranted:
    """A token comes, or the message says what came instead."""

    def test_a_token_is_enough(self, check: Any, requirement: str | None) -> None:  # noqa: ARG002
        conforms(check, ok(access_token=TOKEN))

    @pytest.mark.parametrize("answer", WITHOUT_TOKEN)
    def test_anything_else_is_not(self, check: Any, requirement: str | None, answer: Answer) -> None:
        assert deviation(check, answer).requirement == requirement

    def test_the_error_leads_to_the_guide_step(self, check: Any, requirement: str | None) -> None:  # noqa: ARG002
        assert deviation(check, no("invalid_scope")).error == "invalid_scope"


@pytest.mark.parametrize(("grant_type", "requirement"), [("password", "OBO-4.1T-01"), (TOKEN_EXCHANGE, "OBO-4.2X-01")])
class TestGrantTypeServed:
    """OBO-1-01: the provider is to blame for a grant type that it lacks, and for nothing else."""

    def test_a_token_proves_it(self, grant_type: str, requirement: str) -> None:  # noqa: ARG002
        conforms(token_response.grant_type_served, response(), grant_type)

    def test_a_grant_type_that_is_off(self, grant_type: str, requirement: str) -> None:  # noqa: ARG002
        found = deviation(token_response.grant_type_served, no("unsupported_grant_type"), grant_type)
        assert found.requirement == "OBO-1-01"

    def test_another_refusal_is_not_the_providers(self, grant_type: str, requirement: str) -> None:
        found = deviation(token_response.grant_type_served, no("unauthorized_client"), grant_type)
        assert found.requirement == requirement


class TestGrantTypeOff:
    """OBO-1-03."""

    @pytest.mark.parametrize(
        "error", ["unsupported_grant_type", "unauthorized_client", "invalid_request", "invalid_grant"]
    )
    def test_it_is_refused(self, error: str) -> None:
        conforms(token_response.grant_type_off, no(error))

    @pytest.mark.parametrize("answer", [response(), *FAILURES])
    def test_it_is_served_all_the_same(self, answer: Answer) -> None:
        assert deviation(token_response.grant_type_off, answer).requirement == "OBO-1-03"


TYPING_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"token_type": "mac"}, "token_type is 'mac'"),
    ({"token_type": ...}, "token_type is None"),
    ({"expires_in": "3599"}, "expires_in is '3599'"),
    ({"expires_in": 3_599_000}, "expires_in is 3599000"),
    ({"expires_in": 0}, "expires_in is 0"),
    ({"expires_in": -1}, "expires_in is -1"),
    ({"expires_in": True}, "expires_in is True"),
    ({"expires_in": 3599.5}, "expires_in is 3599.5"),
    ({"expires_in": ...}, "expires_in is None"),
]


class TestPasswordResponse:
    """OBO-4.1T-01."""

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"token_type": "bearer"},
            {"token_type": "BEARER"},
            {"expires_in": 1},
            {"expires_in": 86_400},
            {"scope": ...},
            {"refresh_token": TOKEN},
            {"id_token": TOKEN},
        ],
        ids=str,
    )
    def test_it_is_well_typed(self, changes: dict[str, Any]) -> None:
        conforms(token_response.password_response, response(**changes))

    @pytest.mark.parametrize(("changes", "actual"), TYPING_FAULTS)
    def test_it_is_not(self, changes: dict[str, Any], actual: str) -> None:
        assert str(deviation(token_response.password_response, response(**changes)).actual).startswith(actual)

    @pytest.mark.parametrize("answer", WITHOUT_TOKEN)
    def test_it_has_no_token(self, answer: Answer) -> None:
        assert deviation(token_response.password_response, answer).requirement == "OBO-4.1T-01"


class TestExchangeResponse:
    """OBO-4.2X-02."""

    @pytest.mark.parametrize("changes", [{}, {"token_type": "bearer"}, {"refresh_token": ...}], ids=str)
    def test_it_has_the_members_of_an_exchange(self, changes: dict[str, Any]) -> None:
        conforms(token_response.exchange_response, exchanged(**changes), "user-token")

    def test_a_token_issued_as_jwt_is_worth_a_warning(self) -> None:
        answer = exchanged(issued_token_type=JWT_TYPE)
        assert remark_of(token_response.exchange_response, answer, "user-token")[0] == "SHOULD"

    @pytest.mark.parametrize(
        ("changes", "actual"),
        [
            *TYPING_FAULTS,
            ({"issued_token_type": ...}, "issued_token_type is None"),
            ({"issued_token_type": "jwt"}, "issued_token_type is 'jwt'"),
            ({"issued_token_type": "access_token"}, "issued_token_type is 'access_token'"),
        ],
    )
    def test_a_member_is_wrong(self, changes: dict[str, Any], actual: str) -> None:
        found = deviation(token_response.exchange_response, exchanged(**changes), "user-token")
        assert actual in str(found.actual)

    def test_the_subject_token_comes_back(self) -> None:
        found = deviation(token_response.exchange_response, exchanged(), TOKEN)
        assert "the subject token itself" in str(found.actual)


class TestIssuedAsAsked:
    """OBO-4.2X-06: a JWT or an ID token may be asked for; whoever gives one says so."""

    @pytest.mark.parametrize("answer", [no("invalid_request"), exchanged(issued_token_type=JWT_TYPE)])
    def test_it_is_refused_or_named(self, answer: Answer) -> None:
        conforms(token_response.issued_as_asked, answer, JWT_TYPE)

    @pytest.mark.parametrize(
        "answer",
        [
            exchanged(),
            exchanged(issued_token_type=...),
            exchanged(issued_token_type=JWT_TYPE, access_token=...),
            *FAILURES,
        ],
    )
    def test_it_is_neither(self, answer: Answer) -> None:
        assert deviation(token_response.issued_as_asked, answer, JWT_TYPE).requirement == "OBO-4.2X-06"


class TestRefreshToken:
    """OBO-4.2X-03."""

    @pytest.mark.parametrize(
        "answer", [exchanged(), exchanged(refresh_token=...), exchanged(refresh_token=""), no("invalid_scope")]
    )
    def test_none_comes(self, answer: Answer) -> None:
        conforms(token_response.no_usable_refresh_token, answer, [], USER, "read-data")

    @pytest.mark.parametrize(
        ("scope", "use"),
        [
            ("read-data", witnesses(no("invalid_grant"))),
            ("read-data", witnesses(seen={"sub": USER, "act": {"sub": "agent"}, "scope": "read-data"})),
            (
                "read-data offline_access",
                witnesses(seen={"sub": USER, "act": {"sub": "agent"}, "scope": "read-data offline_access"}),
            ),
        ],
        ids=["useless", "bounded", "bounded by what the exchange gave"],
    )
    def test_one_that_keeps_to_the_bounds_is_worth_a_warning(self, scope: str, use: Witnesses) -> None:
        answer = exchanged(refresh_token=TOKEN, scope=scope)
        level, _ = remark_of(token_response.no_usable_refresh_token, answer, [use], USER, "read-data")
        assert level == "SHOULD"

    @pytest.mark.parametrize(
        ("seen", "claims", "actual"),
        [
            ({"sub": "agent", "act": {"sub": "agent"}}, None, "sub kept: False"),
            ({"sub": USER}, None, "act kept: False"),
            ({"sub": USER, "act": {"sub": "agent"}, "scope": "read-data write-data"}, None, "['write-data']"),
            ({"sub": USER, "act": {"sub": "agent"}}, {"scope": "admin-action"}, "['admin-action']"),
        ],
        ids=["another subject", "no actor", "more scopes", "more scopes in the JWT"],
    )
    def test_one_that_gives_more_breaks_a_must(self, seen: Any, claims: Any, actual: str) -> None:
        answer, use = exchanged(refresh_token=TOKEN), witnesses(seen=seen, claims=claims)
        found = deviation(token_response.no_usable_refresh_token, answer, [use], USER, "read-data")
        assert found.binding
        assert actual in str(found.actual)

    @pytest.mark.parametrize("answer", FAILURES)
    def test_a_failure_is_no_refusal(self, answer: Answer) -> None:
        deviation(token_response.no_usable_refresh_token, answer, [], USER, "read-data")


TOLD_ALIKE = [
    told("openid read-data"),
    told("openid read-data", "read-data openid"),
    witnesses(response(scope=...), seen={"scope": "read-data openid"}, claims={"scope": ["openid", "read-data"]}),
    witnesses(response(scope="openid read-data"), seen={"scope": "openid read-data"}, claims={"sub": USER}),
    witnesses(response(scope="openid read-data"), seen={"scope": "openid read-data"}),
]
TOLD_ALIKE_IDS = ["same", "order", "absent as identical; list in the JWT", "JWT without scope", "reference token"]
ASKED = "openid read-data"
EXACTLY = partial(token_response.scope_granted_exactly, assigned=ASKED.split())


@pytest.mark.parametrize("evidence", TOLD_ALIKE, ids=TOLD_ALIKE_IDS)
@pytest.mark.parametrize(
    "check",
    [token_response.scope_granted, EXACTLY, token_response.scope_told_alike],
)
def test_the_scope_that_was_asked_for_is_granted(check: Any, evidence: Witnesses) -> None:
    """OBO-2.2-03, OBO-3.2-12, OBO-4.1T-02, OBO-4.2X-04."""
    conforms(check, evidence, ASKED)


LESS = [
    ("the token response", witnesses(response(scope="openid"), seen={"scope": ASKED}, claims={"scope": ASKED})),
    ("introspection", witnesses(response(scope=ASKED), seen={"scope": "openid"}, claims={"scope": ASKED})),
    ("introspection", witnesses(response(scope=...), seen={"scope": "openid"}, claims={"scope": ASKED})),
    ("introspection", witnesses(response(scope=ASKED), seen={}, claims={"scope": ASKED})),
    ("the JWT", witnesses(response(scope=ASKED), seen={"scope": ASKED}, claims={"scope": "openid"})),
    ("the token response", told("openid,read-data")),
]
LESS_IDS = ["in the response", "introspected", "absent though narrowed", "not introspected", "in the JWT", "commas"]
MORE = [
    ("the token response", witnesses(response(scope=f"{ASKED} x"), seen={"scope": ASKED})),
    ("introspection", witnesses(response(scope=ASKED), seen={"scope": f"{ASKED} x"})),
    ("the JWT", witnesses(response(scope=ASKED), seen={"scope": ASKED}, claims={"scope": f"{ASKED} x"})),
]
MORE_IDS = ["in the response", "introspected", "in the JWT"]


@pytest.mark.parametrize(("place", "evidence"), LESS, ids=LESS_IDS)
@pytest.mark.parametrize("check", [token_response.scope_granted, EXACTLY])
def test_a_scope_that_is_missing_is_named_with_its_place(check: Any, place: str, evidence: Witnesses) -> None:
    assert f"{place} lacks " in str(deviation(check, evidence, ASKED).actual)


@pytest.mark.parametrize(("place", "evidence"), MORE, ids=MORE_IDS)
class TestMoreThanAsked:
    """A default scope of the server is a warning for OBO-2.2-03 and OBO-3.2-12, a failure for OBO-4.1T-02."""

    def test_tolerated(self, place: str, evidence: Witnesses) -> None:
        level, text = remark_of(token_response.scope_granted, evidence, ASKED)
        assert (level, text) == ("SHOULD", f"{place} adds x")

    def test_a_default_of_the_servers_own_is_a_warning(self, place: str, evidence: Witnesses) -> None:
        level, text = remark_of(EXACTLY, evidence, ASKED)
        assert (level, text) == ("SHOULD", f"{place} adds x")

    def test_not_tolerated(self, place: str, evidence: Witnesses) -> None:
        found = deviation(token_response.scope_granted_exactly, evidence, ASKED, [*ASKED.split(), "x"])
        assert found.requirement == "OBO-4.1T-02"
        assert f"{place} adds x" in str(found.actual)


@pytest.mark.parametrize("check", [token_response.scope_granted, EXACTLY])
@pytest.mark.parametrize("answer", WITHOUT_TOKEN)
def test_a_scope_is_not_granted_without_a_token(check: Any, answer: Answer) -> None:
    deviation(check, witnesses(answer), ASKED)


class TestScopeToldAlike:
    """OBO-4.2X-04."""

    @pytest.mark.parametrize(
        "evidence", [witnesses(no("invalid_scope")), told("openid")], ids=["refused", "narrowed and told everywhere"]
    )
    def test_less_than_asked(self, evidence: Witnesses) -> None:
        conforms(token_response.scope_told_alike, evidence, ASKED)

    @pytest.mark.parametrize(
        "evidence",
        [case for _, case in [*LESS[:5], *MORE]],
        ids=[f"less {name}" for name in LESS_IDS[:5]] + [f"more {name}" for name in MORE_IDS],
    )
    def test_one_place_says_otherwise(self, evidence: Witnesses) -> None:
        found = deviation(token_response.scope_told_alike, evidence, ASKED)
        assert found.requirement == "OBO-4.2X-04"
        assert "introspection: " in str(found.actual)

    @pytest.mark.parametrize("answer", [ok(), ok(access_token="", scope=ASKED), *FAILURES])
    def test_neither_a_token_nor_a_refusal(self, answer: Answer) -> None:
        deviation(token_response.scope_told_alike, witnesses(answer), ASKED)


class TestScopeLeftOut:
    """OBO-4.2X-07, first half."""

    @pytest.mark.parametrize(
        "evidence",
        [witnesses(no("invalid_scope")), told("read-data"), told("")],
        ids=["refused", "permitted", "nothing"],
    )
    def test_nothing_beyond_the_permissions(self, evidence: Witnesses) -> None:
        conforms(token_response.scope_within, evidence, "read-data")

    @pytest.mark.parametrize(
        ("evidence", "place"),
        [
            (told("read-data write-data"), "the token response"),
            (witnesses(response(scope=...), seen={"scope": "write-data"}), "introspection"),
            (witnesses(response(), seen={"scope": "read-data"}, claims={"scope": "admin-action"}), "the JWT"),
        ],
        ids=["told", "only introspected", "only in the JWT"],
    )
    def test_something_beyond_them(self, evidence: Witnesses, place: str) -> None:
        found = deviation(token_response.scope_within, evidence, "read-data")
        assert found.requirement == "OBO-4.2X-07"
        assert str(found.actual).startswith(place)

    @pytest.mark.parametrize("answer", [ok(), *FAILURES])
    def test_neither_a_token_nor_a_refusal(self, answer: Answer) -> None:
        deviation(token_response.scope_within, witnesses(answer), "read-data")


class TestAudienceLeftOut:
    """OBO-4.2X-07, second half."""

    @pytest.mark.parametrize(
        "evidence",
        [
            witnesses(no("invalid_target")),
            told("read-data"),
            told("read-data", aud="agent"),
            told("read-data", aud=["application", "agent"]),
        ],
        ids=["refused", "no audience", "the agent itself", "the application of its privilege"],
    )
    def test_no_application_beyond_the_privileges(self, evidence: Witnesses) -> None:
        conforms(token_response.audience_within, evidence, ["second-application"], "read-data")

    @pytest.mark.parametrize(
        "evidence",
        [
            told("read-data", aud="second-application"),
            told("read-data", aud=["application", "second-application"]),
            witnesses(seen={"scope": "read-data", "aud": ["second-application"]}),
            told("read-data", aud="*"),
            told("read-data write-data", aud="application"),
        ],
        ids=["another", "another too", "another introspected", "wildcard", "more scopes"],
    )
    def test_something_beyond_them(self, evidence: Witnesses) -> None:
        found = deviation(token_response.audience_within, evidence, ["second-application"], "read-data")
        assert found.requirement == "OBO-4.2X-07"

    @pytest.mark.parametrize("answer", [ok(), *FAILURES])
    def test_neither_a_token_nor_a_refusal(self, answer: Answer) -> None:
        deviation(token_response.audience_within, witnesses(answer), [], "read-data")


AUDIENCE_KEPT_BACK = [
    witnesses(no("invalid_target")),
    witnesses(no("invalid_client", 401)),
    told("read-data"),
    told("read-data", aud="agent"),
]
AUDIENCE_GIVEN = [
    told("read-data", aud="application"),
    told("read-data", aud=["agent", "application"]),
    witnesses(seen={"aud": "application"}),
]


class TestAudienceNotAccepted:
    """OBO-3.2-05."""

    @pytest.mark.parametrize("evidence", AUDIENCE_KEPT_BACK, ids=["target", "client", "no aud", "another aud"])
    def test_it_is_refused_or_not_in_the_token(self, evidence: Witnesses) -> None:
        conforms(token_response.audience_not_in_token, evidence, "application")

    @pytest.mark.parametrize("evidence", AUDIENCE_GIVEN, ids=["one", "list", "introspected"])
    def test_it_is_in_the_token(self, evidence: Witnesses) -> None:
        assert deviation(token_response.audience_not_in_token, evidence, "application").requirement == "OBO-3.2-05"

    @pytest.mark.parametrize("answer", [ok(), *FAILURES])
    def test_neither_a_token_nor_a_refusal(self, answer: Answer) -> None:
        deviation(token_response.audience_not_in_token, witnesses(answer), "application")


class TestOverridesOff:
    """OBO-3.2-04: the provider's own switch decides."""

    @pytest.mark.parametrize("evidence", AUDIENCE_KEPT_BACK, ids=["target", "client", "no aud", "another aud"])
    def test_the_agents_switch_has_no_effect(self, evidence: Witnesses) -> None:
        conforms(token_response.follows_provider, evidence, "application", accepts_audience=False)

    @pytest.mark.parametrize("evidence", AUDIENCE_GIVEN, ids=["one", "list", "introspected"])
    def test_the_agents_switch_applies_all_the_same(self, evidence: Witnesses) -> None:
        found = deviation(token_response.follows_provider, evidence, "application", accepts_audience=False)
        assert found.requirement == "OBO-3.2-04"

    def test_no_difference_where_the_provider_accepts_audiences(self) -> None:
        level, _ = remark_of(token_response.follows_provider, AUDIENCE_GIVEN[0], "application", accepts_audience=True)
        assert level == "INFO"

    @pytest.mark.parametrize("answer", FAILURES)
    def test_a_failure_is_no_refusal(self, answer: Answer) -> None:
        deviation(token_response.follows_provider, witnesses(answer), "application", accepts_audience=False)


class TestExchangedTwice:
    """OBO-4.2X-08."""

    ACTIVE = introspected()
    FIRST, SECOND = response(), response(access_token=f"{TOKEN}-2")

    def test_two_tokens_both_active(self) -> None:
        conforms(token_response.tokens_differ, [self.FIRST, self.SECOND], [self.ACTIVE, self.ACTIVE])

    @pytest.mark.parametrize(
        ("answers", "seen"),
        [
            ([FIRST, FIRST], [ACTIVE, ACTIVE]),
            ([FIRST, no("invalid_grant")], [ACTIVE, ok(active=False)]),
            ([FIRST, SECOND], [ok(active=False), ACTIVE]),
            ([FIRST, SECOND], [ACTIVE, ok(active="true")]),
        ],
        ids=["same token", "single use", "the first is dead", "active as text"],
    )
    def test_anything_less(self, answers: list[Answer], seen: list[Answer]) -> None:
        assert deviation(token_response.tokens_differ, answers, seen).requirement == "OBO-4.2X-08"
