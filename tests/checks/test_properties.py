"""Whatever conforms in any legal shape is no nonconformity, and one single thing that is wrong always is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from steps.checks import (
    audience,
    chains,
    delegation,
    errors,
    hygiene,
    introspection,
    refusal,
    scope_rules,
    token_response,
)
from steps.checks.evidence import Witnesses, audience_set, bare, scope_set
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, introspected, judgement_of, no, ok, witnesses
from tests.checks.legal_answers import (
    SCOPES,
    addressed,
    extra_members,
    in_jwt,
    refusals,
    scope_names,
    seen_by_all,
    spelt,
    token_answers,
    wrapped,
)

KINDS = [value for name, value in vars(refusal).items() if name.startswith("E_")]
FAILURES = [500, 502, 503, 504]
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


class TestScopeSets:
    @given(scopes=st.data())
    def test_order_spaces_and_form_make_no_difference(self, scopes: st.DataObject) -> None:
        names = scopes.draw(scope_names)
        assert scope_set(scopes.draw(in_jwt(names))) == scope_set(scopes.draw(spelt(names))) == frozenset(names)

    @given(scopes=scope_names, more=scope_names)
    def test_a_union_is_written_by_putting_one_behind_the_other(self, scopes: list[str], more: list[str]) -> None:
        assert scope_set(" ".join(scopes + more)) == scope_set(scopes) | scope_set(more)

    @given(value=json_values)
    def test_any_value_gives_a_set_of_words(self, value: Any) -> None:
        assert all(isinstance(scope, str) for scope in scope_set(value))


class TestAudienceSets:
    @given(name=st.text())
    def test_a_string_is_a_list_of_one(self, name: str) -> None:
        assert audience_set(name) == audience_set([name]) == {name}

    @given(names=st.lists(st.text()), odd=json_values)
    def test_what_is_no_string_names_nobody(self, names: list[str], odd: Any) -> None:
        assume(not isinstance(odd, str))
        assert audience_set([*names, odd]) == frozenset(names)


class TestBareIdentifiers:
    @given(identifier=st.text(st.characters(exclude_characters="\n"), min_size=1), kind=st.sampled_from(["usr", "age"]))
    def test_a_wrapper_is_taken_off_once(self, identifier: str, kind: str) -> None:
        assert bare(f"({kind}!{identifier})") == identifier

    @given(value=json_values)
    def test_anything_else_stays_what_it_is(self, value: Any) -> None:
        assume(not (isinstance(value, str) and value.startswith("(")))
        assert bare(value) is value


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
class TestRefusals:
    @given(data=st.data())
    def test_any_tolerated_code_with_any_tolerated_status_is_one(self, kind: Any, data: st.DataObject) -> None:
        answer = data.draw(refusals(kind))
        conforms(refusal.refused, answer, kind)
        assert refusal.is_refusal(answer, kind)

    @given(data=st.data(), status=st.integers(100, 599))
    def test_no_other_status_makes_one(self, kind: Any, data: st.DataObject, status: int) -> None:
        assume(status not in kind.statuses)
        deviation(refusal.refused, replace(data.draw(refusals(kind)), status=status), kind)

    @given(data=st.data(), name=st.sampled_from(["access_token", "refresh_token", "id_token"]))
    def test_none_comes_with_a_token(self, kind: Any, data: st.DataObject, name: str) -> None:
        answer = data.draw(refusals(kind))
        with_token = replace(answer, members=answer.members | {name: TOKEN})
        deviation(refusal.refused, with_token, kind)
        assert not refusal.is_refusal(with_token, kind)

    @given(error=json_values)
    def test_no_other_code_makes_one(self, kind: Any, error: Any) -> None:
        deviation(refusal.refused, no(error), kind)


class TestGrantedScopes:
    @given(data=st.data(), scopes=scope_names)
    def test_what_was_asked_for_may_be_told_in_any_form(self, data: st.DataObject, scopes: list[str]) -> None:
        seen, asked = data.draw(seen_by_all(scopes)), data.draw(spelt(scopes))
        conforms(token_response.scope_granted, seen, asked)
        conforms(token_response.scope_granted_exactly, seen, asked, SCOPES)
        conforms(token_response.scope_told_alike, seen, asked)
        conforms(token_response.scope_within, replace(seen, answer=ok(access_token=TOKEN, scope=asked)), asked)
        conforms(scope_rules.only_permitted, seen, asked, [])
        conforms(scope_rules.within_subject_token, seen, asked, introspected(scope=asked))

    @given(data=st.data(), scopes=scope_names, place=st.sampled_from(["response", "introspection", "claims"]))
    def test_one_scope_too_many_shows_in_any_place(self, data: st.DataObject, scopes: list[str], place: str) -> None:
        seen, unpermitted = data.draw(seen_by_all(scopes)), "admin"
        seen = self.with_scope(seen, place, data.draw(in_jwt([*scopes, unpermitted])))
        asked = data.draw(spelt([*scopes, unpermitted]))
        told = replace(seen, answer=ok({"scope": " ".join(scopes)} | seen.answer.members))
        for check, arguments in (
            (refusal.scope_not_granted, (unpermitted,)),
            (refusal.not_covered, (unpermitted,)),
            (scope_rules.only_permitted, (asked, [unpermitted])),
            (scope_rules.no_scope_granted, (unpermitted, [])),
            (scope_rules.within_subject_token, (asked, introspected(scope=" ".join(scopes)))),
            (token_response.scope_within, (" ".join(scopes),)),
            (token_response.scope_granted_exactly, (" ".join(scopes), [*SCOPES, unpermitted])),
        ):
            deviation(check, told, *arguments)

    @staticmethod
    def with_scope(seen: Witnesses, place: str, scope: Any) -> Witnesses:
        if place == "claims":
            return replace(seen, claims={"scope": scope})
        written = scope if isinstance(scope, str) else " ".join(scope)
        if place == "response":
            return replace(seen, answer=ok(seen.answer.members | {"scope": written}))
        assert seen.introspection
        members = seen.introspection.members | {"scope": written}
        return replace(seen, introspection=ok(members))

    @given(data=st.data(), scopes=scope_names, kept=st.data())
    def test_one_scope_too_few_is_not_what_was_asked_for(
        self, data: st.DataObject, scopes: list[str], kept: st.DataObject
    ) -> None:
        seen = data.draw(seen_by_all(scopes))
        missing = kept.draw(st.sampled_from(sorted({*SCOPES, "admin"} - {*scopes})))
        deviation(token_response.scope_granted, seen, " ".join([*scopes, missing]))

    @given(answer=refusals(refusal.E_EXCH), asked=scope_names)
    def test_a_refusal_grants_nothing(self, answer: Answer, asked: list[str]) -> None:
        for check in (scope_rules.nothing_permitted, refusal.scope_not_granted, refusal.not_covered):
            conforms(check, witnesses(answer), " ".join(asked))

    @given(status=st.sampled_from(FAILURES), data=st.data())
    def test_a_failing_server_neither_grants_nor_refuses(self, status: int, data: st.DataObject) -> None:
        failure = replace(data.draw(refusals(refusal.E_EXCH) | token_answers(["openid"])), status=status)
        deviation(token_response.granted, failure)
        deviation(refusal.refused, failure, refusal.E_EXCH)


class TestRefusalsInForm:
    @given(members=st.dictionaries(st.sampled_from(["error", "error_description", "error_uri"]), json_values))
    def test_whatever_an_error_holds_its_form_is_judged(self, members: dict[str, Any]) -> None:
        for odd in (False, True):
            judgement_of(
                errors.well_formed_refusal, Answer(400, members, {"content-type": "application/json"}), odd=odd
            )

    @given(error=st.sampled_from(sorted(errors.REGISTERED)), status=st.sampled_from([400, 401, 403]))
    def test_a_registered_code_is_in_form(self, error: str, status: int) -> None:
        conforms(errors.well_formed_refusal, no(error, status, error_description="No: (see the log) #7"))

    @given(directives=st.permutations(["no-store", "no-cache", "private", "max-age=0"]), data=st.data())
    def test_an_answer_with_a_token_says_no_store_among_others(
        self, directives: list[str], data: st.DataObject
    ) -> None:
        answer = data.draw(token_answers(["openid"]))
        headers = {"cache-control": ", ".join(directives), "pragma": "no-cache"}
        conforms(hygiene.not_cached, replace(answer, headers=headers))
        directives.remove("no-store")
        deviation(hygiene.not_cached, replace(answer, headers={"cache-control": ", ".join(directives)}))


class TestTokenResponses:
    @given(answer=token_answers(["openid"]))
    def test_more_members_and_any_case_are_fine(self, answer: Answer) -> None:
        conforms(token_response.password_response, answer)
        conforms(token_response.exchange_response, answer, "another token")

    @given(
        answer=token_answers(["openid"]),
        name=st.sampled_from(["access_token", "token_type", "expires_in", "issued_token_type"]),
        value=st.none() | st.booleans() | st.integers(max_value=0) | st.lists(st.text()) | st.just("") | st.floats(),
    )
    def test_one_member_of_another_type_is_wrong(self, answer: Answer, name: str, value: Any) -> None:
        deviation(token_response.exchange_response, replace(answer, members=answer.members | {name: value}), "another")


class TestWhoActsForWhom:
    @given(data=st.data(), more=extra_members)
    def test_the_agent_acts_for_the_user_in_any_form(self, data: st.DataObject, more: dict[str, Any]) -> None:
        sub = data.draw(wrapped("user"))
        answer = introspected(**more, sub=sub, act={"sub": data.draw(st.sampled_from(["agent", "(age!agent)"]))})
        conforms(delegation.same_subject, answer, introspected(sub=sub))
        conforms(delegation.acts_through, answer, "agent")
        conforms(delegation.acts_through_none_of, answer, ["app", "user", "other"])

    @given(sub=json_values)
    def test_any_other_subject_is_wrong(self, sub: Any) -> None:
        assume(sub != "user")
        deviation(delegation.same_subject, introspected(sub=sub), introspected(sub="user"))
        deviation(introspection.subject_is, introspected(sub=sub), "user")

    @given(act=json_values, name=st.sampled_from(["sub", "client_id", "azp", "act"]))
    def test_any_other_place_for_the_actor_is_wrong(self, act: Any, name: str) -> None:
        for nested in (act, [act], {"act": {"sub": "agent"}}, {"actor": {"sub": "agent"}}, {"sub": {name: "agent"}}):
            deviation(delegation.acts_through, introspected(act=nested), "agent")

    @given(order=st.permutations(["first", "second", "third"]), forms=st.lists(st.booleans(), min_size=3, max_size=3))
    def test_a_chain_names_its_agents_the_latest_outermost(self, order: list[str], forms: list[bool]) -> None:
        agents = ["first", "second", "third"]
        act: dict[str, Any] = {}
        hops = []
        for agent, named, is_wrapped in zip(agents, order, forms, strict=True):
            act = {"sub": f"(age!{named})" if is_wrapped else named} | ({"act": act} if act else {})
            hops.append((agent, witnesses(seen={"sub": "user", "act": act}, claims={"sub": "user", "act": act})))
        judge = conforms if order == agents else deviation
        judge(chains.named_in_order, hops, introspected(sub="user"), "app")

    @given(other=st.sampled_from(["app", "user", "other"]), form=st.sampled_from(["{}", "(usr!{})", "(age!{})"]))
    def test_nobody_else_may_be_the_actor(self, other: str, form: str) -> None:
        answer = introspected(act={"sub": form.format(other)})
        deviation(delegation.acts_through, answer, "agent")
        deviation(delegation.acts_through_none_of, answer, ["app", "user", "other"])


class TestWhomATokenIsFor:
    @given(data=st.data(), others=st.sets(st.sampled_from(["agent", "https://issuer.example"])))
    def test_the_application_in_any_form_with_agent_and_issuer(self, data: st.DataObject, others: set[str]) -> None:
        seen = {"aud": data.draw(addressed("app", *others)), "iss": "https://issuer.example"}
        claims = data.draw(st.none() | st.just({}) | st.just(seen))
        conforms(audience.addressed_to, witnesses(seen=seen, claims=claims), "app", "agent")

    @given(data=st.data(), place=st.sampled_from(["seen", "claims"]))
    def test_one_other_audience_shows_in_either_place(self, data: st.DataObject, place: str) -> None:
        told: dict[str, Any] = {"seen": {"aud": "app"}, "claims": {"aud": ["app"]}}
        told[place] = {"aud": data.draw(addressed("app", "elsewhere"))}
        shown = witnesses(**told)
        deviation(audience.addressed_to, shown, "app", "agent")
        deviation(audience.addressed_within, shown, ["app", "agent"])
        deviation(audience.unknown_audience, shown, "elsewhere")
        deviation(token_response.audience_not_in_token, shown, "elsewhere")
        deviation(token_response.audience_within, shown, ["elsewhere"], "read-data")


class TestInactiveTokens:
    @given(more=extra_members)
    def test_other_members_are_worth_a_warning_at_most(self, more: dict[str, Any]) -> None:
        assert judgement_of(introspection.inactive, ok(more | {"active": False})).nonconformity is None

    @given(active=json_values)
    def test_anything_but_false_is_not_inactive(self, active: Any) -> None:
        assume(active is not False)
        deviation(introspection.inactive, ok(active=active))

    @given(active=json_values)
    def test_anything_but_true_is_not_active(self, active: Any) -> None:
        assume(active is not True)
        deviation(introspection.active, ok(active=active))
