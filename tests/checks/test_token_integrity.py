"""What makes a JWT trustworthy: its key, its claims beside introspection, and what becomes of forgeries."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from steps.checks import token_integrity
from steps.checks.token_integrity import Presented
from tests.checks.evidence import (
    EXPIRY,
    ISSUED,
    LIFETIME,
    Answer,
    conforms,
    deviation,
    html,
    introspected,
    judgement_of,
    no,
    ok,
    remark_of,
    token_response,
    witnesses,
)

USER = "2b1c0f3e-0000-4000-8000-000000000001"
EC_KEY = {"kty": "EC", "crv": "P-256", "kid": "1", "x": "eA", "y": "eQ"}
RSA_KEY = {"kty": "RSA", "kid": "2", "n": "bg", "e": "AQAB", "alg": "RS256"}


class TestKeysArePublic:
    """OBO-JWT-01."""

    @pytest.mark.parametrize(
        "keys",
        [[], [EC_KEY], [EC_KEY, RSA_KEY], [RSA_KEY, RSA_KEY | {"alg": "PS256"}], [{"kty": "EC"}, {"kty": "RSA"}]],
        ids=["none", "one", "two", "one for two algorithms", "without kid"],
    )
    def test_public_members_alone(self, keys: list[dict[str, Any]]) -> None:
        conforms(token_integrity.keys_public, keys)

    @pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
    def test_a_private_member_is_published(self, member: str) -> None:
        found = deviation(token_integrity.keys_public, [RSA_KEY, EC_KEY | {member: "secret"}])
        assert found.requirement == "OBO-JWT-01"
        assert "secret" not in str(found)

    def test_two_keys_share_a_kid(self) -> None:
        deviation(token_integrity.keys_public, [RSA_KEY, RSA_KEY | {"n": "bm4"}])

    def test_keys_of_two_kinds_may_share_a_kid(self) -> None:
        assert remark_of(token_integrity.keys_public, [RSA_KEY, EC_KEY | {"kid": "2"}])[0] == "SHOULD"


class TestSignature:
    """OBO-JWT-01."""

    @pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT"])
    def test_a_published_key_verifies_it(self, typ: str) -> None:
        conforms(token_integrity.signature_verified, {"kid": "1", "typ": typ}, True, "")

    @pytest.mark.parametrize("header", [{"kid": "1", "typ": "JWT"}, {"kid": "1"}])
    def test_another_type_is_recorded(self, header: dict[str, Any]) -> None:
        assert remark_of(token_integrity.signature_verified, header, True, "")[0] == "INFO"

    def test_a_missing_kid_is_worth_a_warning(self) -> None:
        assert remark_of(token_integrity.signature_verified, {"typ": "at+jwt"}, True, "")[0] == "SHOULD"

    def test_no_published_key_verifies_it(self) -> None:
        found = deviation(token_integrity.signature_verified, {"kid": "1"}, False, "no key of the JWKS has kid '1'")
        assert found.requirement == "OBO-JWT-01"
        assert found.actual == "no key of the JWKS has kid '1'"


class TestScope:
    """OBO-JWT-02."""

    @pytest.mark.parametrize(
        "claims",
        [
            {"scope": "a b"},
            {"scope": "b a"},
            {"scope": ["a", "b"]},
            {"scp": ["a", "b"]},
            {"scope": "a b", "scp": "b a"},
        ],
        ids=str,
    )
    def test_it_is_the_same_set(self, claims: dict[str, Any]) -> None:
        told = witnesses(token_response(scope="b a"), seen={"scope": "a b"}, claims=claims)
        conforms(token_integrity.jwt_scope_told_alike, told, "a b c")

    def test_an_answer_without_scope_granted_what_was_asked(self) -> None:
        told = witnesses(token_response(scope=...), claims={"scope": "a"})
        conforms(token_integrity.jwt_scope_told_alike, told, "a")
        deviation(token_integrity.jwt_scope_told_alike, told, "a b")

    def test_a_jwt_without_scope_is_recorded(self) -> None:
        told = witnesses(token_response(scope="a"), seen={"scope": "a"}, claims={})
        assert remark_of(token_integrity.jwt_scope_told_alike, told, "a")[0] == "INFO"

    @pytest.mark.parametrize(
        "claims", [{"scope": "a b"}, {"scope": ["a", "b"]}, {"scope": ""}, {"scope": "A"}, {"scope": "a", "scp": "a b"}]
    )
    def test_the_jwt_differs(self, claims: dict[str, Any]) -> None:
        told = witnesses(token_response(scope="a"), seen={"scope": "a"}, claims=claims)
        assert deviation(token_integrity.jwt_scope_told_alike, told, "a").requirement == "OBO-JWT-02"

    def test_introspection_differs(self) -> None:
        told = witnesses(token_response(scope="a"), seen={"scope": "a b"}, claims={"scope": "a"})
        deviation(token_integrity.jwt_scope_told_alike, told, "a")

    def test_without_a_token_it_is_the_exchange_that_failed(self) -> None:
        found = deviation(token_integrity.jwt_scope_told_alike, witnesses(no("invalid_grant")), "a")
        assert found.requirement == "OBO-4.2X-01"


class TestJwtBesideIntrospection:
    """OBO-JWT-03."""

    CLAIMS: ClassVar[dict[str, Any]] = {
        "sub": USER,
        "act": {"sub": "agent"},
        "client_id": "agent",
        "iss": "https://tenant/alpha",
        "exp": EXPIRY,
    }

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"sub": f"(usr!{USER})"},
            {"act": {"sub": "(age!agent)"}},
            {"act": {"sub": "agent", "act": None}},
            {"client_id": None, "azp": "agent"},
            {"client_id": "(age!agent)"},
            {"exp": EXPIRY + 0.75},
            {"exp": EXPIRY - 0.25},
            {"aud": "application"},
        ],
        ids=str,
    )
    def test_both_say_the_same(self, changes: dict[str, Any]) -> None:
        conforms(token_integrity.jwt_matches_introspection, self.CLAIMS | changes, introspected(**self.CLAIMS))
        if not isinstance(changes.get("exp"), float):
            conforms(token_integrity.jwt_matches_introspection, self.CLAIMS, introspected(**self.CLAIMS | changes))

    @pytest.mark.parametrize("name", ["client_id", "iss", "exp"])
    def test_introspection_may_leave_out(self, name: str) -> None:
        told = introspected(**self.CLAIMS | {name: ...})
        conforms(token_integrity.jwt_matches_introspection, self.CLAIMS, told)

    def test_a_jwt_may_leave_out_its_client(self) -> None:
        claims = self.CLAIMS | {"client_id": None}
        told = introspected(**self.CLAIMS)
        assert remark_of(token_integrity.jwt_matches_introspection, claims, told)[0] == "INFO"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("sub", "agent"),
            ("sub", None),
            ("sub", USER.upper()),
            ("act", None),
            ("act", "agent"),
            ("act", {"sub": "application"}),
            ("act", {"sub": "agent", "act": {"sub": "another"}}),
            ("act", {"sub": "agent", "iss": "https://tenant/alpha"}),
            ("client_id", "application"),
            ("iss", None),
            ("iss", "https://tenant/alpha/"),
            ("exp", None),
            ("exp", EXPIRY + 60),
            ("exp", EXPIRY + 1.5),
            ("exp", str(EXPIRY)),
        ],
    )
    def test_the_jwt_says_something_else(self, name: str, value: Any) -> None:
        claims = self.CLAIMS | {name: value}
        found = deviation(token_integrity.jwt_matches_introspection, claims, introspected(**self.CLAIMS))
        assert found.requirement == "OBO-JWT-03"
        assert name in str(found.actual)

    @pytest.mark.parametrize("name", ["sub", "act"])
    def test_introspection_omits(self, name: str) -> None:
        told = introspected(**self.CLAIMS | {name: ...})
        assert name in str(deviation(token_integrity.jwt_matches_introspection, self.CLAIMS, told).actual)

    def test_actors_are_compared_at_every_depth(self) -> None:
        chain = {"sub": "agent", "act": {"sub": "another", "act": {"sub": "first"}}}
        wrapped = {"sub": "(age!agent)", "act": {"sub": "(age!another)", "act": {"sub": "first"}}}
        other = {"sub": "agent", "act": {"sub": "another", "act": {"sub": "second"}}}
        told = introspected(**self.CLAIMS | {"act": chain})
        conforms(token_integrity.jwt_matches_introspection, self.CLAIMS | {"act": wrapped}, told)
        deviation(token_integrity.jwt_matches_introspection, self.CLAIMS | {"act": other}, told)

    def test_an_inactive_token_is_no_witness(self) -> None:
        deviation(token_integrity.jwt_matches_introspection, self.CLAIMS, ok(active=False))


class TestTimes:
    """OBO-JWT-04."""

    CLAIMS: ClassVar[dict[str, Any]] = {"iat": EXPIRY - LIFETIME, "exp": EXPIRY}
    ANSWER: ClassVar[Answer] = ok({"access_token": "x", "expires_in": LIFETIME}, date=ISSUED)

    @pytest.mark.parametrize(
        "changes",
        [{}, {"nbf": CLAIMS["iat"]}, {"iat": CLAIMS["iat"] + 5, "exp": EXPIRY + 5}, {"exp": EXPIRY + 5}],
        ids=["least", "nbf", "clock ahead", "lifetime rounded"],
    )
    def test_they_fit(self, changes: dict[str, Any]) -> None:
        conforms(token_integrity.times_fit, self.CLAIMS | changes, self.ANSWER)

    @pytest.mark.parametrize("name", ["iat", "exp", "nbf"])
    def test_a_fraction_is_worth_a_warning(self, name: str) -> None:
        claims = {"nbf": self.CLAIMS["iat"], **self.CLAIMS}
        level, text = remark_of(token_integrity.times_fit, claims | {name: claims[name] + 0.5}, self.ANSWER)
        assert level == "SHOULD"
        assert name in text

    @pytest.mark.parametrize("value", [None, "1800000000", True, [EXPIRY]])
    @pytest.mark.parametrize("name", ["iat", "exp"])
    def test_one_is_no_time(self, name: str, value: Any) -> None:
        found = deviation(token_integrity.times_fit, self.CLAIMS | {name: value}, self.ANSWER)
        assert found.requirement == "OBO-JWT-04"
        assert name in found.expected

    @pytest.mark.parametrize(
        "changes",
        [
            {"iat": CLAIMS["iat"] + 60, "exp": EXPIRY + 60},
            {"nbf": CLAIMS["iat"] + 60},
            {"nbf": "now"},
            {"exp": EXPIRY + 3600},
            {"exp": CLAIMS["iat"]},
            {"iat": CLAIMS["iat"] * 1000, "exp": EXPIRY * 1000},
        ],
        ids=["iat ahead", "nbf ahead", "nbf no time", "outlives", "no lifetime", "milliseconds"],
    )
    def test_they_do_not_fit(self, changes: dict[str, Any]) -> None:
        deviation(token_integrity.times_fit, self.CLAIMS | changes, self.ANSWER)

    def test_without_a_date_the_clock_is_not_judged(self) -> None:
        ahead = {"iat": self.CLAIMS["iat"] + 60, "exp": EXPIRY + 60}
        conforms(token_integrity.times_fit, ahead, ok(access_token="x", expires_in=LIFETIME))


class TestIdentifiers:
    """OBO-JWT-04."""

    @pytest.mark.parametrize("name", ["jti", "auditTrackingId"])
    @pytest.mark.parametrize("subject", [None, {}, {"jti": "u", "auditTrackingId": "u"}])
    def test_each_token_has_its_own(self, name: str, subject: dict[str, Any] | None) -> None:
        conforms(token_integrity.identified, [{name: "a"}, {name: "b"}, {name: "c"}], subject)

    def test_none_at_all_is_recorded(self) -> None:
        assert remark_of(token_integrity.identified, [{}, {}, {}], {"jti": "u"})[0] == "INFO"

    @pytest.mark.parametrize(
        ("ids", "subject"),
        [
            (["a", "b", "a"], None),
            (["a", "b", "u"], {"jti": "u"}),
            (["a", "b", None], None),
            (["a", "b", ""], None),
            ([1, 2, 3], None),
        ],
        ids=["shared", "the subject token's", "null", "empty", "numbers"],
    )
    def test_one_has_none_of_its_own(self, ids: list[Any], subject: dict[str, Any] | None) -> None:
        found = deviation(token_integrity.identified, [{"jti": each} for each in ids], subject)
        assert found.requirement == "OBO-JWT-04"


INACTIVE = ok(active=False)
REFUSED = no("invalid_request")
ACCEPTED = [
    (introspected(), REFUSED),
    (ok(active="true"), REFUSED),
    (ok(active="false"), REFUSED),
    (ok(), REFUSED),
    (html(), REFUSED),
    (html(500), REFUSED),
    (no("server_error", 500), REFUSED),
    (no("invalid_token", 400, active=True), REFUSED),
    (INACTIVE, token_response()),
    (INACTIVE, no("server_error", 500)),
    (INACTIVE, no("invalid_client", 401)),
    (INACTIVE, html(400)),
    (INACTIVE, no("invalid_request", access_token="x")),
]


class TestTurnedAway:
    """OBO-JWT-05 to OBO-JWT-09, OBO-LIF-04."""

    @pytest.mark.parametrize("status", [400, 401, 403])
    @pytest.mark.parametrize("error", ["invalid_request", "invalid_grant", "invalid_token", "access_denied"])
    def test_inactive_and_refused(self, error: str, status: int) -> None:
        conforms(token_integrity.turned_away, [Presented("more scope", INACTIVE, no(error, status))] * 2)

    def test_an_error_of_introspection_is_as_good_and_recorded(self) -> None:
        refused = [Presented("a blank", no("invalid_token", 401), REFUSED)] * 2
        assert remark_of(token_integrity.turned_away, refused)[0] == "INFO"
        assert token_integrity.is_turned_away(refused)

    @pytest.mark.parametrize(("introspection", "exchange"), ACCEPTED)
    def test_one_is_taken(self, introspection: Answer, exchange: Answer) -> None:
        presented = [
            Presented("more scope", INACTIVE, REFUSED),
            Presented("a later exp", introspection, exchange),
        ]
        assert "a later exp" in deviation(token_integrity.turned_away, presented).expected
        assert not token_integrity.is_turned_away(presented)

    def test_all_that_are_taken_are_named(self) -> None:
        told = ok(active=True)
        token = ok(access_token="a-token", token_type="Bearer")
        presented = [Presented("a blank", told, token), Presented("more scope", INACTIVE, REFUSED)]
        found = deviation(token_integrity.turned_away, [*presented, Presented("a later exp", told, REFUSED)])
        assert found.expected == "a token with a blank: inactive"
        assert found.actual == (
            "active is True, and it was exchanged for a new token; not turned away either: with a later exp"
        )

    def test_nothing_was_presented(self) -> None:
        deviation(token_integrity.turned_away, [])


class TestControl:
    """The genuine token, without which a refusal proves nothing."""

    @pytest.mark.parametrize("of_user", [True, False])
    def test_it_is_accepted(self, of_user: bool) -> None:
        genuine = Presented("the genuine token", introspected(), token_response())
        conforms(token_integrity.genuine_accepted, genuine, of_user=of_user)

    def test_an_agents_token_need_not_be_exchanged_again(self) -> None:
        genuine = Presented("the genuine token", introspected(), REFUSED)
        assert remark_of(token_integrity.genuine_accepted, genuine, of_user=False)[0] == "INFO"
        assert deviation(token_integrity.genuine_accepted, genuine, of_user=True).requirement == "OBO-4.2X-01"

    @pytest.mark.parametrize("exchange", [no("server_error", 500), html()])
    def test_a_fault_is_no_refusal(self, exchange: Answer) -> None:
        genuine = Presented("the genuine token", introspected(), exchange)
        assert deviation(token_integrity.genuine_accepted, genuine, of_user=False).requirement == "OBO-4.2X-01"

    @pytest.mark.parametrize(("of_user", "requirement"), [(True, "OBO-4.1I-01"), (False, "OBO-4.2I-01")])
    def test_it_is_not_active(self, of_user: bool, requirement: str) -> None:
        genuine = Presented("the genuine token", INACTIVE, token_response())
        assert deviation(token_integrity.genuine_accepted, genuine, of_user=of_user).requirement == requirement


class TestFetching:
    """OBO-JWT-08."""

    def test_nobody_asked_for_the_key(self) -> None:
        assert judgement_of(token_integrity.nothing_fetched, []).nonconformity is None

    def test_somebody_did(self) -> None:
        assert "/jwks.json" in str(deviation(token_integrity.nothing_fetched, ["/jwks.json"]))


@pytest.mark.parametrize("coordinate", ["x", "y"])
def test_two_curve_keys_under_one_kid_are_found_by_either_coordinate(coordinate: str) -> None:
    deviation(token_integrity.keys_public, [EC_KEY, EC_KEY | {coordinate: "b3RoZXI"}])


def test_a_time_that_is_a_whole_second_off_is_another_time() -> None:
    claims, seen = {"sub": "a", "act": None, "exp": 100.0}, {"sub": "a", "exp": 101}
    deviation(token_integrity.jwt_matches_introspection, claims, ok(seen | {"active": True}))
