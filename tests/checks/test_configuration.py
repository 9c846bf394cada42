"""What the administrator finds after tasks 1 to 3, in documents of the administrative APIs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from steps.checks import configuration
from steps.checks.configuration import PASSWORD, TOKEN_EXCHANGE
from steps.checks.evidence import Witnesses
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, introspected, no, ok, remark_of

Document = dict[str, Any]
SECRET = 'made-up/"secret"-of-a-client'


def wrapped(value: Any) -> Document:
    """A setting as newer tenants show it, with the mark whether it is inherited."""
    return {"inherited": False, "value": value}


def as_it_is(value: Any) -> Any:
    """A setting as older tenants show it."""
    return value


both_forms = pytest.mark.parametrize("form", [as_it_is, wrapped], ids=["plain", "wrapped"])


class TestProvider:
    """OBO-1-01 and OBO-1-02."""

    def provider(self, grants: Any, **settings: Any) -> Document:
        """A provider with these grant types."""
        return {"_rev": "1", "advancedOAuth2Config": {"grantTypes": grants}, "coreOAuth2Config": settings}

    @pytest.mark.parametrize(
        "grants",
        [
            [PASSWORD, TOKEN_EXCHANGE],
            ["authorization_code", TOKEN_EXCHANGE, PASSWORD],
            ["Resource Owner Password Credentials", "Token Exchange"],
        ],
    )
    def test_it_offers_both_grant_types(self, grants: list[str]) -> None:
        conforms(configuration.provider_offers, self.provider(grants))

    @pytest.mark.parametrize("grants", [[PASSWORD], [TOKEN_EXCHANGE], ["token-exchange", PASSWORD], [], None])
    def test_it_lacks_one(self, grants: Any) -> None:
        found = deviation(configuration.provider_offers, self.provider(grants))
        assert found.requirement == "OBO-1-01"
        assert "missing: [" in str(found.actual)

    @pytest.mark.parametrize(
        "after",
        [
            {
                "_rev": "2",
                "advancedOAuth2Config": {"grantTypes": ["a", "b"]},
                "coreOAuth2Config": {"codeLifetime": 121},
            },
            {"advancedOAuth2Config": {"grantTypes": ["b", "a"]}, "coreOAuth2Config": {"codeLifetime": 121}},
            {"advancedOAuth2Config": {"grantTypes": ["a", "b"]}, "coreOAuth2Config": {"codeLifetime": 121, "new": 1}},
        ],
        ids=["revision", "order", "a default that the server filled in"],
    )
    def test_a_save_changes_nothing(self, after: Document) -> None:
        conforms(configuration.provider_unchanged, self.provider(["a", "b"], codeLifetime=121), after)

    @pytest.mark.parametrize(
        ("after", "actual"),
        [
            ({"coreOAuth2Config": {"codeLifetime": 120}}, "coreOAuth2Config.codeLifetime"),
            ({"coreOAuth2Config": {}}, "coreOAuth2Config.codeLifetime"),
            ({"advancedOAuth2Config": {"grantTypes": ["a"]}}, "advancedOAuth2Config.grantTypes"),
            ({"advancedOAuth2Config": {"grantTypes": ["a", "b", "b"]}}, "advancedOAuth2Config.grantTypes"),
        ],
        ids=["reset", "lost", "a grant type lost", "one twice"],
    )
    def test_a_save_changes_something(self, after: Document, actual: str) -> None:
        before = self.provider(["a", "b"], codeLifetime=121)
        found = deviation(configuration.provider_unchanged, before, before | after)
        assert found.requirement == "OBO-1-02"
        assert actual in str(found.actual)

    def test_a_grant_type_that_was_there_twice_is_found_too(self) -> None:
        twice = self.provider(["a", "a"])
        assert deviation(configuration.provider_unchanged, twice, twice).actual == "twice: a"

    def test_entries_of_other_lists_may_repeat(self) -> None:
        settings = self.provider(["a"], claims=["x", "x"])
        conforms(configuration.provider_unchanged, settings, settings)

    @pytest.mark.parametrize(("switch", "accepts"), [(True, True), (False, False), ("true", False), (None, False)])
    def test_its_own_audience_switch(self, switch: Any, accepts: bool) -> None:
        document = {"advancedOAuth2Config": {"acceptAudienceParametersInTokenExchangeRequests": switch}}
        assert configuration.provider_accepts_audience(document) is accepts


class TestClosedInterfaces:
    """OBO-1-04."""

    @pytest.mark.parametrize("status", [401, 403, 404, 302, 307])
    def test_a_caller_is_turned_away(self, status: int) -> None:
        conforms(configuration.closed, {"the provider": html(status), "the privilege": html(401)})

    @pytest.mark.parametrize("answer", [ok(_id="x"), html(200), Answer(204), no("bad", 400), html(500), html(409)])
    def test_a_caller_gets_in(self, answer: Answer) -> None:
        found = deviation(configuration.closed, {"the provider": html(401), "the change": answer})
        assert found.requirement == "OBO-1-04"
        assert "the change" in found.expected

    def test_the_administrator_gets_in(self) -> None:
        conforms(configuration.open_to_administrator, {"the provider": ok(_id="x")})

    def test_where_nobody_gets_in_nothing_is_proved(self) -> None:
        found = deviation(configuration.open_to_administrator, {"the provider": html(404)})
        assert "the administrator may read the provider" in found.expected

    @pytest.mark.parametrize("check", [configuration.closed, configuration.open_to_administrator])
    def test_no_request_proves_nothing(self, check: Any) -> None:
        assert "none was made" in str(deviation(check, {}))

    def test_the_object_stays(self) -> None:
        conforms(configuration.object_unchanged, {"_rev": "1", "description": "a"}, {"_rev": "1", "description": "a"})

    @pytest.mark.parametrize("after", [{"description": "b"}, {}, {"description": "a", "more": 1}], ids=str)
    def test_the_object_changes(self, after: Document) -> None:
        assert "changed: " in str(deviation(configuration.object_unchanged, {"description": "a"}, after))


def client(form: Callable[[Any], Any] = as_it_is, **changes: Any) -> Document:
    """A confidential client `app` called App; changes are client type, names, or members of the document."""
    core = {
        "clientType": form(changes.pop("client_type", "Confidential")),
        "clientName": form(changes.pop("names", ["App"])),
    }
    return {"_id": "app", "_type": {"_id": "OAuth2Client"}, "coreOAuth2ClientConfig": core} | changes


class TestConfidentialClient:
    """OBO-2.1-01 and OBO-3.1-01."""

    @both_forms
    @pytest.mark.parametrize("client_type", ["Confidential", "confidential", "CONFIDENTIAL"])
    def test_an_application(self, form: Callable[[Any], Any], client_type: str) -> None:
        conforms(configuration.confidential_client, client(form, client_type=client_type), "app", "App")

    @both_forms
    @pytest.mark.parametrize("attributes", [{"name": "App"}, wrapped({"name": "App"})], ids=["plain", "wrapped"])
    def test_an_agent_may_have_its_name_with_its_identity(self, form: Any, attributes: Document) -> None:
        agent = client(form, names=[], _type={"_id": "AIAgent"}, aiAgentIdentityAttributes=attributes)
        conforms(configuration.confidential_client, agent, "app", "App", "AIAgent")

    @pytest.mark.parametrize(
        ("document", "actual"),
        [
            (client(client_type="Public"), "client type 'Public'"),
            (client(wrapped, client_type="Public"), "client type 'Public'"),
            (client(_id="another"), "client ID 'another'"),
            (client(names=["Another"]), "name ['Another'"),
            (client(names=None), "name [None"),
            ({}, "client ID None"),
        ],
    )
    def test_not_what_was_entered(self, document: Document, actual: str) -> None:
        assert actual in str(deviation(configuration.confidential_client, document, "app", "App").actual)

    def test_an_agent_that_is_a_plain_client(self) -> None:
        found = deviation(configuration.confidential_client, client(), "app", "App", "AIAgent")
        assert "type 'OAuth2Client'" in str(found.actual)


class TestApplicationObject:
    """OBO-2.1-01."""

    def test_it_links_to_its_client(self) -> None:
        conforms(configuration.linked_to_client, {"ssoEntities": {"oidcId": "app"}}, "app")

    @pytest.mark.parametrize("application", [{}, {"ssoEntities": None}, {"ssoEntities": {"oidcId": "other"}}], ids=str)
    def test_it_links_elsewhere(self, application: Document) -> None:
        assert deviation(configuration.linked_to_client, application, "app").requirement == "OBO-2.1-01"

    def test_it_has_an_owner(self) -> None:
        conforms(configuration.has_owner, {"owners": [{"_refResourceId": "someone"}]})

    def test_a_tenant_that_does_not_tell_is_warned_of(self) -> None:
        assert remark_of(configuration.has_owner, {})[0] == "SHOULD"

    @pytest.mark.parametrize("owners", [[], None])
    def test_it_has_none(self, owners: Any) -> None:
        assert deviation(configuration.has_owner, {"owners": owners}).requirement == "OBO-2.1-01"


class TestClientId:
    """OBO-2.1-02."""

    @pytest.mark.parametrize("status", [200, 201])
    def test_a_good_one_is_accepted(self, status: int) -> None:
        conforms(configuration.created, Answer(status))

    @pytest.mark.parametrize("answer", [no("bad"), html(409), html(500), html(302)])
    def test_a_good_one_is_refused(self, answer: Answer) -> None:
        deviation(configuration.created, answer)

    @pytest.mark.parametrize("status", [400, 403, 404, 405, 422])
    def test_another_is_refused(self, status: int) -> None:
        conforms(configuration.client_id_not_accepted, html(status))

    @pytest.mark.parametrize("status", [200, 201])
    def test_an_api_laxer_than_the_console_is_worth_a_warning(self, status: int) -> None:
        assert remark_of(configuration.client_id_not_accepted, ok() if status == 200 else Answer(201))[0] == "SHOULD"

    def test_an_id_must_not_upset_the_server(self) -> None:
        deviation(configuration.client_id_not_accepted, html(500))

    @pytest.mark.parametrize("status", [400, 403, 409, 412])
    def test_a_taken_one_is_refused(self, status: int) -> None:
        conforms(configuration.taken, html(status))

    @pytest.mark.parametrize("answer", [ok(), Answer(201), html(500), html(302)])
    def test_a_taken_one_is_overwritten(self, answer: Answer) -> None:
        assert deviation(configuration.taken, answer).requirement == "OBO-2.1-02"

    def test_its_holder_still_works(self) -> None:
        conforms(configuration.still_served, ok(access_token=TOKEN))

    @pytest.mark.parametrize("answer", [no("invalid_client", 401), no("x", access_token=TOKEN), ok(), html(500)])
    def test_its_holder_lost_it(self, answer: Answer) -> None:
        assert deviation(configuration.still_served, answer).requirement == "OBO-2.1-02"

    @pytest.mark.parametrize("claims", [None, {}, {"client_id": "app"}], ids=["opaque", "no member", "same"])
    def test_claims_spell_it_as_entered(self, claims: dict[str, Any] | None) -> None:
        witnesses = Witnesses(ok(access_token=TOKEN), introspected(client_id="app"), claims)
        conforms(configuration.canonical, witnesses, "app")
        conforms(configuration.refused_or_canonical, witnesses, "app")

    @pytest.mark.parametrize("client_id", ["APP", "App", ..., None])
    def test_introspection_spells_it_otherwise(self, client_id: Any) -> None:
        witnesses = Witnesses(ok(access_token=TOKEN), introspected(client_id=client_id), None)
        deviation(configuration.canonical, witnesses, "app")
        assert deviation(configuration.refused_or_canonical, witnesses, "app").requirement == "OBO-2.1-02"

    def test_the_jwt_spells_it_otherwise(self) -> None:
        witnesses = Witnesses(ok(access_token=TOKEN), introspected(client_id="app"), {"client_id": "APP"})
        deviation(configuration.canonical, witnesses, "app")

    @pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_request"])
    def test_another_spelling_may_be_unknown(self, error: str) -> None:
        conforms(configuration.refused_or_canonical, Witnesses(no(error, 401), None, None), "app")

    @pytest.mark.parametrize("answer", [ok(), no("server_error", 500), html()])
    def test_another_spelling_is_neither(self, answer: Answer) -> None:
        deviation(configuration.refused_or_canonical, Witnesses(answer, None, None), "app")


class TestSecrets:
    """OBO-2.1-03."""

    @pytest.mark.parametrize(
        "password",
        [None, ..., "", "********", "{SSHA}c29tZSBzYWx0ZWQgaGFzaA==", "$2b$12$abcdefghijklmnopqrstuv"],
        ids=["null", "absent", "empty", "mask", "salted hash", "bcrypt"],
    )
    def test_no_answer_shows_one(self, password: Any) -> None:
        members = {} if password is ... else {"userpassword": password}
        conforms(configuration.secrets_hidden, {"the application": ok(members)}, [SECRET])

    def test_an_encrypted_one_is_worth_a_warning(self) -> None:
        answers = {"the application": ok({"userpassword-encrypted": "AAAA"})}
        assert remark_of(configuration.secrets_hidden, answers, [SECRET])[0] == "SHOULD"

    def test_an_empty_companion_of_it_is_not(self) -> None:
        conforms(configuration.secrets_hidden, {"it": ok({"userpassword-encrypted": None})}, [SECRET])

    @pytest.mark.parametrize(
        "shown",
        [
            SECRET,
            f"secret={SECRET};",
            base64.b64encode(SECRET.encode()).decode(),
            base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
            base64.b64encode(f"app:{SECRET}".encode()).decode(),
        ],
        ids=["plain", "inside a text", "base64", "base64url without padding", "as Basic credentials"],
    )
    def test_a_shown_one_is_found_and_not_repeated(self, shown: str) -> None:
        answers = {"the application": ok(), "the list of AI agents": ok(result=[{"deep": [{"userpassword": shown}]}])}
        found = deviation(configuration.secrets_hidden, answers, ["another-secret", SECRET])
        assert found.requirement == "OBO-2.1-03"
        assert found.actual == "the list of AI agents shows one"
        assert SECRET not in str(found)

    def test_one_in_a_text_that_is_no_json_is_found(self) -> None:
        deviation(configuration.secrets_hidden, {"it": Answer(200, {}, {}, f"<p>{SECRET}</p>")}, [SECRET])

    @pytest.mark.parametrize(
        ("answers", "secrets"),
        [({}, [SECRET]), ({"it": ok()}, []), ({"it": ok()}, [""]), ({"it": html(403)}, [SECRET])],
        ids=["no answer", "no secret", "an empty secret", "nothing readable"],
    )
    def test_nothing_to_look_at_proves_nothing(self, answers: dict[str, Answer], secrets: list[str]) -> None:
        deviation(configuration.secrets_hidden, answers, secrets)


def granting(*grants: str, form: Callable[[Any], Any] = as_it_is, **settings: Any) -> Document:
    """A client's document with these grant types and further advanced settings."""
    return {"advancedOAuth2ClientConfig": {"grantTypes": form(list(grants))} | settings}


class TestAddedGrant:
    """OBO-2.2-01."""

    @both_forms
    def test_the_others_stay(self, form: Callable[[Any], Any]) -> None:
        before, after = granting("authorization_code", form=form), granting(PASSWORD, "authorization_code", form=form)
        conforms(configuration.grant_added, before, after, PASSWORD)

    @pytest.mark.parametrize(
        "after",
        [granting(PASSWORD), granting("authorization_code"), granting("authorization_code", PASSWORD, "implicit"), {}],
        ids=["replaced", "not added", "more", "nothing"],
    )
    def test_the_others_are_lost(self, after: Document) -> None:
        found = deviation(configuration.grant_added, granting("authorization_code"), after, PASSWORD)
        assert found.requirement == "OBO-2.2-01"

    def test_it_takes_effect(self) -> None:
        conforms(configuration.change_effective, ok(access_token=TOKEN))

    @pytest.mark.parametrize("answer", [no("unauthorized_client"), no("x", access_token=TOKEN), ok(), html(500)])
    def test_it_does_not(self, answer: Answer) -> None:
        assert deviation(configuration.change_effective, answer).requirement == "OBO-2.2-01"


class TestAgentIdentity:
    """OBO-3.1-01 and OBO-3.1-03."""

    IDENTITY: ClassVar[Document] = {"_id": "uid-1", "oauth2ClientId": "agent"}

    @pytest.mark.parametrize("uid", ["uid-1", {"inherited": False, "value": "uid-1"}], ids=["plain", "wrapped"])
    def test_it_is_linked(self, uid: Any) -> None:
        agent = {"aiAgentIdentityUid": uid}
        conforms(configuration.identity_linked, agent, self.IDENTITY, ["other", "agent"], "agent")

    @pytest.mark.parametrize(
        ("uid", "identity", "listed", "actual"),
        [
            ("uid-1", IDENTITY, ["other"], "1 others"),
            (None, IDENTITY, ["agent"], "none"),
            (None, {"_id": None, "oauth2ClientId": "agent"}, ["agent"], "none"),
            ("uid-1", None, ["agent"], "none"),
            ("uid-2", IDENTITY, ["agent"], "none"),
            ("uid-1", {"_id": "uid-1", "oauth2ClientId": "other"}, ["agent"], "'other'"),
            ("uid-1", {"_id": "uid-1"}, ["agent"], "None"),
        ],
        ids=[
            "not listed",
            "no link",
            "neither link nor id",
            "no record",
            "another record",
            "another client",
            "no client",
        ],
    )
    def test_it_is_not(self, uid: Any, identity: Any, listed: list[str], actual: str) -> None:
        found = deviation(configuration.identity_linked, {"aiAgentIdentityUid": uid}, identity, listed, "agent")
        assert found.requirement == "OBO-3.1-01"
        assert actual in str(found.actual)

    @pytest.mark.parametrize("renaming", [html(400), html(403), html(404), html(405), ok()])
    @pytest.mark.parametrize("attributes", [{}, {"aiAgentIdentityAttributes": {"oauth2ClientId": "agent"}}], ids=str)
    def test_it_keeps_its_client_id(self, renaming: Answer, attributes: Document) -> None:
        conforms(configuration.not_renamed, renaming, ok(attributes), "agent")

    @pytest.mark.parametrize(
        ("renaming", "found"),
        [
            (ok(), html(404)),
            (ok(), ok(aiAgentIdentityAttributes={"oauth2ClientId": "renamed"})),
            (ok(), ok(aiAgentIdentityAttributes=wrapped({"oauth2ClientId": "renamed"}))),
            (html(500), ok()),
        ],
        ids=["gone", "renamed", "renamed, wrapped", "server error"],
    )
    def test_it_is_renamed(self, renaming: Answer, found: Answer) -> None:
        assert deviation(configuration.not_renamed, renaming, found, "agent").requirement == "OBO-3.1-03"


SWITCHES = (
    "providerOverridesEnabled",
    "statelessTokensEnabled",
    "acceptAudienceParametersInTokenExchangeRequests",
)


class TestAccessTab:
    """OBO-3.2-01."""

    @both_forms
    @pytest.mark.parametrize("grant", [TOKEN_EXCHANGE, "Token Exchange"])
    def test_token_exchange_is_granted(self, form: Callable[[Any], Any], grant: str) -> None:
        conforms(configuration.agent_grants_exchange, granting("authorization_code", grant, form=form))

    @pytest.mark.parametrize("document", [granting("authorization_code"), granting("token-exchange"), {}], ids=str)
    def test_token_exchange_is_lost(self, document: Document) -> None:
        assert deviation(configuration.agent_grants_exchange, document).requirement == "OBO-3.2-01"

    @both_forms
    def test_it_authenticates_in_the_body(self, form: Callable[[Any], Any]) -> None:
        document = granting(tokenEndpointAuthMethod=form("client_secret_post"))
        conforms(configuration.authenticates_in_body, document)

    @pytest.mark.parametrize("method", ["client_secret_basic", "none", None])
    def test_it_authenticates_otherwise(self, method: Any) -> None:
        document = granting(tokenEndpointAuthMethod=method)
        assert deviation(configuration.authenticates_in_body, document).actual == repr(method)

    @both_forms
    def test_the_three_switches_are_on(self, form: Callable[[Any], Any]) -> None:
        conforms(configuration.overrides_on, {"overrideOAuth2ClientConfig": {name: form(True) for name in SWITCHES}})

    @pytest.mark.parametrize("off", SWITCHES)
    @pytest.mark.parametrize("value", [False, None, "true"])
    def test_one_that_is_off_is_named_as_in_the_console(self, off: str, value: Any) -> None:
        switches = dict.fromkeys(SWITCHES, True) | {off: value}
        found = deviation(configuration.overrides_on, {"overrideOAuth2ClientConfig": switches})
        assert found.requirement == "OBO-3.2-01"
        assert str(found.actual).count(";") == 0

    def test_all_are_off_in_an_empty_document(self) -> None:
        assert str(deviation(configuration.overrides_on, {}).actual).count(";") == 2


def privilege(**changes: Any) -> Document:
    """A privilege on one application, for one user and one group, with a scope and a custom value."""
    members = {
        "resource": {"_refResourceId": "app-1"},
        "subjects": [{"_refResourceId": "user-1"}],
        "subjectGroups": [{"_refResourceId": "group-1"}],
        "permissions": [{"type": "scopes", "values": ["read-data", "x-custom"]}],
    }
    return members | changes


class TestPrivilege:
    """OBO-3.2-13."""

    SAVED = ("app-1", "user-1", "group-1", ("read-data", "x-custom"))

    @pytest.mark.parametrize(
        "changes",
        [{}, {"permissions": [{"values": ["x-custom"]}, {"values": ["read-data"]}]}],
        ids=["as saved", "other order"],
    )
    def test_it_is_what_was_saved(self, changes: Document) -> None:
        conforms(configuration.privilege_holds, privilege(**changes), *self.SAVED)

    @pytest.mark.parametrize(
        ("changes", "lost"),
        [
            ({"resource": None}, "resource"),
            ({"resource": {"_refResourceId": "app-2"}}, "resource"),
            ({"subjects": []}, "subjects"),
            ({"subjects": None}, "subjects"),
            ({"permissions": None}, "permissions"),
            ({"subjects": [{"_refResourceId": "user-1"}, {"_refResourceId": "user-2"}]}, "subjects"),
            ({"subjectGroups": None}, "subject groups"),
            ({"permissions": [{"values": ["read-data"]}]}, "permissions"),
            ({"permissions": [{"values": None}]}, "permissions"),
            ({"permissions": [{"values": ["read-data", "x-custom", "admin-action"]}]}, "permissions"),
        ],
        ids=str,
    )
    def test_it_is_not(self, changes: Document, lost: str) -> None:
        found = deviation(configuration.privilege_holds, privilege(**changes), *self.SAVED)
        assert found.requirement == "OBO-3.2-13"
        assert found.actual == f"changed or lost: {lost}"

    @pytest.mark.parametrize(
        "answer", [no("invalid_scope"), no("access_denied", 403), ok(access_token=TOKEN, scope="")]
    )
    def test_a_custom_value_is_kept_back(self, answer: Answer) -> None:
        conforms(configuration.custom_scope_kept_back, answer, "x-custom")

    @pytest.mark.parametrize("members", [{"scope": "x-custom"}, {"scope": "read-data x-custom"}, {}], ids=str)
    def test_one_that_is_granted_is_recorded(self, members: Document) -> None:
        answer = ok({"access_token": TOKEN} | members)
        assert remark_of(configuration.custom_scope_kept_back, answer, "x-custom")[0] == "INFO"

    @pytest.mark.parametrize("answer", [no("server_error", 500), html(400)])
    def test_a_failure_is_neither(self, answer: Answer) -> None:
        assert deviation(configuration.custom_scope_kept_back, answer, "x-custom").requirement == "OBO-3.2-13"


def test_a_setting_that_is_an_object_is_no_wrapper() -> None:
    assert configuration.setting({"group": {"name": {"value": 1}}}, "group", "name") == {"value": 1}


def test_an_identity_is_read_from_either_form() -> None:
    assert configuration.identity_of({"aiAgentIdentityAttributes": wrapped(None)}) == {}
    assert configuration.identity_of({}) == {}
    assert configuration.identity_of({"aiAgentIdentityAttributes": wrapped({"name": "A"})}) == {"name": "A"}
    assert configuration.identity_of({"aiAgentIdentityAttributes": {"name": "A"}}) == {"name": "A"}
