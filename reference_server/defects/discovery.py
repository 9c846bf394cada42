"""Metadata that does not tell how the realm is."""

from __future__ import annotations

from typing import Any

from reference_server.defects.registry import defect
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.discovery import ENDPOINTS
from reference_server.planting import in_each_realm


@defect(
    "discovery-issuer-mismatch",
    "OBO-DSC-01",
    wrong="the issuer of the metadata ends in a slash that the iss of tokens does not have",
    family="protocol",
    warning=True,
)
@in_each_realm
def discovery_issuer_mismatch(server: AuthorizationServer) -> None:
    publish(server, {"issuer": f"{server.issuer_url}/"})


@defect(
    "discovery-endpoint-wrong-realm",
    "OBO-DSC-02",
    wrong="the metadata of a realm points to the endpoints of the root realm",
    family="protocol",
    warning=True,
)
@in_each_realm
def discovery_endpoint_wrong_realm(server: AuthorizationServer) -> None:
    root = server.issuer_url.rpartition("/realms/")[0]
    names = ("token_endpoint", "introspection_endpoint", "jwks_uri")
    publish(server, {name: root + ENDPOINTS[name] for name in names})


@defect(
    "discovery-grants-stale",
    "OBO-DSC-03",
    wrong="the grant types of the metadata are those of the provider as it was at the start",
    family="protocol",
    warning=True,
)
@in_each_realm
def discovery_grants_stale(server: AuthorizationServer) -> None:
    publish(server, {"grant_types_supported": server.provider.grant_types})


def publish(server: AuthorizationServer, members: dict[str, Any]) -> None:
    """Replace members of the metadata."""
    original = server.discovery.metadata
    server.discovery.metadata = lambda: original() | members
