"""The description has each route of the application with its methods, and nothing else."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Match, Route

from reference_server import app
from reference_server.tenant import Tenant
from tests.torture.fuzz.description import METADATA, METHODS, OAUTH, openapi

_EXAMPLES = {"realm": "alpha", "type": "alpha_role", "rest": "/x"}
Operations = set[tuple[str, str]]


@pytest.fixture
def tenant() -> Tenant:
    return Tenant("http://127.0.0.1:8080")


@pytest.fixture
def routes(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> list[Route]:
    """What the application has a route for, apart from the OAuth endpoints."""
    found: list[Route] = []

    def starlette(*, routes: list[Route], **others: object) -> Starlette:
        found.extend(routes)
        return Starlette(routes=routes, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(app, "Starlette", starlette)
    app.create_app(tenant)
    return [route for route in found if "oauth2/realms/" not in route.path]


def described() -> Operations:
    return {(path, method.upper()) for path, item in openapi()["paths"].items() for method in METHODS if method in item}


def oauth(operations: Operations) -> Operations:
    return {(path, method) for path, method in operations if path.endswith(OAUTH) or path.startswith(OAUTH)}


def test_the_oauth_endpoints_are_described(tenant: Tenant) -> None:
    methods = {OAUTH + path: methods for path, (methods, _) in tenant.oauth["alpha"].endpoints.items()}
    methods[METADATA + OAUTH] = methods[OAUTH + METADATA]
    served = {(path, method) for path, names in methods.items() for method in names if method != "HEAD"}
    assert oauth(described()) == served


def test_each_other_route_is_described_and_each_described_operation_has_a_route(routes: list[Route]) -> None:
    def route_of(path: str, method: str) -> str:
        example = re.sub(r"\{(\w+)\}", lambda match: _EXAMPLES.get(match[1], "x"), path)
        scope = {"type": "http", "path": example, "root_path": "", "method": method, "headers": []}
        return next(route.path for route in routes if route.matches(scope)[0] is Match.FULL)

    served = {(route.path, method) for route in routes for method in route.methods or () if method != "HEAD"}
    assert {(route_of(*operation), operation[1]) for operation in described() - oauth(described())} == served


def test_each_path_is_described_as_its_route_is_written(routes: list[Route]) -> None:
    """Otherwise what is described might go to a catch-all."""
    written = {route.path.replace(":path}", "}") for route in routes}
    paths = {path for path, _ in described() - oauth(described())}
    assert {re.sub(r"managed/\{realm\}_\w+", "managed/{type}", path) for path in paths} <= written
