"""Users, groups, applications, agents and privileges come, change and go: model and server agree on each token."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar, NamedTuple, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test, invariant, precondition, rule

from reference_server.service_accounts import AM_SCOPE, IDM_SCOPE
from tests.reference_server.defects.in_process import InProcess, InProcessServer
from tests.reference_server.oauth.world import World, refusal
from tests.torture.conftest import Count, Length
from tests.torture.fuzz.model import Client, Group, Privilege, Realm, Token, User
from tests.torture.fuzz.names import REALMS
from tests.torture.fuzz.tenant_under_test import Api

T = TypeVar("T")

STEPS = 50
SCOPES = ("openid", "read-data", "write-data")
NO_SCOPES: frozenset[str] = frozenset()
NO_NUMBERS: frozenset[int] = frozenset()
some_scopes = st.frozensets(st.sampled_from(SCOPES))
realms = st.sampled_from(REALMS)
numbers = st.integers(0, 11)
two_numbers = st.tuples(numbers, numbers)
flags = st.booleans()
STANDING = (  # an agent with two privileges that differ in everything, and one that has a privilege for all scopes
    ((0, 0), 0, frozenset({0}), frozenset({"read-data"})),
    ((0, 1), 1, NO_NUMBERS, frozenset({"write-data"})),
    ((1, 0), 0, frozenset({1}), NO_SCOPES),
)
REFUSED = {"invalid_request", "invalid_target", "invalid_scope", "invalid_grant"}
figures: Counter[str] = Counter()


class Grant(NamedTuple):
    """An exchange that was granted; the IDs may belong to others by now."""

    token: Token
    agent_id: str
    application_id: str
    scopes: frozenset[str]


def pick(items: list[T], number: int) -> T:
    return items[number % len(items)]


class Tenant(RuleBasedStateMachine):
    """Two realms with the same names in both. A number in a step picks one of what is there."""

    defects: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.server = InProcessServer(*self.defects)
        self.http = httpx.Client(base_url=self.server.url, transport=InProcess(self.server.tenant))
        self.apis = {name: Api(World(self.server, self.http, "", name)) for name in REALMS}
        self.models = {name: Realm() for name in REALMS}
        self.grants: dict[tuple[str, str], Grant] = {}
        for name in REALMS:
            self._furnish(self.apis[name], self.models[name])

    def _furnish(self, api: Api, model: Realm) -> None:
        model.users += [api.new_user(f"user-{number}") for number in (1, 2, 3)]
        model.groups += [api.new_group(f"group-{number}") for number in (1, 2)]
        model.applications += [api.new_application(f"application-{number}", SCOPES) for number in (1, 2)]
        model.agents += [api.new_agent(f"agent-{number}") for number in (1, 2)]
        for pair, subject, group, permissions in STANDING:
            self.a_privilege_is_given(api.world.realm, pair, frozenset({subject}), group, permissions)
            self.a_user_logs_in(api.world.realm, (subject, pair[1]), frozenset(SCOPES))
            self._exchange(api.world.realm, model.tokens[-1], pair, permissions or frozenset(SCOPES))

    def teardown(self) -> None:
        figures["sequences"] += 1
        figures["requests generated"] += sum(api.requests for api in self.apis.values())
        self.http.close()

    @invariant()
    def what_an_agent_was_granted_last_is_judged_anew(self) -> None:
        """After each step, so that whatever was kept for too long shows."""
        figures["stateful steps"] += 1
        for (realm, _), grant in self.grants.items():
            model = self.models[realm]
            agent = next(agent for agent in model.agents if agent.id == grant.agent_id)
            application = next(item for item in model.applications if item.id == grant.application_id)
            answer = self.apis[realm].exchange(grant.token.value, agent, application, grant.scopes)
            self._granted(answer, model.exchanges(agent, grant.token, application, grant.scopes), agent)

    # ---- users and groups

    @rule(realm=realms, number=numbers)
    def a_user_goes_and_another_comes_under_the_same_name(self, realm: str, number: int) -> None:
        api, model = self.apis[realm], self.models[realm]
        user = pick(model.users, number)
        api.delete("user", user.id)
        model.users.remove(user)
        for privilege in model.privileges:
            privilege.subjects.discard(user)
        for group in model.groups:
            group.members.discard(user)
        model.users.append(api.new_user(user.name))

    @rule(realm=realms, number=numbers, active=flags)
    def a_user_is_disabled_or_enabled(self, realm: str, number: int, active: bool) -> None:
        user = pick(self.models[realm].users, number)
        status = "active" if active else "inactive"
        self.apis[realm].patch("user", user.id, "replace", "/accountStatus", status)
        user.active = active

    @rule(realm=realms, pair=two_numbers)
    def two_users_swap_names(self, realm: str, pair: tuple[int, int]) -> None:
        api, (one, other) = self.apis[realm], (pick(self.models[realm].users, number) for number in pair)
        if one is not other:
            api.patch("user", one.id, "replace", "/userName", "nobody")
            api.patch("user", other.id, "replace", "/userName", one.name)
            api.patch("user", one.id, "replace", "/userName", other.name)
            one.name, other.name = other.name, one.name

    @rule(realm=realms, pair=two_numbers, joins=flags, from_the_user=flags)
    def a_user_joins_or_leaves_a_group(
        self, realm: str, pair: tuple[int, int], joins: bool, from_the_user: bool
    ) -> None:
        api, user, group = self.apis[realm], *self._user_and_group(realm, pair)
        present = user in group.members
        if joins == present:
            return
        if from_the_user:
            kind, object_id, field, reference = "user", user.id, "/groups", api.world.reference("group", group.name)
        else:
            kind, object_id, field, reference = "group", group.name, "/members", api.user_reference(user)
        if joins:
            api.patch(kind, object_id, "add", f"{field}/-", reference)
            group.members.add(user)
        else:
            api.patch(kind, object_id, "remove", field, reference)
            group.members.discard(user)

    def _user_and_group(self, realm: str, pair: tuple[int, int]) -> tuple[User, Group]:
        model = self.models[realm]
        return pick(model.users, pair[0]), pick(model.groups, pair[1])

    @rule(realm=realms, number=numbers)
    def a_group_goes_and_another_comes_under_the_same_name(self, realm: str, number: int) -> None:
        api, model = self.apis[realm], self.models[realm]
        group = pick(model.groups, number)
        api.delete("group", group.name)
        model.groups.remove(group)
        for privilege in model.privileges:
            privilege.groups.discard(group)
        model.groups.append(api.new_group(group.name))

    # ---- applications and agents

    @rule(realm=realms, number=numbers, scopes=some_scopes)
    def an_application_gets_other_scopes(self, realm: str, number: int, scopes: frozenset[str]) -> None:
        application = pick(self.models[realm].applications, number)
        self.apis[realm].set_core(application, "OAuth2Client", scopes=sorted(scopes))
        application.scopes = scopes

    @rule(realm=realms, number=numbers, active=flags)
    def an_application_is_switched_off_or_on(self, realm: str, number: int, active: bool) -> None:
        self._switch(realm, pick(self.models[realm].applications, number), "OAuth2Client", active)

    @rule(realm=realms, number=numbers, active=flags)
    def an_agent_is_switched_off_or_on(self, realm: str, number: int, active: bool) -> None:
        self._switch(realm, pick(self.models[realm].agents, number), "AIAgent", active)

    def _switch(self, realm: str, client: Client, kind: str, active: bool) -> None:
        self.apis[realm].set_core(client, kind, status="Active" if active else "Inactive")
        client.active = active

    @rule(realm=realms, number=numbers)
    def an_application_goes_and_another_comes_under_the_same_id(self, realm: str, number: int) -> None:
        api, model = self.apis[realm], self.models[realm]
        application = pick(model.applications, number)
        api.delete("application", application.managed_id)
        api.delete_client(application, "OAuth2Client")
        model.applications.remove(application)
        model.privileges = [privilege for privilege in model.privileges if privilege.application is not application]
        model.applications.append(api.new_application(application.id, SCOPES))

    @rule(realm=realms, number=numbers)
    def an_agent_goes_and_another_comes_under_the_same_id(self, realm: str, number: int) -> None:
        api, model = self.apis[realm], self.models[realm]
        agent = pick(model.agents, number)
        api.delete_client(agent, "AIAgent")
        model.agents.remove(agent)
        model.privileges = [privilege for privilege in model.privileges if privilege.agent is not agent]
        model.agents.append(api.new_agent(agent.id))

    # ---- privileges

    @rule(
        realm=realms,
        pair=two_numbers,
        subjects=st.frozensets(numbers, max_size=2),
        groups=st.frozensets(numbers, max_size=1),
        permissions=some_scopes,
    )
    def a_privilege_is_given(
        self,
        realm: str,
        pair: tuple[int, int],
        subjects: frozenset[int],
        groups: frozenset[int],
        permissions: frozenset[str],
    ) -> None:
        api, model = self.apis[realm], self.models[realm]
        privilege = Privilege(
            api.new_id(),
            pick(model.agents, pair[0]),
            pick(model.applications, pair[1]),
            {pick(model.users, number) for number in subjects},
            {pick(model.groups, number) for number in groups},
            permissions,
        )
        api.save(privilege)
        model.privileges.append(privilege)

    def has_privileges(self) -> bool:
        return all(model.privileges for model in self.models.values())

    @precondition(has_privileges)
    @rule(realm=realms, number=numbers, pair=two_numbers, permissions=some_scopes)
    def a_privilege_is_written_anew(
        self, realm: str, number: int, pair: tuple[int, int], permissions: frozenset[str]
    ) -> None:
        privilege = pick(self.models[realm].privileges, number)
        user, group = self._user_and_group(realm, pair)
        privilege.subjects, privilege.groups, privilege.permissions = {user}, {group}, permissions
        self.apis[realm].save(privilege)

    @precondition(has_privileges)
    @rule(realm=realms, number=numbers, permissions=some_scopes)
    def permissions_are_changed(self, realm: str, number: int, permissions: frozenset[str]) -> None:
        privilege = pick(self.models[realm].privileges, number)
        values = [{"type": "scopes", "values": sorted(permissions)}]
        self.apis[realm].patch("aiagentprivilege", privilege.id, "replace", "/permissions", values)
        privilege.permissions = permissions

    @precondition(has_privileges)
    @rule(realm=realms, number=numbers, who=numbers, covered=flags)
    def a_subject_is_added_or_removed(self, realm: str, number: int, who: int, covered: bool) -> None:
        api, model = self.apis[realm], self.models[realm]
        privilege, user = pick(model.privileges, number), pick(model.users, who)
        if covered:
            api.patch("aiagentprivilege", privilege.id, "add", "/subjects/-", api.user_reference(user))
            privilege.subjects.add(user)
        else:
            api.patch("aiagentprivilege", privilege.id, "remove", "/subjects", api.user_reference(user))
            privilege.subjects.discard(user)

    @precondition(has_privileges)
    @rule(realm=realms, number=numbers)
    def a_privilege_is_taken_away(self, realm: str, number: int) -> None:
        privilege = pick(self.models[realm].privileges, number)
        self.apis[realm].delete("aiagentprivilege", privilege.id)
        self.models[realm].privileges.remove(privilege)

    @precondition(has_privileges)
    @rule(realm=realms, number=numbers)
    def a_privilege_reads_as_it_was_saved(self, realm: str, number: int) -> None:
        privilege = pick(self.models[realm].privileges, number)
        shown = self.apis[realm].read("aiagentprivilege", privilege.id, "subjects,subjectGroups,permissions")
        ids = {name: {item["_refResourceId"] for item in shown[name]} for name in ("subjects", "subjectGroups")}
        assert ids["subjects"] == {user.id for user in privilege.subjects}
        assert ids["subjectGroups"] == {group.name for group in privilege.groups}
        assert shown["permissions"] == [{"type": "scopes", "values": sorted(privilege.permissions)}]

    # ---- tokens

    @rule(realm=realms, pair=two_numbers, scopes=some_scopes)
    def a_user_logs_in(self, realm: str, pair: tuple[int, int], scopes: frozenset[str]) -> None:
        api, model = self.apis[realm], self.models[realm]
        user, application = pick(model.users, pair[0]), pick(model.applications, pair[1])
        answer = api.log_in(user, application, scopes)
        if self._granted(answer, model.logs_in(user, application, scopes), application):
            value = answer.json()["access_token"]
            audience = frozenset({application.id})
            model.tokens.append(Token(value, user, application, audience, scopes, model.expiry(None)))
            self._told(realm, model.tokens[-1], application)

    def has_tokens(self) -> bool:
        return all(model.tokens for model in self.models.values())

    @precondition(has_tokens)
    @rule(realm=realms, number=numbers, pair=two_numbers, scopes=some_scopes)
    def an_agent_exchanges_a_token(
        self, realm: str, number: int, pair: tuple[int, int], scopes: frozenset[str]
    ) -> None:
        self._exchange(realm, pick(self.models[realm].tokens[::-1], number), pair, scopes)

    @precondition(has_privileges)
    @rule(realm=realms, number=numbers, who=numbers, scopes=some_scopes, of_application=numbers)
    def a_user_logs_in_and_an_agent_acts(
        self, realm: str, number: int, who: int, scopes: frozenset[str], of_application: int
    ) -> None:
        """The guide's flow by a privilege that there is, for a user whom it may be about."""
        model = self.models[realm]
        privilege = pick(model.privileges, number)
        pair = model.agents.index(privilege.agent), model.applications.index(privilege.application)
        covered = [user for user in model.users if user in privilege.subjects]
        user = pick(covered or model.users, who // 2) if who % 2 else pick(model.users, who // 2)
        self.a_user_logs_in(realm, (model.users.index(user), of_application), frozenset({"openid"}))
        for token in [token for token in model.tokens if token.user is user][-1:]:
            self._exchange(realm, token, pair, scopes or privilege.permissions or privilege.application.scopes)

    @precondition(has_tokens)
    @rule(realm=realms, number=numbers, who=numbers, scopes=some_scopes)
    def an_agent_passes_a_token_on(self, realm: str, number: int, who: int, scopes: frozenset[str]) -> None:
        """To an agent that acts for the same user at the same application, be it itself."""
        model = self.models[realm]
        for token in [token for token in model.tokens if token.actors][-1 - number :][:1]:
            pairs = enumerate(model.applications)
            application = next(index for index, item in pairs if item.id in token.audience)
            self._exchange(realm, token, (who // 2, application), token.scopes if who % 2 else scopes)

    def _exchange(self, realm: str, token: Token, pair: tuple[int, int], scopes: frozenset[str]) -> None:
        api, model = self.apis[realm], self.models[realm]
        agent, application = pick(model.agents, pair[0]), pick(model.applications, pair[1])
        answer = api.exchange(token.value, agent, application, scopes)
        if self._granted(answer, model.exchanges(agent, token, application, scopes), agent):
            value, audience = answer.json()["access_token"], frozenset({agent.id, application.id})
            expires, actors = model.expiry(token), (agent.id, *token.actors)
            model.tokens.append(Token(value, token.user, agent, audience, scopes, expires, actors, token))
            self._told(realm, model.tokens[-1], agent)
            self.grants[realm, agent.id] = Grant(token, agent.id, application.id, scopes)

    def _granted(self, answer: httpx.Response, expected: bool, by: Client) -> bool:
        """Whether a token was given, as the model says."""
        figures["granted" if expected else "refused"] += 1
        if expected:
            assert answer.status_code == 200, answer.text
            return True
        status, error = refusal(answer)
        assert (status, error) == (400, "invalid_client") if not by.active else error in REFUSED
        return False

    @precondition(has_tokens)
    @rule(realm=realms, number=numbers, who=numbers)
    def a_client_introspects(self, realm: str, number: int, who: int) -> None:
        model = self.models[realm]
        self._told(realm, pick(model.tokens[::-1], number), pick(model.applications + model.agents, who))

    def _told(self, realm: str, token: Token, client: Client) -> None:
        answer = self.apis[realm].introspect(token.value, client)
        if not client.active:
            assert refusal(answer) == (400, "invalid_client")
        elif not self.models[realm].sees(client, token):
            assert answer.json() == {"active": False}
        else:
            told = answer.json()
            assert (told["active"], told["sub"], told["client_id"]) == (True, token.user.id, token.client.id)
            assert frozenset(told["scope"].split()) == token.scopes
            assert actors(told) == token.actors
            assert told["realm"] == f"/{realm}"

    @precondition(has_tokens)
    @rule(realm=realms, number=numbers, who=numbers, by_its_owner=flags)
    def a_client_revokes(self, realm: str, number: int, who: int, by_its_owner: bool) -> None:
        model = self.models[realm]
        token, clients = pick(model.tokens[::-1], number), model.applications + model.agents
        owner = next(client for client in clients if client.id == token.client.id)  # or who came under its ID
        client = owner if by_its_owner else pick(clients, who)
        answer = self.apis[realm].revoke(token.value, client)
        if client.active:
            assert (answer.status_code, answer.json()) == (200, {})
        else:
            assert refusal(answer) == (400, "invalid_client")
        token.revoked |= client.active and client is owner

    @rule(seconds=st.sampled_from((600, 1800)))
    def time_passes(self, seconds: int) -> None:
        self.server.tenant.clock.advance(seconds)
        account = self.server.service_account.id
        session = self.server.tenant.sessions.open(account, frozenset({AM_SCOPE, IDM_SCOPE}))
        for name in REALMS:
            self.models[name].now += seconds
            self.apis[name].world.admin["Authorization"] = f"Bearer {session}"

    # ---- the other realm

    @precondition(has_tokens)
    @rule(realm=realms, number=numbers, pair=two_numbers)
    def a_token_of_the_other_realm_is_worth_nothing(self, realm: str, number: int, pair: tuple[int, int]) -> None:
        api, model, other = self.apis[realm], self.models[realm], self._other(realm)
        token = pick(self.models[other].tokens, number)
        agent, application = pick(model.agents, pair[0]), pick(model.applications, pair[1])
        refusal(api.exchange(token.value, agent, application, token.scopes))
        self._told(realm, token, agent)
        api.revoke(token.value, agent)

    @rule(realm=realms, pair=two_numbers)
    def a_client_of_the_other_realm_is_nobody(self, realm: str, pair: tuple[int, int]) -> None:
        api, other = self.apis[realm], self.models[self._other(realm)]
        client = pick(other.applications + other.agents, pair[0])
        assert refusal(api.introspect("x", client)) == (400, "invalid_client")
        assert refusal(api.log_in(pick(other.users, pair[1]), client, SCOPES)) == (400, "invalid_client")

    @precondition(has_privileges)
    @rule(realm=realms, pair=two_numbers)
    def a_privilege_covers_nobody_of_the_other_realm(self, realm: str, pair: tuple[int, int]) -> None:
        privilege = pick(self.models[realm].privileges, pair[0])
        stranger = self.apis[self._other(realm)].user_reference(pick(self.models[self._other(realm)].users, pair[1]))
        world = self.apis[realm].world
        change = [{"operation": "add", "field": "/subjects/-", "value": stranger}]
        path = world.managed("aiagentprivilege", privilege.id)
        assert world.http.patch(path, json=change, headers=world.admin).status_code == 400

    def _other(self, realm: str) -> str:
        return next(name for name in REALMS if name != realm)


def actors(told: dict[str, object]) -> tuple[str, ...]:
    """The actors of an answer, the latest first."""
    found: list[str] = []
    act = told.get("act")
    while isinstance(act, dict):
        found.append(act["sub"])
        act = act.get("act")
    return tuple(found)


def hold_against(machine: type[Tenant], sequences: int, chosen_seed: int, *phases: Phase) -> None:
    """Try so many sequences."""
    agree = get_state_machine_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=STEPS,
            phases=phases,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    seed(chosen_seed)(agree)()


def test_model_and_server_agree(length: Length, count: Count, fuzz_seed: int) -> None:
    figures.clear()
    try:
        hold_against(Tenant, length.of(500, at_least=50), fuzz_seed, Phase.generate, Phase.shrink)
    finally:
        for name, number in figures.items():
            count(name, number)
    assert figures["granted"] > figures["sequences"], "hardly anything was granted, so that hardly anything was tried"


@pytest.mark.parametrize(
    "name",
    [
        "privilege-not-required",
        "privileges-pooled",
        "subjects-not-enforced",
        "empty-subjects-means-everyone",
        "agent-recreate-inherits-privileges",
        "subject-match-by-username",
        "nested-act-lost",
        "disabled-agent-works",
    ],
)
def test_the_model_notices_a_server_that_is_wrong(name: str) -> None:
    class Wrong(Tenant):
        defects = (name,)

    with pytest.raises(AssertionError):
        hold_against(Wrong, 200, 0, Phase.generate)
