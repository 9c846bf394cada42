"""What a tenant tells about itself: the version of access management and the scopes of service accounts."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.access import Access
from reference_server.am.documents import revision
from reference_server.http import am_answer, idm_answer, tagged
from reference_server.service_accounts import AM_SCOPE, IDM_SCOPE

_GENERAL: dict[str, Any] = {
    "domains": [],
    "protectedUserAttributes": ["telephoneNumber", "mail"],
    "cookieName": "iPlanetDirectoryPro",
    "secureCookie": True,
    "forgotPassword": "false",
    "forgotUsername": "false",
    "kbaEnabled": "false",
    "selfRegistration": "false",
    "lang": "en-US",
    "successfulUserRegistrationDestination": "default",
    "socialImplementations": [],
    "referralsEnabled": "false",
    "zeroPageLogin": {"enabled": False, "refererWhitelist": [], "allowedWithoutReferer": True},
    "realm": "/",
    "xuiUserSessionValidationEnabled": True,
    "fileBasedConfiguration": True,
    "userIdAttributes": [],
    "cloudOnlyFeaturesEnabled": True,
    "oauth2AIAgentsEnabled": True,
}
_VERSION: dict[str, Any] = {
    "version": "9.0.0",
    "fullVersion": "Reference server imitating PingOne Advanced Identity Cloud, access management 9.0.0",
    "revision": "reference",
    "date": "2026-July-01 00:00",
}
_SCOPES = [
    {"scope": AM_SCOPE, "description": "All Access Management APIs"},
    {"scope": IDM_SCOPE, "description": "All Identity Management APIs"},
]


def routes(access: Access) -> list[Route]:
    """`serverinfo/*` is for everybody, the rest for service accounts."""
    return [
        Route("/am/json/serverinfo/version", access.am(_version), methods=["GET"]),
        Route("/am/json/serverinfo/{rest:path}", access.public(_general), methods=["GET"]),
        Route("/environment/scopes/service-accounts", access.any_scope(_scopes), methods=["GET"]),
    ]


async def _general(_: Request) -> Response:
    return _resource("*", _GENERAL, "resource=1.1")


async def _version(_: Request) -> Response:
    return _resource("version", _VERSION, "resource=1.0")


async def _scopes(_: Request) -> Response:
    return idm_answer(_SCOPES, headers={"content-type": "application/json; charset=utf-8"})


def _resource(name: str, members: dict[str, Any], api_version: str) -> Response:
    content = {"_id": name, "_rev": revision(members), **members}
    return am_answer(
        content, headers={"cache-control": "no-store", "content-api-version": api_version, **tagged(content)}
    )
