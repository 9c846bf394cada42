"""The reference server's REST APIs in the words of OpenAPI: each route, with requests that get past the first parser.

Values are those of the actors in `names.py`, of both realms, among a few that are wrong; what is altogether wrong is
for the generator of requests to make up.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any

from reference_server.idm.schema import ManagedType
from reference_server.oauth import terms
from tests.torture.fuzz import names
from tests.torture.fuzz.names import (
    AGENT,
    APPLICATION,
    GROUP,
    OTHER_USER,
    PRIVILEGE,
    REALMS,
    ROLE,
    USER,
    foreign,
    identifier,
    live,
)

Json = dict[str, Any]
OAUTH = "/am/oauth2/realms/root/realms/{realm}"
METADATA = "/.well-known/oauth-authorization-server"  # between host and issuer path (RFC 8414 section 3)
REALM_CONFIG = "/am/json/realms/root/realms/{realm}/realm-config"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
METHODS = ("get", "post", "put", "patch", "delete")


def openapi() -> Json:
    """The description."""
    paths = {**_oauth(), **_login(), **_config(), **_managed(), **_server()}
    return {"openapi": "3.1.0", "info": {"title": "Reference server", "version": "1"}, "paths": paths}


# ---- values


def one_of(*values: Any) -> Json:
    return {"enum": list(values)}


def listed(item: Json, most: int = 3) -> Json:
    return {"type": "array", "items": item, "maxItems": most}


def fields(required: Mapping[str, Json] | None = None, **optional: Json) -> Json:
    """An object with these members and no others."""
    members = {**(required or {}), **optional}
    return {"type": "object", "properties": members, "required": list(required or ()), "additionalProperties": False}


def either(*schemas: Json) -> Json:
    return {"anyOf": list(schemas)}


TEXT: Json = {"type": "string", "maxLength": 20}
FLAG: Json = {"type": "boolean"}
NUMBER = one_of(0, 1, 60, 3600, -1, 10**12, 10**40)
WHATEVER: Json = either({"type": "null"}, FLAG, NUMBER, TEXT, listed(TEXT), fields(a=TEXT, _id=TEXT))
NAME: Json = {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,11}$"}
REALM = one_of(*REALMS)
CLIENT_ID = one_of(APPLICATION, AGENT)
SCOPE = one_of("read-data", "openid read-data", "openid", "write-data", "read-data write-data", "admin", "")
SCOPE_LIST = listed(one_of(*names.SCOPES, "x-custom"), 4)
TOKEN = one_of(
    *(live(name) for name in names.TOKENS), foreign("user token"), foreign("agent token"), "eyJhbGciOiJub25lIn0.e30."
)
GRANTS = (terms.PASSWORD, terms.REFRESH_TOKEN, terms.CLIENT_CREDENTIALS, terms.TOKEN_EXCHANGE, terms.CIBA)
GRANT_TYPES = listed(one_of(*GRANTS, "authorization_code"), 6)
FILTER = either(
    one_of("true", "false", 'name eq "agent"', f'userName eq "{USER}"', f'_id eq "{identifier(USER)}"', "!(name pr)"),
    {
        "type": "string",
        "pattern": r"^(!?\()?(name|userName|_id|/customAttributes/a|subjects/_refResourceId|accountStatus) "
        r'(eq|co|sw|gt|ge|lt|le) ("[a-z*]{0,3}"|-?[0-9]{1,3}(\.5)?|true|null)( (and|or) !?name pr)?\)?$',
    },
)
QUERY: Json = {
    "_queryFilter": FILTER,
    "_queryId": one_of("query-all", "query-all-ids", "nothing"),
    "_sortKeys": one_of("name", "-name", "+_id,-userName", "accountStatus,-", ","),
    "_pageSize": {"type": "integer", "minimum": 0, "maximum": 3},
    "_pagedResultsOffset": {"type": "integer", "minimum": 0, "maximum": 3},
    "_pagedResultsCookie": one_of("MQ==", "MA==", "x"),
    "_totalPagedResultsPolicy": one_of("EXACT", "NONE"),
}
FIELDS: Json = {"_fields": one_of("*", "name,_id", "*_ref", "subjects/*,resource/name", "groups/*/name", "/", ",")}
CONDITIONS: Json = {"If-Match": one_of("*", '"0"', "0, 1"), "If-None-Match": one_of("*")}


# ---- paths, operations


def path(
    template: str, *, get: Json | None = None, values: Mapping[str, Json] | None = None, **operations: Json
) -> Json:
    """A path with its operations; what its parameters may be is said in `values` or, for realms, here."""
    known = {"realm": REALM, **(values or {})}
    named = re.findall(r"\{(\w+)\}", template)
    parameters = [{"name": name, "in": "path", "required": True, "schema": known[name]} for name in named]
    described = {**({} if get is None else {"get": get}), **operations}
    return {template: {"parameters": parameters, **described}}


def operation(
    body: Json | None = None,
    media: str = JSON,
    *,
    query: Json | None = None,
    headers: Json | None = None,
    action: Json | None = None,
) -> Json:
    """A request with an optional query and headers, and with an action and a body if it has them at all."""
    places = {"query": query or {}, "header": headers or {}}
    parameters = [
        {"name": name, "in": place, "schema": schema}
        for place, group in places.items()
        for name, schema in group.items()
    ]
    if action is not None:
        parameters.append({"name": "_action", "in": "query", "required": True, "schema": action})
    content = {} if body is None else {"requestBody": {"required": True, "content": {media: {"schema": body}}}}
    return {"parameters": parameters, **content, "responses": {"default": {"description": "JSON, always"}}}


def any_method(*but: str, body: Json | None = None) -> Json:
    """The same plain request by each method."""
    return {
        method: operation(body if method in ("post", "put", "patch") else None)
        for method in METHODS
        if method not in but
    }


# ---- the OAuth endpoints of a realm


def _oauth() -> Json:
    bearer = {"Authorization": one_of(*(f"Bearer {token}" for token in TOKEN["enum"]), "Bearer", "Basic Og==")}
    introspected = either(
        fields({**_authenticated(), "token": TOKEN}, token_type_hint=TEXT),
        fields({"token": one_of(live("user token"))}),
    )
    basic = {"Authorization": one_of(_basic(names.BASIC_CLIENT), _basic(APPLICATION))}
    endpoints = {
        "/access_token": {"post": operation(_token_request(), FORM)},
        "/bc-authorize": {"post": operation(fields({**_authenticated(), "request": _signed()}), FORM)},
        "/introspect": {"post": operation(introspected, FORM, headers=basic)},
        "/token/revoke": {"post": operation(introspected, FORM, headers=basic)},
        "/tokeninfo": {
            "get": operation(query={"access_token": TOKEN}, headers=bearer),
            "post": operation(fields({"access_token": TOKEN}), FORM, headers=bearer),
        },
        "/userinfo": {"get": operation(headers=bearer), "post": operation(headers=bearer)},
        "/connect/jwk_uri": {"get": operation()},
        "/.well-known/openid-configuration": {"get": operation()},
        METADATA: {"get": operation()},
    }
    served = {OAUTH + endpoint: operations for endpoint, operations in endpoints.items()}
    served[METADATA + OAUTH] = {"get": operation()}
    return _joined(path(template, **operations) for template, operations in served.items())


def _token_request() -> Json:
    password = {"username": one_of(USER, OTHER_USER), "password": one_of(names.PASSWORD)}
    token_type = one_of(terms.ACCESS_TOKEN_TYPE, terms.ID_TOKEN_TYPE)
    exchange = {"subject_token": TOKEN, "subject_token_type": token_type}
    return either(
        _grant(terms.PASSWORD, password),
        _grant(
            terms.TOKEN_EXCHANGE,
            exchange,
            audience=CLIENT_ID,
            resource=one_of("https://example.com/", "relative", APPLICATION),
            actor_token=TOKEN,
            actor_token_type=token_type,
            requested_token_type=token_type,
        ),
        _grant(terms.TOKEN_EXCHANGE, {**exchange, "audience": one_of(APPLICATION)}),
        _grant(terms.REFRESH_TOKEN, {"refresh_token": TOKEN}),
        _grant(terms.CLIENT_CREDENTIALS, {}),
        _grant(
            terms.CIBA, {"auth_req_id": one_of(live("approved request ID"), live("request ID"), foreign("request ID"))}
        ),
    )


def _grant(grant_type: str, required: Json, **optional: Json) -> Json:
    return fields({"grant_type": one_of(grant_type), **_authenticated(), "scope": SCOPE, **required}, **optional)


def _authenticated() -> Json:
    return {"client_id": CLIENT_ID, "client_secret": one_of(names.SECRET)}


def _basic(client_id: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{names.SECRET}".encode()).decode()


def _signed() -> Json:
    return one_of(live("signed request"), foreign("signed request"), live("user token"), "e30.e30.")


# ---- where service accounts log in, the approver, what a tenant tells about itself


def _login() -> Json:
    jwt_bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assertion = one_of(live("assertion"), live("user token"), "e30.e30.e30")
    scope = one_of("fr:am:*", "fr:idm:* fr:am:*", "fr:idc:esv:*", 'a"b \u00e9', "")
    form = fields(
        {"client_id": one_of("service-account"), "grant_type": one_of(jwt_bearer), "assertion": assertion}, scope=scope
    )
    decision = fields(
        {"username": one_of(USER, OTHER_USER), "password": one_of(names.PASSWORD, "x")},
        decision=one_of("approve", "deny"),
        binding_message=one_of(live("binding message"), foreign("binding message"), ""),
        scope=SCOPE,
    )
    return {
        **path("/am/oauth2/access_token", post=operation(form, FORM)),
        **path("/approver/{realm}", post=operation(decision)),
    }


def _server() -> Json:
    rest = {"rest": one_of("*", "x", "x/y")}
    return {
        **path("/am/json/serverinfo/version", get=operation()),
        **path("/am/json/serverinfo/{rest}", get=operation(), values=rest),
        **path("/environment/scopes/service-accounts", get=operation()),
    }


# ---- AM: the configuration of a realm


def _config() -> Json:
    actions = one_of("getAllTypes", "nextdescendents", "template", "schema", "create")
    known = {
        "service": one_of("oauth-oidc", "DataStoreService", "x"),
        "type": one_of("AIAgent", "OAuth2Client"),
        "id": one_of(*names.CLIENTS, "new", "a/b", "\u00e9"),
        "rest": one_of("/agents", "/services/oauth-oidc", "x", ""),
    }
    agents, services = f"{REALM_CONFIG}/agents", f"{REALM_CONFIG}/services/{{service}}"
    queried, acted = operation(query=QUERY), operation(fields(), action=actions)
    changed = {"put": operation(_client(), headers=CONDITIONS), "delete": operation(headers=CONDITIONS)}
    refused = {"post": operation(fields()), "patch": operation(listed(fields()))}
    return {
        **path(
            services,
            values=known,
            get=operation(),
            post=operation(_provider(), action=actions),
            put=operation(_provider(), headers=CONDITIONS),
            patch=operation(fields()),
            delete=operation(),
        ),
        **path(agents, **any_method("get", "post"), get=queried, post=acted),
        **path(f"{agents}/{{type}}", values=known, **any_method("get", "post"), get=queried, post=acted),
        **path(f"{agents}/{{type}}/{{id}}", values=known, get=operation(), **changed, **refused),
        **path("/am/json/realms/root/realm-config{rest}", values=known, **any_method(body=fields())),
        **path("/am/json/{rest}", values=known, **any_method(body=fields())),
    }


def _provider() -> Json:
    signing = one_of("ES256", "RS256", "HS256", "none", "ES512")
    types = (terms.ACCESS_TOKEN_TYPE, terms.ID_TOKEN_TYPE)
    exchanges = [f"{one}=>{other}|x" for one in types for other in types]
    return fields(
        _id=one_of("", "oauth-oidc"),
        advancedOAuth2Config=fields(
            grantTypes=GRANT_TYPES,
            tokenSigningAlgorithm=signing,
            tokenValidatorClasses=listed(one_of(*(f"{name}|x" for name in types), "x")),
            tokenExchangeClasses=listed(one_of(*exchanges, "x")),
            supportedScopes=SCOPE_LIST,
            acceptAudienceParametersInTokenExchangeRequests=FLAG,
        ),
        coreOAuth2Config=fields(
            accessTokenLifetime=NUMBER, refreshTokenLifetime=NUMBER, statelessTokensEnabled=FLAG, issueRefreshToken=FLAG
        ),
        coreOIDCConfig=fields(jwtTokenLifetime=NUMBER),
        cibaConfig=fields(
            cibaAuthReqIdLifetime=NUMBER,
            cibaMinimumPollingInterval=NUMBER,
            supportedCibaSigningAlgorithms=listed(signing),
        ),
    )


def _client() -> Json:
    return fields(
        coreOAuth2ClientConfig=fields(
            userpassword=_wrapped(one_of(names.SECRET, None)),
            status=_wrapped(one_of("Active", "Inactive")),
            clientType=_wrapped(one_of("Confidential", "Public")),
            scopes=_wrapped(SCOPE_LIST),
            defaultScopes=_wrapped(SCOPE_LIST),
            accessTokenLifetime=_wrapped(NUMBER),
            clientName=_wrapped(listed(TEXT)),
        ),
        advancedOAuth2ClientConfig=fields(
            grantTypes=_wrapped(GRANT_TYPES),
            tokenEndpointAuthMethod=_wrapped(one_of("client_secret_post", "client_secret_basic", "none")),
            descriptions=_wrapped(listed(TEXT)),
        ),
        overrideOAuth2ClientConfig=fields(
            providerOverridesEnabled=FLAG,
            statelessTokensEnabled=FLAG,
            acceptAudienceParametersInTokenExchangeRequests=FLAG,
            issueRefreshToken=FLAG,
        ),
        signEncOAuth2ClientConfig=fields(
            publicKeyLocation=_wrapped(one_of("jwks", "jwks_uri")),
            jwkSet=_wrapped(one_of('{"keys":[{}]}', "{}", "[", "")),
        ),
        aiAgentIdentityAttributes=_wrapped(fields({"name": NAME}, description=TEXT, customAttributes=fields(a=TEXT))),
        aiAgentIdentityUid=_wrapped(one_of(identifier(AGENT))),
    )


def _wrapped(schema: Json) -> Json:
    return either(schema, fields({"inherited": FLAG, "value": schema}))


# ---- IDM: managed objects

IDS = {
    "user": [identifier(USER), identifier(OTHER_USER)],
    "group": [GROUP],
    "role": [identifier(ROLE)],
    "application": [identifier(APPLICATION)],
    "aiagent": [identifier(AGENT)],
    "aiagentprivilege": [identifier(PRIVILEGE)],
}


def _reference(kind: str) -> Json:
    known = [f"managed/{live('realm')}_{kind}/{name}" for name in IDS[kind]]
    return fields({"_ref": one_of(*known)}, _refProperties=fields(a=TEXT))


def _documents() -> dict[str, Json]:
    name, users = {"name": NAME}, listed(_reference("user"))
    permission = fields({"type": one_of("scopes"), "values": either(SCOPE_LIST, WHATEVER, listed(WHATEVER))})
    return {
        "user": fields(
            {"userName": either(NAME, one_of(USER)), "givenName": TEXT, "sn": TEXT, "mail": one_of("a@example.com")},
            password=one_of(names.PASSWORD, "short"),
            accountStatus=one_of("active", "inactive"),
            preferences=fields(a=FLAG),
            aliasList=listed(TEXT),
            frIndexedInteger1={"type": "number"},
            groups=listed(_reference("group")),
            manager=_reference("user"),
        ),
        "group": fields(name, _id=either(NAME, one_of(GROUP)), description=TEXT, members=users),
        "role": fields(name, description=TEXT, members=users),
        "application": fields(
            name,
            ssoEntities=fields(oidcId=either(one_of(APPLICATION, AGENT), WHATEVER), key=TEXT),
            templateName=one_of("web"),
            owners=users,
            uiConfig=fields(a=WHATEVER),
            aiagentprivileges=listed(_reference("aiagentprivilege")),
        ),
        "aiagent": fields(
            {**name, "oauth2ClientId": CLIENT_ID},
            description=TEXT,
            customAttributes=fields(a=WHATEVER),
            owners=users,
            privileges=listed(_reference("aiagentprivilege")),
        ),
        "aiagentprivilege": fields(
            {"agent": _reference("aiagent")},
            resource=either(_reference("application"), {"type": "null"}),
            subjects=users,
            subjectGroups=listed(_reference("group")),
            permissions=listed(permission),
            description=TEXT,
        ),
    }


def _patch(document: Json) -> Json:
    """Changes of one property each, mostly to what it may be."""
    changes = [
        fields({"operation": one_of("add", "replace"), "field": one_of(f"/{name}", name), "value": schema})
        for name, schema in document["properties"].items()
    ]
    names_of_fields = list(document["properties"])
    pointers = [
        f"/{name}{deeper}" for name in names_of_fields for deeper in ("", "/-", "/0", "/a/b", "/0/values/-", "/~1")
    ]
    odd = fields(
        {"operation": one_of("add", "replace", "remove", "copy"), "field": one_of(*pointers, "/", "/_id", "/_rev")},
        value=either(
            WHATEVER, _reference("user"), fields({"_ref": one_of(f"managed/{foreign('realm')}_user/{IDS['user'][0]}")})
        ),
    )
    return listed(either(*changes, odd))


def _managed() -> Json:
    paths: Json = {}
    for kind, document in _documents().items():
        collection = f"/openidm/managed/{{realm}}_{kind}"
        ids = {"id": one_of(*IDS[kind])}
        relationship = {**ids, "field": one_of(*ManagedType(kind, "alpha").relationships)}
        paths |= path(
            collection,
            get=operation(query=QUERY | FIELDS),
            post=operation(document, query=FIELDS, action=one_of("create")),
        )
        paths |= path(
            f"{collection}/{{id}}",
            values=ids,
            get=operation(query=FIELDS),
            put=operation(document, query=FIELDS, headers=CONDITIONS),
            patch=operation(_patch(document), query=FIELDS, headers=CONDITIONS),
            delete=operation(query=FIELDS, headers=CONDITIONS),
        )
        paths |= path(f"{collection}/{{id}}/{{field}}", values=relationship, get=operation(query=QUERY | FIELDS))
    types = one_of(*(f"{realm}_{kind}" for realm in REALMS for kind in IDS), "svcacct")
    return {
        **paths,
        **path("/openidm/managed/svcacct", **any_method(body=fields())),
        **path("/openidm/managed/svcacct/{id}", values={"id": one_of(identifier(USER))}, **any_method(body=fields())),
        **path("/openidm/schema/managed/{type}", values={"type": types}, get=operation()),
        **path("/openidm/{rest}", values={"rest": one_of("config/managed", "x")}, **any_method(body=fields())),
    }


def _joined(paths: Iterable[Json]) -> Json:
    return {template: item for group in paths for template, item in group.items()}
