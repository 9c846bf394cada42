"""Audiences: what an exchange may be asked for, and whom the token it gives names."""

from __future__ import annotations

from reference_server.moods.registry import mood
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_audience, invalid_request
from reference_server.oauth.form import Form
from reference_server.planting import in_each_realm


@mood(
    "default-audience",
    differs="an exchange without an audience is for the application of the agent's only privilege",
    allowed_by="RFC 8693 section 2.1 (OPTIONAL)",
)
@in_each_realm
def default_audience(server: AuthorizationServer) -> None:
    audiences = server.token_exchange.audiences

    def defaulted(client: Client, form: Form) -> tuple[str, ...]:
        privileges = server.privileges.of(client)
        if form.every("audience") or len(privileges) != 1:
            return audiences(client, form)
        return (server.privileges.application_of(privileges[0]) or "",)

    server.token_exchange.audiences = defaulted


@mood(
    "single-audience",
    differs="more than one audience is a malformed request",
    allowed_by="RFC 8693 section 2.2.2",
)
@in_each_realm
def single_audience(server: AuthorizationServer) -> None:
    audiences = server.token_exchange.audiences

    def one(client: Client, form: Form) -> tuple[str, ...]:
        if len(form.every("audience")) > 1:
            raise invalid_request("Only one audience is supported")
        return audiences(client, form)

    server.token_exchange.audiences = one


@mood(
    "unauthorised-audiences-left-out",
    differs="of several audiences those that no privilege names are left out",
    allowed_by="RFC 8693 section 2.1 leaves the target to the server's policy",
)
@in_each_realm
def unauthorised_audiences_left_out(server: AuthorizationServer) -> None:
    audiences = server.token_exchange.audiences

    def named(client: Client, form: Form) -> tuple[str, ...]:
        asked = audiences(client, form)
        applications = {
            audience
            for audience in asked
            for privilege in server.privileges.of(client)
            if server.privileges.names_application(privilege, audience)
        }
        return tuple(audience for audience in asked if audience in applications) or asked

    server.token_exchange.audiences = named


@mood(
    "audience-case-folded",
    differs="the case of an audience does not matter; the token has the canonical spelling",
    allowed_by="directories that fold case (OBO-AUD-03)",
)
@in_each_realm
def audience_case_folded(server: AuthorizationServer) -> None:
    audiences = server.token_exchange.audiences

    def canonical(client: Client, form: Form) -> tuple[str, ...]:
        asked = audiences(client, form)
        known = [server.privileges.application_of(privilege) or "" for privilege in server.privileges.of(client)]
        spelling = {name.casefold(): name for name in known}
        return tuple(dict.fromkeys(spelling.get(audience.casefold(), audience) for audience in asked))

    server.token_exchange.audiences = canonical


@mood(
    "resource-refused",
    differs="the parameter resource is refused with invalid_target",
    allowed_by="RFC 8707 section 2, RFC 8693 section 2.2.2",
)
@in_each_realm
def resource_refused(server: AuthorizationServer) -> None:
    audiences = server.token_exchange.audiences

    def without_resource(client: Client, form: Form) -> tuple[str, ...]:
        if form.every("resource"):
            raise invalid_audience()
        return audiences(client, form)

    server.token_exchange.audiences = without_resource


@mood(
    "application-alone-in-aud",
    differs="aud of an agent's token is the application as a string; its owner may introspect it nevertheless",
    allowed_by="RFC 7519 section 4.1.3, RFC 7662 section 2.1",
)
@in_each_realm
def application_alone_in_aud(server: AuthorizationServer) -> None:
    may_see = server.introspection.may_see
    server.token_exchange.audience = lambda exchange: exchange.audiences
    server.introspection.may_see = lambda caller, token: token.client_id == caller.id or may_see(caller, token)


@mood(
    "issuer-in-aud",
    differs="aud of an agent's token also names the issuer, and the application comes first",
    allowed_by="RFC 7519 section 4.1.3; OBO-AUD-01",
)
@in_each_realm
def issuer_in_aud(server: AuthorizationServer) -> None:
    audience = server.token_exchange.audience
    server.token_exchange.audience = lambda exchange: (*reversed(audience(exchange)), server.issuer_url)
