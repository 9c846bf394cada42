"""Sentences about the realm's metadata (RFC 8414)."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, then, when

from fixtures.cast import Cast
from fixtures.provider_switch import ProviderSwitch
from fixtures.scope_names import ScopeNames
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import offered
from fixtures.tenant.exchange import Answer
from fixtures.tenant.oauth import OAuth
from steps.checks import discovery
from steps.checks.token_format import claims_of, header_of
from steps.exchange_steps import exchanges
from steps.phrases import parse
from steps.requests import Attempt, Witnessing

Document = dict[str, Any]
Flow = tuple[Answer, Attempt, Answer]
"""The user's log-in, the agent's exchange, and introspection of its token."""


@given("the realm's metadata", target_fixture="metadata")
def realms_metadata(oauth: OAuth) -> Document:
    return offered(oauth.metadata().members_of_success, "the tenant has no discovery metadata")


@when("the guide's flow runs on the endpoints that it names", target_fixture="flow")
def flow_on_discovered_endpoints(documented_oauth: OAuth, cast: Cast, scopes: ScopeNames, metadata: Document) -> Flow:
    named = OAuth(documented_oauth.http, documented_oauth.endpoints.named_by(metadata))
    login = named.password(cast.end_user, by=cast.application, scope=scopes("openid read-data"))
    token = str(login.members.get("access_token"))
    attempt = exchanges(named, cast, scopes, token, lambda cast: cast.agent, "read-data", lambda cast: cast.application)
    return login, attempt, Witnessing(named, cast.application).introspection(attempt)


@when("its keys are read", target_fixture="keys")
def keys_read(documented_oauth: OAuth, metadata: Document) -> Answer:
    return OAuth(documented_oauth.http, documented_oauth.endpoints.named_by(metadata)).jwks()


@when(parse('"{grant}" is off at the provider and the metadata is read again'), target_fixture="metadata")
def metadata_while_off(provider_switch: ProviderSwitch, oauth: OAuth, metadata: Document, grant: str) -> Document:
    offered(metadata.get("grant_types_supported"), "the metadata lists no grant types")
    return provider_switch.metadata_while_off(grant, oauth.metadata).members


@then("its issuer is \"iss\" of the user's and of the agent's token")
def issuer_is_the_tokens(metadata: Document, user_seen: Answer, seen: Answer, exchanged: Attempt) -> None:
    claims = claims_of(exchanged.token or "") or {}
    issuers = [user_seen.members.get("iss"), seen.members.get("iss"), claims.get("iss")]
    discovery.issuer_is_the_tokens(metadata, issuers)


@then("its issuer says where it is found")
def issuer_is_its_address(oauth: OAuth, metadata: Document) -> None:
    discovery.issuer_is_its_address(metadata, oauth.endpoints.metadata)


@then("token, introspection and key endpoint are at the tenant's address")
def endpoints_at_home(documented_oauth: OAuth, metadata: Document) -> None:
    own = documented_oauth.endpoints
    expected = {"token_endpoint": own.token, "introspection_endpoint": own.introspection, "jwks_uri": own.jwks}
    discovery.endpoints_at_home(metadata, expected)


@then("its token reads there as it does at the guide's endpoints")
def endpoints_work(flow: Flow, documented_oauth: OAuth, cast: Cast) -> None:
    login, attempt, seen = flow
    here = Witnessing(documented_oauth, cast.application).introspection(attempt)
    discovery.endpoints_work(login, attempt.answer, seen, here)


@then("they have the key of the agent's token")
def keys_work(keys: Answer, exchanged: Attempt) -> None:
    discovery.keys_work(keys, header_of(exchanged.token or ""))


@then("it lists the guide's grant types and client_secret_post")
def offers_the_flow(metadata: Document) -> None:
    discovery.offers_the_flow(metadata)


@then("it offers nothing that is not signed")
def signs_everything(metadata: Document) -> None:
    discovery.signs_everything(metadata)


@then("it lists no grant type that is off at the provider")
def offers_only(metadata: Document, admin: Administration) -> None:
    discovery.offers_only(metadata, admin.provider_grants())


@then(parse('it does not list "{grant}"'))
def does_not_offer(metadata: Document, grant: str) -> None:
    discovery.offers_only(metadata, set(metadata.get("grant_types_supported", ())) - {grant})
