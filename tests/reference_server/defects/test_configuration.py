"""Defects of what is saved at the provider, at applications and at agents."""

from __future__ import annotations

from typing import Any

import pytest

from reference_server.am.documents import unwrap
from tests.reference_server.defects.cases import GRANTED, REFUSED, Case, check, defects_in
from tests.reference_server.oauth.administration import EXCHANGE, Client
from tests.reference_server.oauth.world import Guide


def setting(guide: Guide, client: Client, kind: str, group: str, name: str) -> Any:
    """What a read of a client or agent shows."""
    document = guide.administer("GET", f"{guide.config}/agents/{kind}/{client.id}")
    return unwrap(document[f"{group}OAuth2ClientConfig"].get(name))


def provider(guide: Guide) -> Any:
    return guide.administer("GET", f"{guide.config}/services/oauth-oidc")


def exchange_by(agent: Client, guide: Guide) -> int:
    return guide.exchange(guide.user_token(), agent, guide.app, "read-data").status_code


def exchange_without(switch: str) -> Any:
    def observe(guide: Guide) -> int:
        guide.change_client(guide.assistant, "override", kind="AIAgent", **{switch: False})
        return exchange_by(guide.assistant, guide)

    return observe


def exchange_while_the_provider_has_it_off(guide: Guide) -> int:
    guide.disable(EXCHANGE)
    return exchange_by(guide.assistant, guide)


def exchange_without_the_grant(guide: Guide) -> int:
    grantless = guide.agent("grantless", grants=["authorization_code"])
    guide.privilege(grantless, guide.app, subjects=[guide.barbara])
    return exchange_by(grantless, guide)


def exchange_is_on_once_saved(guide: Guide) -> bool:
    return EXCHANGE in provider(guide)["advancedOAuth2Config"]["grantTypes"]


def setting_after_another_save(guide: Guide) -> int:
    guide.change_provider("coreOAuth2Config", codeLifetime=121)
    guide.enable("password")
    lifetime: int = provider(guide)["coreOAuth2Config"]["codeLifetime"]
    return lifetime


def provider_read_with_an_agents_token(guide: Guide) -> int:
    bearer = {"Authorization": f"Bearer {guide.agent_token()}"}
    return guide.http.get(f"{guide.config}/services/oauth-oidc", headers=bearer).status_code


def new_application(guide: Guide) -> tuple[str, int]:
    login = guide.login(guide.barbara, guide.app, client_secret=None)
    return setting(guide, guide.app, "OAuth2Client", "core", "clientType"), login.status_code


def agent_under_the_applications_id(guide: Guide) -> tuple[int, int]:
    document = {"aiAgentIdentityAttributes": {"name": "x"}, "coreOAuth2ClientConfig": {"userpassword": "x"}}
    path = f"{guide.config}/agents/AIAgent/{guide.app.id}"
    taken = guide.http.put(path, json=document, headers=guide.admin)
    return taken.status_code, guide.login(guide.barbara, guide.app).status_code


def secrets_shown(guide: Guide) -> list[str | None]:
    guide.change_client(guide.app, "core", clientName=["renamed"])
    actors = ((guide.app, "OAuth2Client"), (guide.assistant, "AIAgent"))
    return [setting(guide, client, kind, "core", "userpassword") for client, kind in actors]


def grants_after_adding_one(guide: Guide) -> Any:
    grants = setting(guide, guide.app, "OAuth2Client", "advanced", "grantTypes")
    guide.change_client(guide.app, "advanced", grantTypes=[*grants, "client_credentials"])
    return setting(guide, guide.app, "OAuth2Client", "advanced", "grantTypes")


def scopes_of_the_application(guide: Guide) -> Any:
    return setting(guide, guide.app, "OAuth2Client", "core", "scopes")


def login_with_basic(guide: Guide) -> int:
    form = {"grant_type": "password", "username": guide.barbara.username, "password": guide.barbara.password}
    credentials = (guide.app.id, guide.app.secret)
    return guide.http.post(f"{guide.oauth}/access_token", data=form | {"scope": "openid"}, auth=credentials).status_code


def type_of_the_agent(guide: Guide) -> tuple[str, int]:
    agent = guide.administer("GET", f"{guide.config}/agents/AIAgent/{guide.assistant.id}")
    listed = guide.administer("GET", f"{guide.config}/agents/AIAgent?_queryFilter=true")
    return agent["_type"]["_id"], len(listed["result"])


def flags_of_the_agent(guide: Guide) -> list[bool]:
    names = ("providerOverridesEnabled", "statelessTokensEnabled", "acceptAudienceParametersInTokenExchangeRequests")
    return [setting(guide, guide.assistant, "AIAgent", "override", name) for name in names]


def agents_token_is_a_jwt(guide: Guide) -> bool:
    return "." in guide.agent_token()


BEFORE = ["authorization_code", "refresh_token", "password"]
SCOPES = ["openid", "read-data", "write-data", "admin-action"]
SECRETS = ["secret-of-digital-assistant-web-app", "secret-of-digital-assistant-ai-agent"]
ACCEPT_AUDIENCE = "acceptAudienceParametersInTokenExchangeRequests"

CASES = {
    "provider-grant-list-ignored": Case(exchange_while_the_provider_has_it_off, REFUSED, GRANTED),
    "client-grant-list-ignored": Case(exchange_without_the_grant, REFUSED, GRANTED),
    "provider-save-drops-urn-grants": Case(exchange_is_on_once_saved, True, False, breaks=("flow",)),
    "provider-save-resets-siblings": Case(setting_after_another_save, 121, 120),
    "admin-api-accepts-agent-token": Case(provider_read_with_an_agents_token, 401, 200),
    "app-created-public": Case(new_application, ("Confidential", REFUSED), ("Public", GRANTED)),
    "client-id-collision-overwrites": Case(agent_under_the_applications_id, (409, GRANTED), (200, REFUSED)),
    "secret-readable-in-admin-get": Case(secrets_shown, [None, None], SECRETS),
    "app-grant-replaced-not-added": Case(
        grants_after_adding_one, [*BEFORE, "client_credentials"], ["client_credentials"]
    ),
    "app-scopes-stored-as-one-string": Case(scopes_of_the_application, SCOPES, [",".join(SCOPES)], breaks=("flow",)),
    "auth-method-not-enforced": Case(login_with_basic, 401, GRANTED),
    "agent-stored-as-plain-client": Case(type_of_the_agent, ("AIAgent", 1), ("OAuth2Client", 0), breaks=("flow",)),
    "agent-save-loses-override-flags": Case(flags_of_the_agent, [True] * 3, [False] * 3, breaks=("flow",)),
    "stateless-flag-ignored": Case(agents_token_is_a_jwt, True, False, breaks=("aud",)),
    "overrides-flag-ignored": Case(exchange_without("providerOverridesEnabled"), REFUSED, GRANTED),
    "audience-accepted-when-disabled": Case(exchange_without(ACCEPT_AUDIENCE), REFUSED, GRANTED),
}


@pytest.mark.parametrize("name", CASES)
def test_the_defect_shows(name: str) -> None:
    check(name, CASES[name])


def test_every_defect_is_shown() -> None:
    assert set(CASES) == defects_in("configuration")
