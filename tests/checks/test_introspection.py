"""Introspection answers of a user's token, and of an agent's where the rule is the same."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from steps.checks import introspection
from tests.checks.evidence import (
    EXPIRY,
    LIFETIME,
    TOKEN,
    Answer,
    conforms,
    deviation,
    html,
    introspected,
    no,
    ok,
    remark_of,
    token_response,
)

USER = "2b1c0f3e-0000-4000-8000-000000000001"
OTHER = "2b1c0f3e-0000-4000-8000-000000000002"
NOT_ACTIVE = {
    "a text": ok(active="true"),
    "a number": ok(active=1),
    "absent": ok(),
    "null": ok(active=None),
    "inactive": ok(active=False),
    "a refusal": no("invalid_client", 401),
    "another status": Answer(201, {"active": True}),
    "a page": html(),
}
not_active = pytest.mark.parametrize("answer", NOT_ACTIVE.values(), ids=NOT_ACTIVE.keys())


@pytest.mark.parametrize("check", [introspection.active, introspection.still_active])
def test_active_is_the_boolean_true(check: Any) -> None:
    conforms(check, introspected())


@not_active
@pytest.mark.parametrize("check", [introspection.active, introspection.still_active])
def test_nothing_else_is_active(check: Any, answer: Answer) -> None:
    """OBO-4.1I-01, OBO-4.2I-01, and the control of OBO-4.1I-07 and OBO-4.1I-08."""
    assert "active the boolean true" in deviation(check, answer).expected


@not_active
@pytest.mark.parametrize(
    "check",
    [
        lambda answer: introspection.subject_is(answer, USER),
        lambda answer: introspection.subject_is_stable(answer, answer, answer),
        introspection.no_actor,
        lambda answer: introspection.scope_is(answer, ""),
        lambda answer: introspection.scope_of_exchange(answer, ""),
        lambda answer: introspection.client_is(answer, "app"),
        lambda answer: introspection.user_members_agree(answer, "alpha", "barbara"),
        lambda answer: introspection.expiry_falls(answer, answer, token_response()),
        lambda answer: introspection.expiry_fits(answer, token_response()),
        lambda answer: introspection.issuer_is(introspected(), answer, False, "https://t"),
        lambda answer: introspection.issuer_kept(answer, introspected()),
        lambda answer: introspection.issuer_kept(introspected(), answer),
        lambda answer: introspection.unchanged(introspected(), answer),
    ],
    ids=range(13),
)
def test_no_claim_of_an_inactive_token_is_judged(check: Any, answer: Answer) -> None:
    deviation(check, answer)


class TestInactive:
    """OBO-4.1I-08."""

    def test_active_is_the_boolean_false_and_alone(self) -> None:
        conforms(introspection.inactive, ok(active=False))

    @pytest.mark.parametrize(
        "more",
        [{"exp": EXPIRY}, {"scope": "openid"}, {"reason": "expired"}, {"client_id": "a"}, {"sub": None}],
        ids=str,
    )
    def test_more_is_worth_a_warning(self, more: dict[str, Any]) -> None:
        level, text = remark_of(introspection.inactive, ok(active=False, **more))
        assert (level, *more) == ("SHOULD", *(name for name in more if name in text))

    @pytest.mark.parametrize("name", ["sub", "act", "username", "user_id", "subname"])
    def test_what_names_a_user_is_a_failure(self, name: str) -> None:
        found = deviation(introspection.inactive, ok({name: "somebody"}, active=False, exp=EXPIRY))
        assert found.requirement == "OBO-4.1I-08"
        assert name in str(found.actual)

    @pytest.mark.parametrize(
        "answer",
        [
            ok(active="false"),
            ok(active=True),
            ok(active=0),
            ok(active=None),
            ok(),
            no("invalid_token", 401),
            html(),
            no("invalid_token", 401, active=False),
        ],
        ids=["text", "active", "number", "null", "absent", "refusal", "page", "refusal and inactive"],
    )
    def test_nothing_else_is_inactive(self, answer: Answer) -> None:
        assert deviation(introspection.inactive, answer).requirement == "OBO-4.1I-08"


class TestCallerRefused:
    """OBO-4.1I-07."""

    @pytest.mark.parametrize("status", [400, 401, 403])
    def test_it_is_refused(self, status: int) -> None:
        conforms(introspection.caller_refused, no("invalid_client", status))

    @pytest.mark.parametrize("answer", [html(401), no("invalid_client", 401, active=False)])
    def test_a_page_or_inactive_with_401_will_do(self, answer: Answer) -> None:
        conforms(introspection.caller_refused, answer)

    def test_inactive_is_worth_a_warning(self) -> None:
        assert remark_of(introspection.caller_refused, ok(active=False))[0] == "SHOULD"

    @pytest.mark.parametrize(
        "answer",
        [
            introspected(sub=USER),
            introspected(),
            ok(active="true"),
            ok(active=False, sub=USER),
            no("invalid_client", 401, sub=USER),
            no("invalid_client", 401, exp=EXPIRY),
            no("invalid_client", 401, active=True),
            no("invalid_client", 401, access_token=TOKEN),
            ok(),
            html(200),
            no("server_error", 500),
            html(302),
        ],
    )
    def test_it_learns_something_or_gets_no_refusal(self, answer: Answer) -> None:
        assert deviation(introspection.caller_refused, answer).requirement == "OBO-4.1I-07"


class TestSubject:
    """OBO-4.1I-02, OBO-4.2I-02."""

    @pytest.mark.parametrize("sub", [USER, f"(usr!{USER})"])
    def test_it_is_the_users_uuid(self, sub: str) -> None:
        conforms(introspection.subject_is, introspected(sub=sub), USER)

    @pytest.mark.parametrize("sub", [OTHER, "app", "barbara.jensen", USER.upper(), f" {USER}", "", None, ..., [USER]])
    def test_it_is_something_else(self, sub: Any) -> None:
        deviation(introspection.subject_is, introspected(sub=sub), USER)

    @pytest.mark.parametrize(("sub", "told"), [(OTHER, "another UUID"), ("app", "'app'"), (None, "None")])
    def test_another_users_uuid_is_not_repeated(self, sub: Any, told: str) -> None:
        assert deviation(introspection.subject_is, introspected(sub=sub), USER).actual == told

    @pytest.mark.parametrize("form", ["{}", "(usr!{})"])
    def test_without_the_users_record_it_is_a_stable_uuid(self, form: str) -> None:
        mine, other = introspected(sub=form.format(USER)), introspected(sub=form.format(OTHER))
        conforms(introspection.subject_is_stable, mine, mine, other)

    def test_a_stable_identifier_of_another_form_is_worth_a_warning(self) -> None:
        mine, other = introspected(sub="u-1"), introspected(sub="u-2")
        assert remark_of(introspection.subject_is_stable, mine, mine, other)[0] == "SHOULD"

    @pytest.mark.parametrize(
        "subs",
        [
            (USER, OTHER, "x"),
            (USER, USER, USER),
            ("app", "app", "app"),
            ("u-1", "u-2", "u-3"),
            (..., ..., ...),
            ("", "", "u-2"),
        ],
        ids=["changes", "same for both users", "the client", "changes, no UUID", "absent", "empty"],
    )
    def test_an_identifier_that_is_not_stable(self, subs: tuple[Any, ...]) -> None:
        found = deviation(introspection.subject_is_stable, *(introspected(sub=sub) for sub in subs))
        assert found.requirement == "OBO-4.1I-02"

    @pytest.mark.parametrize("act", [..., None])
    def test_a_users_token_has_no_actor(self, act: Any) -> None:
        conforms(introspection.no_actor, introspected(act=act), introspected())

    @pytest.mark.parametrize("act", [{"sub": "app"}, "app", {}])
    @pytest.mark.parametrize("place", [0, 2])
    def test_an_actor_is_found_in_any_of_them(self, act: Any, place: int) -> None:
        answers = [introspected() for _ in range(3)]
        answers[place] = introspected(act=act)
        assert deviation(introspection.no_actor, *answers).requirement == "OBO-4.1I-02"


class TestScope:
    """OBO-4.1I-03 and OBO-4.2I-05."""

    @pytest.mark.parametrize("check", [introspection.scope_is, introspection.scope_of_exchange])
    @pytest.mark.parametrize("scope", ["openid read-data", "read-data openid"])
    def test_it_is_one_string_in_any_order(self, check: Any, scope: str) -> None:
        conforms(check, introspected(scope=scope), "openid read-data")

    @pytest.mark.parametrize("check", [introspection.scope_is, introspection.scope_of_exchange])
    @pytest.mark.parametrize(
        "scope",
        [["openid", "read-data"], "openid", "openid read-data write-data", "openid,read-data", "", None, ...],
        ids=["list", "less", "more", "commas", "empty", "null", "absent"],
    )
    def test_it_is_something_else(self, check: Any, scope: Any) -> None:
        deviation(check, introspected(scope=scope), "openid read-data")

    def test_the_user_tokens_scope_is_not_the_exchanges(self) -> None:
        found = deviation(introspection.scope_of_exchange, introspected(scope="openid read-data"), "read-data")
        assert found.requirement == "OBO-4.2I-05"


def test_the_client_is_who_the_token_was_issued_to() -> None:
    conforms(introspection.client_is, introspected(client_id="app"), "app")


@pytest.mark.parametrize("client_id", ["caller", "APP", None, ...])
def test_the_client_is_not_who_introspects(client_id: Any) -> None:
    """OBO-4.1I-04, OBO-4.2I-06."""
    assert "client_id app" in deviation(introspection.client_is, introspected(client_id=client_id), "app").expected


class TestUserMembers:
    """OBO-4.1I-04: what is there agrees; nothing but `sub` has to be there."""

    WHOLE: ClassVar[dict[str, Any]] = {
        "sub": USER,
        "user_id": USER,
        "subname": USER,
        "username": USER,
        "realm": "/alpha",
        "auth_level": 0,
    } | {"token_type": "Bearer"}

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"username": "barbara"},
            {"token_type": "bearer"},
            {"auth_level": 7},
            {"sub": f"(usr!{USER})"},
            {"sub": f"(usr!{USER})", "subname": f"(usr!{USER})"},
            dict.fromkeys(sorted(WHOLE.keys() - {"sub"}), ...),
        ],
        ids=str,
    )
    def test_they_agree(self, changes: dict[str, Any]) -> None:
        conforms(introspection.user_members_agree, introspected(**self.WHOLE | changes), "alpha", "barbara")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("realm", "/bravo"),
            ("realm", "/"),
            ("user_id", OTHER),
            ("user_id", "app"),
            ("subname", "app"),
            ("username", "charles"),
            ("auth_level", "0"),
            ("auth_level", -1),
            ("auth_level", True),
            ("token_type", "mac"),
            ("sub", OTHER),
        ],
    )
    def test_one_does_not(self, name: str, value: Any) -> None:
        answer = introspected(**self.WHOLE | {name: value})
        found = deviation(introspection.user_members_agree, answer, "alpha", "barbara")
        assert found.requirement == "OBO-4.1I-04"
        assert name in str(found.actual)

    def test_members_of_a_server_that_is_no_tenant_are_its_own_affair(self) -> None:
        answer = introspected(**self.WHOLE | {"realm": 7, "username": "Barbara Jensen", "auth_level": "high"})
        conforms(introspection.user_members_agree, answer, None, "barbara")
        answer = introspected(**self.WHOLE | {"token_type": "mac"})
        assert "token_type" in str(deviation(introspection.user_members_agree, answer, None, "barbara").actual)


class TestUnchanged:
    """OBO-4.2X-08: the subject token after two exchanges."""

    BEFORE = introspected(sub=USER, scope="openid read-data", expires_in=LIFETIME)

    @pytest.mark.parametrize("left", [LIFETIME, LIFETIME - 3, ...])
    def test_only_the_seconds_left_may_differ(self, left: Any) -> None:
        after = introspected(sub=USER, scope="openid read-data", expires_in=left)
        conforms(introspection.unchanged, self.BEFORE, after)

    @pytest.mark.parametrize("changes", [{"scope": "openid"}, {"act": {"sub": "agent"}}, {"sub": ...}], ids=str)
    def test_anything_else_may_not(self, changes: dict[str, Any]) -> None:
        after = introspected(**{"sub": USER, "scope": "openid read-data"} | changes)
        found = deviation(introspection.unchanged, self.BEFORE, after)
        assert found.requirement == "OBO-4.2X-08"
        assert next(iter(changes)) in str(found.actual)
