"""Tokens: what they look like, who signs them, and how they name whom (RFC 7519, RFC 9068, RFC 8693 section 4.1)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reference_server.jose import base64url, json_part
from reference_server.moods.registry import mood
from reference_server.oauth import terms
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.token_issuer import Authorization
from reference_server.oauth.tokens import Token
from reference_server.planting import always, in_each_realm, show

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

Claims = Mapping[str, Any]


def know_by_spelling(server: AuthorizationServer) -> None:
    """Take a JWT only in the very spelling in which it was issued: its claims don't say what the server needs."""
    server.verification.claims = always(None)


def change_claims(server: AuthorizationServer, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change what the JWTs of a realm say; inside the server the tokens stay what they are."""
    serialise = server.issuer.serialise
    server.issuer.serialise = lambda claims: serialise(change(dict(claims)))
    know_by_spelling(server)


def tell(server: AuthorizationServer, members: Callable[[Token], Mapping[str, Any]]) -> None:
    """Let JWT and introspection tell these members of a token."""
    show(server, members)
    know_by_spelling(server)


def without(*names: str) -> Callable[[Claims], dict[str, Any]]:
    """Members without those of these names."""
    return lambda members: {name: value for name, value in members.items() if name not in names}


def sign_with(tenant: Tenant, algorithm: str) -> None:
    """Let the providers of both realms sign with an algorithm."""
    for realm in tenant.realms.values():
        realm.provider.write({"advancedOAuth2Config": {"tokenSigningAlgorithm": algorithm}})


@mood("aud-array", differs="aud is an array also where it has one value", allowed_by="RFC 7519 section 4.1.3")
@in_each_realm
def aud_array(server: AuthorizationServer) -> None:
    server.issuer.audience_claim = lambda audience: list(audience)


@mood("hs256", differs="signs with HS256 and publishes no keys", allowed_by="the shipped default of a tenant")
def hs256(tenant: Tenant) -> None:
    sign_with(tenant, "HS256")
    for server in tenant.oauth.values():
        server.discovery.key_set = always({"keys": []})


@mood("rs256", differs="signs with RS256", allowed_by="RFC 7518 section 3.1")
def rs256(tenant: Tenant) -> None:
    sign_with(tenant, "RS256")


@mood(
    "bare-keys",
    differs="published keys have neither use nor alg, and a former key of another kind stands before them",
    allowed_by="RFC 7517 sections 4.2, 4.4 (OPTIONAL) and 5",
)
@in_each_realm
def bare_keys(server: AuthorizationServer) -> None:
    key_set = server.discovery.key_set

    def keys() -> dict[str, Any]:
        former = server.keys.signing_key("RS256").public_jwk
        present = [key for key in key_set()["keys"] if key != former]
        return {"keys": [without("use", "alg")(key) for key in (former, *present) if key]}

    server.discovery.key_set = keys


@mood(
    "at-jwt",
    differs="access tokens say at+jwt in their header, and their scope is a string",
    allowed_by="RFC 9068 sections 2.1 and 2.2.3",
)
@in_each_realm
def at_jwt(server: AuthorizationServer) -> None:
    serialise = server.issuer.serialise

    def typed(claims: Claims) -> str:
        if claims.get("tokenName") != terms.ACCESS_TOKEN:
            return serialise(claims)
        key = server.keys.signing_key(server.provider.signing_algorithm)
        return key.sign(claims, {**key.header, "typ": "at+jwt"})

    server.issuer.serialise = typed
    change_claims(server, lambda claims: claims | {"scope": " ".join(claims.get("scope", ()))})


@mood("jwt-without-scope", differs="the JWTs have no scope", allowed_by="OBO-JWT-02 (RFC 9068 section 2.2.3: SHOULD)")
@in_each_realm
def jwt_without_scope(server: AuthorizationServer) -> None:
    change_claims(server, without("scope"))


@mood("azp", differs="the JWTs name their client in azp", allowed_by="OpenID Connect Core section 2; OBO-JWT-03")
@in_each_realm
def azp(server: AuthorizationServer) -> None:
    change_claims(
        server, lambda claims: without("client_id")(claims) | {"azp": claims.get("client_id", claims.get("azp"))}
    )


@mood("lean-jwt", differs="the JWTs have the registered claims alone", allowed_by="RFC 9068 section 2.2")
@in_each_realm
def lean_jwt(server: AuthorizationServer) -> None:
    vendor = ("cts", "auth_level", "auditTrackingId", "subname", "tokenName", "token_type", "authGrantId", "grant_type")
    change_claims(server, without(*vendor, "realm", "expires_in", "nbf", "tokenType"))


@mood("rich-jwt", differs="the JWTs have further claims of the vendor's", allowed_by="RFC 7519 section 4.3")
@in_each_realm
def rich_jwt(server: AuthorizationServer) -> None:
    more = {"roles": ["user"], "amr": ["pwd"], "https://vendor.example/org": {"id": 1}, "acr": "0", "sid": "s-1"}
    change_claims(server, lambda claims: claims | more)


@mood("age-form", differs="act.sub has the form (age!agent)", allowed_by="a tenant's documentation; ACTOR-ID")
@in_each_realm
def age_form(server: AuthorizationServer) -> None:
    tell(server, lambda token: {} if token.actor is None else {"act": _wrapped(token.actor)})


def _wrapped(actor: Mapping[str, Any]) -> dict[str, Any]:
    inner = {"act": _wrapped(actor["act"])} if "act" in actor else {}
    return {**actor, "sub": f"(age!{actor['sub']})", **inner}


@mood("usr-form", differs="sub of a user has the form (usr!uuid)", allowed_by="a tenant's documentation; SUBJECT-ID")
@in_each_realm
def usr_form(server: AuthorizationServer) -> None:
    tell(server, lambda token: {} if token.end_user is None else {"sub": f"(usr!{token.end_user})"})


@mood(
    "opaque-user-tokens",
    differs="users' tokens are references, agents' tokens are JWTs",
    allowed_by="guide, task 3.2 step 4f (the switch is the agent's)",
)
def opaque_user_tokens(tenant: Tenant) -> None:
    for realm in tenant.realms.values():
        realm.provider.write({"coreOAuth2Config": {"statelessTokensEnabled": False}})


@mood(
    "encrypted-agent-tokens",
    differs="agents' tokens are JWEs",
    allowed_by="RFC 7516; OBO-3.2-03",
)
@in_each_realm
def encrypted_agent_tokens(server: AuthorizationServer) -> None:
    box, serialise = JweBox(), server.issuer.serialise

    def encrypted(claims: Claims) -> str:
        signed = serialise(claims)
        return signed if claims.get("act") is None else box.seal(signed)

    server.issuer.serialise = encrypted
    know_by_spelling(server)


class JweBox:
    """Encrypts what only the server itself is to read: `dir` with A256GCM (RFC 7516, RFC 7518 sections 4.5 and 5.3)."""

    def __init__(self) -> None:
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._header = json_part({"typ": "JWT", "cty": "JWT", "alg": "dir", "enc": "A256GCM"})

    def seal(self, text: str) -> str:
        """The compact JWE."""
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, text.encode(), self._header)
        return b".".join([self._header, b"", *map(base64url, (nonce, sealed[:-16], sealed[-16:]))]).decode()


@mood(
    "expiry-leeway",
    differs="tokens are good for two seconds more than they say",
    allowed_by="RFC 7519 section 4.1.4 (leeway for clock skew)",
)
def expiry_leeway(tenant: Tenant) -> None:
    for server in tenant.oauth.values():
        server.status.is_expired = lambda token: tenant.clock.now() >= token.expires_at + 2


@mood("clock-ahead", differs="the tenant's clock is three seconds fast", allowed_by="T-TIME")
def clock_ahead(tenant: Tenant) -> None:
    tenant.clock.advance(3)


@mood(
    "id-token-at-login",
    differs="the password grant with the scope openid gives an ID token as well",
    allowed_by="OpenID Connect Core section 3.1.3.3; the guide's answer has none",
)
@in_each_realm
def id_token_at_login(server: AuthorizationServer) -> None:
    granted: list[Authorization] = []
    access_token, answer = server.issuer.access_token, server.password.answer

    def noting(authorization: Authorization) -> Any:
        granted[:] = [authorization]
        return access_token(authorization)

    def with_id_token(client: Any, form: Any) -> dict[str, Any]:
        answered = answer(client, form)
        openid = "openid" in granted[0].scopes
        return answered | ({"id_token": server.issuer.id_token(granted[0]).value} if openid else {})

    server.issuer.access_token = noting
    server.password.answer = with_id_token


@mood(
    "cascading-revocation",
    differs="what was exchanged from a token ends with it",
    allowed_by="RFC 7009 section 2.1, RFC 8693 section 2.1; OBO-LIF-05",
)
@in_each_realm
def cascading_revocation(server: AuthorizationServer) -> None:
    is_revoked = server.status.is_revoked
    server.status.is_revoked = lambda token: is_revoked(token) or server.status.descends_from_revoked(token)


@mood(
    "revocation-by-the-audience",
    differs="the application may revoke an agent's token that is for it",
    allowed_by="RFC 7009 section 2.1; OBO-LIF-03",
)
@in_each_realm
def revocation_by_the_audience(server: AuthorizationServer) -> None:
    may_revoke = server.revocation.may_revoke
    server.revocation.may_revoke = lambda caller, token: caller.id in token.audience or may_revoke(caller, token)


@mood(
    "issuer-with-slash",
    differs="the iss of tokens ends in a slash, unlike the metadata",
    allowed_by="OBO-DSC-01 (normalised, with a warning)",
)
@in_each_realm
def issuer_with_slash(server: AuthorizationServer) -> None:
    tell(server, lambda token: {"iss": f"{token.claims['iss']}/"})


@mood(
    "issuer-without-port",
    differs="the default port is not spelt out in iss, nor in the metadata",
    allowed_by="RFC 9110 section 4.2.3; A-11",
)
@in_each_realm
def issuer_without_port(server: AuthorizationServer) -> None:
    def bare(url: Any) -> Any:
        return url.replace(":443/", "/").replace(":80/", "/") if isinstance(url, str) else url

    metadata = server.discovery.metadata
    tell(server, lambda token: {"iss": bare(token.claims["iss"])})
    server.discovery.metadata = lambda: {name: bare(value) for name, value in metadata().items()}
