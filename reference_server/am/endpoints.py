"""The REST API of access management: `realm-config` of both realms; the root realm's is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.access import Access
from reference_server.am.agents import AI_AGENT, OAUTH2_CLIENT, TYPE_NAMES, AgentRegistry
from reference_server.am.defaults import client_defaults, provider_defaults
from reference_server.am.documents import raw_groups, wrapped_groups
from reference_server.am.provider import ProviderService
from reference_server.am.representations import list_item, single, type_description
from reference_server.errors import ApiError, bad_request, conflict, not_found
from reference_server.http import am_answer, check_preconditions, json_object, tagged
from reference_server.queries import Query

if TYPE_CHECKING:
    from reference_server.tenant import Realm, Tenant

REALM_CONFIG = "/am/json/realms/root/realms/{realm}/realm-config"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_CLOSED = "This operation is not available in PingOne Advanced Identity Cloud."
_CLOSED_SERVICES = ("DataStoreService", "id-repositories")


class RealmConfig:
    """Reads and writes the configuration of the realms."""

    def __init__(self, realms: dict[str, Realm], url: str) -> None:
        self._realms = realms
        self._url = url

    async def closed(self, _: Request) -> Response:
        """What the platform keeps for itself."""
        raise ApiError(403, _CLOSED)

    async def unknown(self, _: Request) -> Response:
        """Any other path."""
        raise not_found()

    async def service(self, request: Request) -> Response:
        """`services/{service}`: the OAuth2 provider is the only one."""
        provider = self._realm(request).provider
        service = request.path_params["service"]
        if service in _CLOSED_SERVICES:
            return await self.closed(request)
        if service != "oauth-oidc":
            raise not_found()
        match request.method:
            case "GET":
                return self._single(provider.read())
            case "DELETE":
                return self._single(provider.delete())
            case "PUT":
                return await self.put_provider(provider, request)
            case "POST":
                return await self.act_on_provider(provider, request)
        raise self._not_supported(request)

    async def put_provider(self, provider: ProviderService, request: Request) -> Response:
        """Create (201) or replace (200) the provider."""
        document = await json_object(request)
        check_preconditions(request, provider.read()["_rev"] if provider.document is not None else None)
        created = provider.write(document)
        return self._single(provider.read(), 201 if created else 200)

    async def act_on_provider(self, provider: ProviderService, request: Request) -> Response:
        """The provider has no children; a template is the document of a new realm."""
        match request.query_params.get("_action"):
            case "nextdescendents":
                return am_answer({"result": []})
            case "template":
                return am_answer(provider_defaults(provider.realm))
            case "schema":
                return am_answer(_schema(provider_defaults(provider.realm)))
            case "create" if provider.document is not None:
                raise conflict("Unable to save config: Service already exists")
            case "create":
                return await self.put_provider(provider, request)
        raise self._not_supported(request)

    async def agents(self, request: Request) -> Response:
        """`agents`: all types at once."""
        registry = self._realm(request).agents
        if request.method == "GET":
            query = Query.read(request.query_params)
            items = [_without_type(list_item(registry, record)) for record in registry.equal(query.filter.equal)]
            page = query.page(items, lambda item: item.get)
            return am_answer(query.envelope(page, page.items))
        match request.query_params.get("_action") if request.method == "POST" else None:
            case "getAllTypes":
                return am_answer({"result": [type_description(name) for name in TYPE_NAMES]})
            case "nextdescendents":
                return am_answer({"result": [list_item(registry, record) for record in registry.all()]})
        raise self._not_supported(request)

    async def typed_agents(self, request: Request) -> Response:
        """`agents/{type}`: query, or describe a new one."""
        registry, agent_type = self._realm(request).agents, self._agent_type(request)
        if request.method == "GET":
            query = Query.read(request.query_params)
            items = [list_item(registry, record) for record in registry.equal(query.filter.equal, agent_type)]
            page = query.page(items, lambda item: item.get)
            count = {"totalPagedResultsPolicy": "EXACT", "totalPagedResults": page.total}
            return am_answer(query.envelope(page, page.items) | count)
        match request.query_params.get("_action") if request.method == "POST" else None:
            case "template":
                return am_answer(wrapped_groups(client_defaults()))
            case "schema":
                return am_answer(_schema(raw_groups(client_defaults())))
            case "nextdescendents":
                return am_answer({"result": [list_item(registry, record) for record in registry.all(agent_type)]})
        raise self._not_supported(request)

    async def agent(self, request: Request) -> Response:
        """`agents/{type}/{id}`: read, create or replace, delete."""
        registry, agent_type = self._realm(request).agents, self._agent_type(request)
        client_id = request.path_params["id"]
        match request.method:
            case "GET":
                return self._single(single(registry, registry.read(agent_type, client_id)))
            case "DELETE":
                record = registry.read(agent_type, client_id)
                shown = single(registry, record)
                check_preconditions(request, shown["_rev"])
                registry.delete(record)
                return self._single(shown)
            case "PUT":
                return await self.put_agent(registry, agent_type, client_id, request)
        raise self._not_supported(request)

    async def put_agent(self, registry: AgentRegistry, agent_type: str, client_id: str, request: Request) -> Response:
        """Create (201 with location) or replace (200)."""
        document = await json_object(request)
        known = registry.get(client_id)
        check_preconditions(request, None if known is None else single(registry, known)["_rev"])
        record, created = registry.write(agent_type, client_id, document)
        path = REALM_CONFIG.format(realm=registry.realm) + f"/agents/{agent_type}/{quote(client_id, safe='')}"
        location = {"location": self._url + path} if created else {}
        return self._single(single(registry, record), 201 if created else 200, location)

    def _realm(self, request: Request) -> Realm:
        realm = self._realms.get(request.path_params["realm"])
        if realm is None:
            raise not_found()
        return realm

    def _agent_type(self, request: Request) -> str:
        agent_type: str = request.path_params["type"]
        if agent_type not in (AI_AGENT, OAUTH2_CLIENT):
            raise not_found(f"Resource '{agent_type}' not found")
        return agent_type

    def _single(self, content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return am_answer(content, status, tagged(content) | (headers or {}))

    def _not_supported(self, request: Request) -> ApiError:
        action = request.query_params.get("_action")
        return bad_request(f"Action '{action}' not supported" if action else f"{request.method} not supported")


def routes(tenant: Tenant, access: Access) -> list[Route]:
    """The routes of access management, each for callers with the AM scope only."""
    config = RealmConfig(tenant.realms, tenant.url)
    return [
        Route(f"{REALM_CONFIG}/services/{{service}}", access.am(config.service), methods=_METHODS),
        Route(f"{REALM_CONFIG}/agents", access.am(config.agents), methods=_METHODS),
        Route(f"{REALM_CONFIG}/agents/{{type}}", access.am(config.typed_agents), methods=_METHODS),
        Route(f"{REALM_CONFIG}/agents/{{type}}/{{id:path}}", access.am(config.agent), methods=_METHODS),
        Route("/am/json/realms/root/realm-config{rest:path}", access.am(config.closed), methods=_METHODS),
        Route("/am/json/{rest:path}", access.am(config.unknown), methods=_METHODS),
    ]


def _without_type(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "_type"}


def _schema(groups: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The JSON schema that the defaults imply."""
    return {
        "type": "object",
        "properties": {
            group: {
                "type": "object",
                "properties": {name: {"type": _json_type(value)} for name, value in attributes.items()},
            }
            for group, attributes in groups.items()
        },
    }


def _json_type(value: Any) -> str:
    names = {bool: "boolean", int: "integer", list: "array", dict: "object"}
    return names.get(type(value), "string")
