"""The REST API of identity management: managed objects, their relationships and schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.access import Access
from reference_server.errors import ApiError, bad_request, not_found
from reference_server.http import check_preconditions, idm_answer, json_object, json_value, tagged
from reference_server.idm.messages import already_exists
from reference_server.idm.objects import ManagedObjects, Written
from reference_server.idm.schema import ManagedType
from reference_server.idm.views import Views
from reference_server.queries import Query
from reference_server.service_accounts import ServiceAccounts

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


class ManagedEndpoints:
    """Reads and writes managed objects of both realms."""

    def __init__(self, managed: ManagedObjects, url: str) -> None:
        self._managed = managed
        self._url = url
        self.views = Views(managed)

    async def collection(self, request: Request) -> Response:
        """`/openidm/managed/{type}`: query, or create under an ID of the server's choice."""
        managed_type = self._managed.type(request.path_params["type"])
        if request.method == "GET":
            return self.query(managed_type, request)
        if request.query_params.get("_action") != "create":
            raise bad_request("The only action on managed objects is create")
        written = self._managed.create(managed_type.name, await json_object(request))
        return self._written(managed_type, written, request)

    async def resource(self, request: Request) -> Response:
        """`/openidm/managed/{type}/{id}`: read, create or replace, patch, delete."""
        managed_type = self._managed.type(request.path_params["type"])
        match request.method:
            case "PUT":
                return await self.put(managed_type, request)
            case "PATCH":
                return await self.patch(managed_type, request)
            case "DELETE":
                return self.delete(managed_type, request)
        stored = self._managed.read(managed_type.name, request.path_params["id"])
        shown = self.views.show(managed_type, stored, request.query_params.get("_fields", ""))
        return idm_answer(shown, headers=tagged(shown))

    def query(self, managed_type: ManagedType, request: Request) -> Response:
        """The objects that a filter selects."""
        query = Query.read(request.query_params)
        stored = self._managed.equal(managed_type.name, query.filter.equal)
        page = query.page(stored, lambda item: self.views.lookup(managed_type, item))
        fields = request.query_params.get("_fields", "")
        return idm_answer(query.envelope(page, [self.views.show(managed_type, item, fields) for item in page.items]))

    async def put(self, managed_type: ManagedType, request: Request) -> Response:
        """Create or replace; with `If-None-Match: *` create only."""
        object_id = request.path_params["id"]
        document = await json_object(request)
        stored = self._managed.get(managed_type.name, object_id)
        revision = None if stored is None else stored["_rev"]
        check_preconditions(request, revision, already_exists(managed_type, object_id))
        return self._written(managed_type, self._managed.put(managed_type.name, object_id, document), request)

    async def patch(self, managed_type: ManagedType, request: Request) -> Response:
        """Change single properties."""
        object_id = request.path_params["id"]
        operations = await json_value(request)
        check_preconditions(request, self._managed.read(managed_type.name, object_id)["_rev"])
        return self._written(managed_type, self._managed.patch(managed_type.name, object_id, operations), request)

    def delete(self, managed_type: ManagedType, request: Request) -> Response:
        """Remove the object; the answer shows what it was."""
        stored = self._managed.read(managed_type.name, request.path_params["id"])
        check_preconditions(request, stored["_rev"])
        shown = self.views.show(managed_type, stored, request.query_params.get("_fields", ""), after_write=True)
        self._managed.delete(managed_type.name, stored["_id"])
        return idm_answer(shown, headers=tagged(shown))

    async def relationship(self, request: Request) -> Response:
        """`/openidm/managed/{type}/{id}/{field}`: the relationship as a collection, or the one reference."""
        managed_type = self._managed.type(request.path_params["type"])
        stored = self._managed.read(managed_type.name, request.path_params["id"])
        relationship = managed_type.relationships.get(request.path_params["field"])
        if relationship is None:
            raise not_found()
        fields = request.query_params.get("_fields", "")
        items = self.views.references(managed_type, stored, relationship.name, fields)
        if not relationship.many:
            if not items:
                raise not_found()
            return idm_answer(items[0], headers=tagged(items[0]))
        query = Query.read(request.query_params)
        page = query.page(items, lambda item: item.get)
        return idm_answer(query.envelope(page, page.items))

    async def schema(self, request: Request) -> Response:
        """`/openidm/schema/managed/{type}`."""
        return idm_answer(self._managed.type(request.path_params["type"]).schema)

    async def unknown(self, _: Request) -> Response:
        """Any other path."""
        raise not_found()

    def _written(self, managed_type: ManagedType, written: Written, request: Request) -> Response:
        fields = request.query_params.get("_fields", "")
        shown = self.views.show(managed_type, written.object, fields, after_write=True)
        headers = tagged(shown)
        if written.created:
            path = f"/openidm/managed/{managed_type.name}/{quote(shown['_id'], safe='', errors='replace')}"
            headers["location"] = self._url + path
        elif not written.changed:
            headers["x-not-modified"] = "true"
        return idm_answer(shown, 201 if written.created else 200, headers)


class ServiceAccountEndpoints:
    """`/openidm/managed/svcacct/{id}`: a service account may read itself, nothing else."""

    def __init__(self, accounts: ServiceAccounts, access: Access) -> None:
        self._accounts = accounts
        self._access = access

    async def collection(self, _: Request) -> Response:
        """Listing and creating is for tenant administrators."""
        raise ApiError(403, "Access denied")

    async def resource(self, request: Request) -> Response:
        """The caller's own account."""
        account = self._accounts.get(self._access.session(request).account_id)
        if request.method != "GET" or account is None or account.id != request.path_params["id"]:
            raise ApiError(403, "Access denied")
        document = account.document()
        names = [name for name in request.query_params.get("_fields", "").split(",") if name]
        if names and "*" not in names:
            document = {name: document[name] for name in ("_id", "_rev", *names) if name in document}
        return idm_answer(document, headers=tagged(document))


def routes(tenant: Tenant, access: Access) -> list[Route]:
    """The routes of identity management, each for callers with the IDM scope only."""
    managed = ManagedEndpoints(tenant.managed, tenant.url)
    accounts = ServiceAccountEndpoints(tenant.service_accounts, access)
    any_method = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [
        Route("/openidm/managed/svcacct", access.idm(accounts.collection), methods=any_method),
        Route("/openidm/managed/svcacct/{id}", access.idm(accounts.resource), methods=any_method),
        Route("/openidm/managed/{type}", access.idm(managed.collection), methods=["GET", "POST"]),
        Route("/openidm/managed/{type}/{id}", access.idm(managed.resource), methods=["GET", "PUT", "PATCH", "DELETE"]),
        Route("/openidm/managed/{type}/{id}/{field}", access.idm(managed.relationship), methods=["GET"]),
        Route("/openidm/schema/managed/{type}", access.idm(managed.schema), methods=["GET"]),
        Route("/openidm/{rest:path}", access.idm(managed.unknown), methods=any_method),
    ]
