"""What a person reads of a nonconformity: what was expected, and what was there instead, place by place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from steps.checks import (
    audience,
    autonomous,
    backchannel,
    chains,
    client_authentication,
    delegation,
    discovery,
    errors,
    hygiene,
    introspection,
    lifecycle,
    provider_settings,
    refusal,
    scope_rules,
    strangers,
    subjects,
    token_integrity,
    token_response,
)
from steps.checks.token_integrity import Presented
from tests.checks.evidence import (
    ISSUED,
    TOKEN,
    Answer,
    conforms,
    deviation,
    html,
    introspected,
    judgement_of,
    no,
    ok,
    remark_of,
    told,
    witnesses,
)

SWITCHED_OFF = no("unsupported_grant_type")
OTHER_USER = {"sub": "other"}
NOBODY = witnesses(seen={}, claims={"aud": []})
GRANTED = ok(access_token=TOKEN)
CHALLENGE = replace(no("invalid_client"), headers={"www-authenticate": "Basic"})


@pytest.mark.parametrize(
    ("check", "arguments", "actual"),
    [
        (audience.addressed_to, (witnesses(seen={"aud": "x"}), "app", "agent"), "introspection names x"),
        (audience.addressed_to, (NOBODY, "app", "agent"), "the JWT names nobody"),
        (audience.compared_whole, (NOBODY, "APP", ["app"]), "a token for nobody that it names"),
        (audience.compared_whole, (witnesses(seen={"aud": ["b", "app"]}), "app2", ["app"]), "a token for app and b"),
        (backchannel.acknowledged, (ok(auth_req_id="id", expires_in="soon"),), "expires_in is 'soon', not a whole"),
        (backchannel.approved_token, (witnesses(seen=OTHER_USER), "user", "agent", "openid"), "'other'"),
        (
            backchannel.approved_token,
            (witnesses(seen={"sub": "user", "client_id": "app", "act": {"sub": "b"}}), "user", "agent", "openid"),
            "'app' and 'b'",
        ),
        (client_authentication.challenged, (no("invalid_client", 401),), "401 without WWW-Authenticate"),
        (client_authentication.challenged, (CHALLENGE,), "400 with WWW-Authenticate"),
        (autonomous.names_itself, (witnesses(seen={"sub": "x"}), ["agent"], ["user"]), "'x' in introspection"),
        (chains.acts_for_caller, (witnesses(seen={"act": {"sub": "x"}}), "agent"), "'x' in introspection"),
        (chains.acts_for_caller, (witnesses(seen={}), "agent"), "no act in introspection"),
        (
            chains.not_prolonged,
            (witnesses(seen={"exp": 100}), [witnesses(seen={"exp": 160})]),
            "60 seconds later in introspection",
        ),
        (chains.not_prolonged, (witnesses(seen={"exp": "x"}), [witnesses(seen={"exp": 1})]), "{'introspection': 'x'}"),
        (discovery.endpoints_at_home, ({}, {"token_endpoint": "https://T.example/x"}), "absent"),
        (
            discovery.endpoints_at_home,
            ({"token_endpoint": "https://X.example/y"}, {"token_endpoint": "https://t.example/x"}),
            "https://x.example",
        ),
        (errors.refused_in_form, (replace(html(400), members={"error": "invalid_grant"}),), "content type text/html"),
        (errors.refused_in_form, (Answer(400, {"error": "invalid_grant"}),), "content type absent"),
        (errors.refused_in_form, (Answer(400, {"error": 7}, {"www-authenticate": "x"}),), "content type absent"),
        (hygiene.not_cached, (GRANTED,), "Cache-Control: absent"),
        (hygiene.not_cached, (replace(GRANTED, headers={"cache-control": "private"}),), "Cache-Control: private"),
        (strangers.hint_changes_nothing, ([(ok(active=False), ok(active=True))],), "200 with active"),
        (
            subjects.subject_kept,
            ([witnesses(seen={"sub": "x"})], introspected(sub="user")),
            "sub in introspection is 'x'",
        ),
        (discovery.keys_work, (ok(keys=[{"kid": "a"}, {"kid": "b"}]), {"kid": "c"}), "'a', 'b'"),
        (hygiene.counts_as_absent, (ok(access_token=TOKEN, scope="a"), html(400), "scope"), "granted for 'a'"),
        (hygiene.counts_as_absent, (no("invalid_scope"), GRANTED, "scope"), "400 invalid_scope"),
        (hygiene.scope_understood, (ok(access_token=TOKEN, scope="b a"), "a%20b"), "a b"),
        (hygiene.scope_understood, (ok(access_token=TOKEN, scope=""), "a%20b"), "none"),
        (delegation.actor, (introspected(),), "no act"),
        (delegation.actor, (introspected(act="agent"),), "act is 'agent'"),
        (delegation.actor, (introspected(act={"sub": 7}),), "7"),
        (introspection.active, (ok(active="true"),), "active is 'true'"),
        (introspection.active, (html(502),), "502 with text/html"),
        (introspection.inactive, (ok(active="false"),), "active is 'false'"),
        (lifecycle.still_active, (ok(active=False), "the token"), "active is False"),
        (
            introspection.subject_is_stable,
            tuple(introspected(sub=sub) for sub in ("a", "b", "a")),
            "same over two log-ins: False, different for the second user: False",
        ),
        (
            introspection.subject_is_stable,
            tuple(introspected(sub=sub) for sub in ("a", "a", "a")),
            "same over two log-ins: True, different for the second user: False",
        ),
        (
            introspection.subject_is_stable,
            tuple(introspected(sub=sub) for sub in ("a", "b", "c")),
            "same over two log-ins: False, different for the second user: True",
        ),
        (provider_settings.object_unchanged, ({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "d": 4}), "changed: b, c, d"),
        (scope_rules.spelling_has_no_effect, (told("", "x"), "openid"), "the token response names x"),
        (scope_rules.spelling_has_no_effect, (told(" "), "openid"), "the token response names nothing"),
        (
            token_integrity.jwt_scope_told_alike,
            (told("b a", "a"), "a"),
            "scope of the JWT: a b; the token response: a; introspection: a b",
        ),
        (
            token_integrity.jwt_scope_told_alike,
            (witnesses(seen={"scope": ""}, claims={"scope": "read-data"}), "read-data"),
            "scope of the JWT: read-data; the token response: read-data; introspection: nothing",
        ),
        (
            token_integrity.jwt_matches_introspection,
            ({"sub": "a", "iss": "b", "exp": 1}, introspected(iss="c", exp=2)),
            "sub is 'a' in the JWT and absent in introspection; iss is 'b' in the JWT and 'c' in introspection; "
            "exp is 1 in the JWT and 2 in introspection",
        ),
        (token_integrity.times_fit, ({"exp": "soon"}, ok()), "'soon'"),
        (token_integrity.times_fit, ({"iat": 1, "exp": 2, "nbf": "x"}, ok()), "'x'"),
        (token_integrity.times_fit, ({"iat": 10, "exp": 20}, ok(expires_in=3600)), "10 seconds after it"),
        (
            token_integrity.times_fit,
            ({"iat": 1_799_996_461, "exp": 1_800_000_000}, ok(date=ISSUED)),
            "60 seconds ahead",
        ),
        (
            token_integrity.turned_away,
            ([Presented("a name", ok(active=True), no("invalid_grant"))],),
            "active is True",
        ),
        (token_integrity.turned_away, ([Presented("a name", html(200), no("invalid_grant"))],), "200 with text/html"),
        (token_integrity.keys_public, ([{"kid": "one", "d": "x"}],), "d in key 'one'"),
        (
            token_response.scope_told_alike,
            (told("b a", "c"), "c"),
            "the token response: c; introspection: a b; the JWT",
        ),
    ],
)
def test_a_nonconformity_tells_what_was_there(check: Callable[..., None], arguments: Any, actual: str) -> None:
    assert str(deviation(check, *arguments).actual).startswith(actual)


@pytest.mark.parametrize(
    ("check", "arguments", "expected"),
    [
        (autonomous.own_token_granted, (no("invalid_grant"),), "the AI agent gets a token of its own"),
        (discovery.endpoints_work, (html(), GRANTED, ok(), ok()), "the end user's token at the token_endpoint"),
        (discovery.endpoints_work, (GRANTED, html(), ok(), ok()), "the agent's token at the token_endpoint"),
        (discovery.issuer_is_the_tokens, ({"issuer": "a"}, ["b"]), "the tokens' iss a, as the metadata says"),
        (discovery.keys_work, (ok(keys=[{"kid": "a"}]), {"kid": "c"}), "a key with kid 'c' at jwks_uri"),
        (hygiene.understood, (html(),), "a token for credentials that are encoded"),
        (hygiene.scope_understood, (html(), "a"), "a token for a scope that is encoded"),
        (hygiene.counts_as_absent, (no("invalid_scope"), GRANTED, "x"), "as without x: granted for None"),
        (backchannel.redeemed, (no("invalid_grant"),), "the AI agent gets a token for what the end user approved"),
        (lifecycle.new_secret_works, ({lifecycle.TOKEN_ENDPOINT: html()},), "a token with the new secret"),
        (lifecycle.still_active, (ok(active=False), "this token"), "this token: a 200 with active the boolean true"),
        (lifecycle.lives_on, (ok(active=1), "it ends"), "the agent's token: a 200 with active the boolean false"),
        (lifecycle.should_have_ended, (ok(active=1),), "the agent's token: a 200 with active the boolean false"),
        (lifecycle.may_not_introspect, (ok(active=True),), "the agent refused, with status 401"),
        (scope_rules.only_permitted, (told("a b"), "a b", ["b"]), 'at most "a"'),
        (scope_rules.no_scope_granted, (told("a"), "a", []), "nothing for 'a'"),
        (
            scope_rules.within_subject_token,
            (told("a b"), "a b", introspected(scope="a")),
            'at most the scope of the user\'s token, "a"',
        ),
        (provider_settings.provider_offers, ({},), "password and token exchange among the provider's grant types"),
        (
            token_integrity.genuine_accepted,
            (Presented("the user's token", introspected(), html()),),
            "the user's token exchanged",
        ),
    ],
)
def test_a_nonconformity_tells_what_was_expected(check: Callable[..., None], arguments: Any, expected: str) -> None:
    options = {"of_user": True} if check is token_integrity.genuine_accepted else {}
    assert deviation(check, *arguments, **options).expected.startswith(expected)


@pytest.mark.parametrize(
    ("check", "arguments", "text"),
    [
        (
            scope_rules.only_permitted,
            (witnesses(ok(access_token=TOKEN, scope=""), seen={"scope": "a"}), "a b", ["b"]),
            "the token response names nothing, not the permitted part, a",
        ),
        (token_integrity.signature_verified, ({"kid": "k", "typ": "JWT"}, True, ""), "typ is 'JWT', not at+jwt"),
        (
            token_integrity.turned_away,
            ([Presented("a name", no("invalid_request"), no("invalid_grant"))],),
            "introspection refuses a token instead of calling it inactive: 400 invalid_request",
        ),
    ],
)
def test_a_remark_tells_what_was_there(check: Callable[..., None], arguments: Any, text: str) -> None:
    assert remark_of(check, *arguments)[1] == text


@pytest.mark.parametrize(
    ("check", "arguments"),
    [
        (refusal.refused, (SWITCHED_OFF, refusal.E_EXCH)),
        (refusal.all_refused, ([("a step", SWITCHED_OFF)], refusal.E_EXCH)),
        (token_integrity.turned_away, ([Presented("a name", ok(active=False), SWITCHED_OFF)],)),
    ],
)
def test_a_grant_type_that_is_off_is_the_matter_of_the_provider(check: Callable[..., None], arguments: Any) -> None:
    found = deviation(check, *arguments)
    assert (found.requirement, found.error) == ("OBO-1-01", "unsupported_grant_type")


@pytest.mark.parametrize(
    ("check", "arguments", "error"),
    [
        (backchannel.acknowledged, (no("unknown_user_id"),), "unknown_user_id"),
        (token_response.grant_type_served, (SWITCHED_OFF, "password"), "unsupported_grant_type"),
        (token_response.granted, (no("invalid_scope"),), "invalid_scope"),
        (client_authentication.challenged, (no("invalid_client", 401),), "invalid_client"),
        (errors.refused_in_form, (no("invalid_scope", 500),), "invalid_scope"),
        (errors.refused_in_form, (no("no_such_code"),), "no_such_code"),
        (errors.code_is, (no("invalid_scope"), "invalid_request"), "invalid_scope"),
        (hygiene.unknown_ignored, (no("invalid_scope"),), "invalid_scope"),
        (hygiene.counts_as_absent, (no("invalid_scope"), GRANTED, "scope"), "invalid_scope"),
        (refusal.all_refused, ([("a step", no("server_error", 500))], refusal.E_EXCH), "server_error"),
    ],
)
def test_the_error_of_the_answer_leads_to_the_guide_step(
    check: Callable[..., None], arguments: Any, error: str
) -> None:
    assert deviation(check, *arguments).error == error


@pytest.mark.parametrize("name", ["sub", "act", "iss", "client_id"])
def test_endpoints_that_tell_a_token_differently_are_found_by_each_member(name: str) -> None:
    found = deviation(discovery.endpoints_work, GRANTED, GRANTED, introspected(**{name: "x"}), introspected())
    assert found.actual == f"different: {name}"


@pytest.mark.parametrize("name", ["active", "sub", "act", "scope"])
def test_a_refusal_that_tells_something_of_a_token_is_found_by_each_member(name: str) -> None:
    deviation(strangers.told_nothing, no("invalid_client", 401, **{name: "x"}))


UNSEEN = replace(witnesses(GRANTED), introspection=None)


@pytest.mark.parametrize(
    ("check", "arguments"),
    [
        (audience.addressed_within, (["app"],)),
        (backchannel.approved_token, ("user", "agent", "openid")),
        (chains.delegation_kept, ("agent",)),
        (refusal.scope_not_granted, ("admin",)),
        (scope_rules.spelling_has_no_effect, ("a b",)),
        (token_integrity.jwt_scope_told_alike, ("a",)),
        (token_response.audience_not_in_token, ("app",)),
    ],
)
def test_a_token_that_can_be_looked_at_nowhere_is_judged_by_its_response(
    check: Callable[..., None], arguments: Any
) -> None:
    shown: Any = [("a route", UNSEEN)] if check is chains.delegation_kept else UNSEEN
    judgement = judgement_of(check, shown, *arguments)
    assert (judgement.nonconformity is not None) is (check in (backchannel.approved_token, refusal.scope_not_granted))


@pytest.mark.parametrize(
    ("check", "arguments"),
    [
        (backchannel.approved_token, ("user", "agent", "a b")),
        (scope_rules.spelling_has_no_effect, ("a b",)),
        (scope_rules.within_subject_token, ("a b", introspected(scope="a b"))),
    ],
)
def test_a_response_without_a_scope_says_as_asked(check: Callable[..., None], arguments: Any) -> None:
    seen = {"sub": "user", "client_id": "agent", "scope": "a b"}
    conforms(check, witnesses(GRANTED, seen=seen), *arguments)


def test_a_scope_that_a_response_does_not_take_back_is_granted() -> None:
    shown = witnesses(GRANTED, seen={"scope": "openid"})
    deviation(scope_rules.no_scope_granted, shown, "read-data,write-data", [])
    deviation(scope_rules.within_subject_token, shown, "openid admin", introspected(scope="openid"))
    deviation(scope_rules.no_scope_granted, told("a c"), "a b", [])


@pytest.mark.parametrize("name", ["sub", "act", "username", "user_id", "subname", "scope", "client_id", "exp"])
def test_a_realm_that_tells_something_of_anothers_token_is_found_by_each_member(name: str) -> None:
    deviation(subjects.unknown_there, ok({"active": False, name: "x"}))


@pytest.mark.parametrize("name", ["client_id", "azp"])
def test_a_token_of_another_client_is_found_by_either_name(name: str) -> None:
    user = introspected(sub="user")
    tokens = [
        (agent, witnesses(seen={"sub": "user", "act": {"sub": agent}, name: client}))
        for agent, client in (("a", "a"), ("b", "a"))
    ]
    assert deviation(chains.each_its_own_actor, tokens, user).actual == "'a' in introspection"
    unnamed = [(agent, witnesses(seen={"sub": "user", "act": {"sub": agent}})) for agent in "ab"]
    conforms(chains.each_its_own_actor, unnamed, user)
