"""F5, audience: which applications a token may be for, and which it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reference_server.defects.registry import defect
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.form import Form
from reference_server.planting import in_each_realm


@defect(
    "audience-silently-dropped",
    "OBO-AUD-01",
    wrong="accepts `audience` and issues a JWT without `aud`",
    family="audience",
    core=True,
)
@in_each_realm
def audience_silently_dropped(server: AuthorizationServer) -> None:
    serialise = server.issuer.serialise

    def dropping(claims: Mapping[str, Any]) -> str:
        return serialise({name: claims[name] for name in claims if name != "aud" or "act" not in claims})

    server.issuer.serialise = dropping


@defect(
    "aud-is-agent",
    "OBO-AUD-01",
    wrong="`aud` is the agent's client ID alone",
    family="audience",
)
@in_each_realm
def aud_is_agent(server: AuthorizationServer) -> None:
    server.token_exchange.audience = lambda exchange: (exchange.client.id,)


@defect(
    "arbitrary-audience-minted",
    "OBO-AUD-02",
    "OBO-AUD-03",
    "OBO-AUD-06",
    wrong="copies an `audience` that is the name of no client into `aud`, unchecked",
    family="audience",
    core=True,
)
@in_each_realm
def arbitrary_audience_minted(server: AuthorizationServer) -> None:
    names_application = server.privileges.names_application
    server.privileges.names_application = lambda privilege, audience: (
        server.clients.get(audience) is None or names_application(privilege, audience)
    )


@defect(
    "audience-prefix-match",
    "OBO-AUD-03",
    wrong="compares the audience trimmed, without case and by its beginning",
    family="audience",
    core=True,
)
@in_each_realm
def audience_prefix_match(server: AuthorizationServer) -> None:
    def naming(privilege: str, audience: str) -> bool:
        application = server.privileges.application_of(privilege) or ""
        asked, known = audience.strip().casefold(), application.casefold()
        return server.clients.active(application) is not None and (asked.startswith(known) or known.startswith(asked))

    server.privileges.names_application = naming


@defect(
    "first-audience-checked-only",
    "OBO-AUD-04",
    wrong="of several audiences only the first is authorised, all are put into `aud`",
    family="audience",
    core=True,
)
@in_each_realm
def first_audience_checked_only(server: AuthorizationServer) -> None:
    authorise = server.token_exchange.authorise
    server.token_exchange.authorise = lambda exchange: authorise(replace(exchange, audiences=exchange.audiences[:1]))


@defect(
    "resource-bypasses-audience-check",
    "OBO-AUD-05",
    wrong="`resource` reaches `aud` without a look at privileges, beside `audience` or alone",
    family="audience",
    core=True,
)
@in_each_realm
def resource_bypasses_audience_check(server: AuthorizationServer) -> None:
    audiences, audience = server.token_exchange.audiences, server.token_exchange.audience

    def tolerating(client: Client, form: Form) -> tuple[str, ...]:
        return () if form.every("resource") and not form.every("audience") else audiences(client, form)

    server.token_exchange.audiences = tolerating
    server.token_exchange.audience = lambda exchange: (*audience(exchange), *exchange.form.every("resource"))


@defect(
    "audience-space-split",
    "OBO-AUD-06",
    wrong="splits one `audience` value on space and comma, and reads it as a JSON array",
    family="audience",
)
@in_each_realm
def audience_space_split(server: AuthorizationServer) -> None:
    audiences = server.token_exchange.audiences

    def splitting(client: Client, form: Form) -> tuple[str, ...]:
        names = (name for value in audiences(client, form) for name in re.split(r'[\s,\[\]"]+', value) if name)
        return tuple(dict.fromkeys(names))

    server.token_exchange.audiences = splitting
