"""Discovery: what is published, and where (RFC 8414, OpenID Connect Discovery)."""

from __future__ import annotations

from typing import Any

from reference_server.moods.registry import mood
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.errors import OAuthError
from reference_server.oauth.http import OAuthRequest
from reference_server.planting import in_each_realm

OPENID, OAUTH = "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
ESSENTIAL = ("issuer", "token_endpoint", "introspection_endpoint", "jwks_uri", "response_types_supported")


def take_away(server: AuthorizationServer, path: str) -> None:
    """Let a path answer 404."""

    def not_there(_: OAuthRequest) -> Any:
        raise OAuthError("not_found", "Not Found", 404)

    server.endpoints[path] = (("GET", "HEAD"), not_there)


@mood("no-metadata", differs="publishes no metadata", allowed_by="RFC 8414 is not required; the guide names the paths")
@in_each_realm
def no_metadata(server: AuthorizationServer) -> None:
    take_away(server, OPENID)
    take_away(server, OAUTH)


@mood("no-openid-metadata", differs="publishes only the metadata of RFC 8414", allowed_by="RFC 8414 section 3")
@in_each_realm
def no_openid_metadata(server: AuthorizationServer) -> None:
    take_away(server, OPENID)


@mood("no-oauth-metadata", differs="publishes only OpenID metadata", allowed_by="OpenID Connect Discovery section 4")
@in_each_realm
def no_oauth_metadata(server: AuthorizationServer) -> None:
    take_away(server, OAUTH)


@mood("lean-metadata", differs="the metadata name only what has to be there", allowed_by="RFC 8414 section 2")
@in_each_realm
def lean_metadata(server: AuthorizationServer) -> None:
    metadata = server.discovery.metadata
    server.discovery.metadata = lambda: {name: metadata()[name] for name in ESSENTIAL}


@mood("rich-metadata", differs="the metadata have members of the vendor's", allowed_by="RFC 8414 section 2")
@in_each_realm
def rich_metadata(server: AuthorizationServer) -> None:
    metadata = server.discovery.metadata
    more = {"vendor_feature": {"on": True}, "mtls_endpoint_aliases": {}, "service_documentation": None}
    server.discovery.metadata = lambda: {**more, **metadata()}
