"""Checks of a realm's metadata (RFC 8414, OpenID Connect Discovery 1.0)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from steps.checks.evidence import Answer, Members, brief, items_of, url_parts
from steps.checks.introspection import demand_active, without_default_port
from steps.checks.token_response import TOKEN_EXCHANGE, demand_token
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

WELL_KNOWN = ("openid-configuration", "oauth-authorization-server")
ENDPOINTS = ("token_endpoint", "introspection_endpoint", "jwks_uri")
GRANT_TYPES = ("password", TOKEN_EXCHANGE)
NONE_ALLOWED = frozenset({"request_object_signing_alg_values_supported", "userinfo_signing_alg_values_supported"})
"""Where OpenID Connect Discovery section 3 allows `none`: nothing that is issued rests on it."""


@check("OBO-DSC-01")
def issuer_is_the_tokens(metadata: Members, issuers: Collection[Any]) -> Remarks:
    """The issuer of the metadata is, to the byte, the `iss` of each token; default port and slash are worth a warning.

    `issuers` are the values that introspection and JWTs show.
    """
    issuer = metadata.get("issuer")
    told = [found for found in issuers if found is not None]
    if not told:
        return [Remark("INFO", "no token shows its issuer")]
    return _same_urls("the tokens' iss", str(issuer), told)


@check("OBO-DSC-01")
def issuer_is_its_address(metadata: Members, address: str) -> Remarks:
    """The metadata is found where its issuer says (RFC 8414 section 3, OpenID Connect Discovery section 4)."""
    issuer = str(metadata.get("issuer"))
    parts = url_parts(issuer)
    path = parts.path.rstrip("/")
    places = [f"{issuer.rstrip('/')}/.well-known/{name}" for name in WELL_KNOWN]
    places += [f"{parts.scheme}://{parts.netloc}/.well-known/{name}{path}" for name in WELL_KNOWN]
    if address in places:
        return None
    if without_default_port(address) in map(without_default_port, places):
        return [Remark("SHOULD", f"the issuer {issuer} and the address of its metadata differ in the default port")]
    raise Nonconformity(f"the metadata of issuer {issuer} where that issuer says", address)


def _same_urls(what: str, wanted: str, found: Sequence[Any]) -> Remarks:
    if all(value == wanted for value in found):
        return None
    if all(without_default_port(str(value)) == without_default_port(wanted) for value in found):
        return [Remark("SHOULD", f"the issuer {wanted} and {what} differ in default port or trailing slash")]
    raise Nonconformity(f"{what} {wanted}, as the metadata says", ", ".join(sorted(set(map(str, found)))))


@check("OBO-DSC-02")
def endpoints_at_home(metadata: Members, own: Mapping[str, str]) -> Remarks:
    """The endpoints named are at the tenant's own address; `own` are those that the guide uses, by metadata member.

    A server that is no tenant may lack one: it is empty in `own`.
    """
    for name in filter(own.get, ENDPOINTS):
        found = str(metadata.get(name) or "")
        if _origin(found) != _origin(own[name]):
            raise Nonconformity(f"{name} at {_origin(own[name])}", _origin(found) if found else "absent")
    return None


def _origin(url: str) -> str:
    parts = url_parts(without_default_port(url))
    return f"{parts.scheme}://{parts.netloc}".lower()


@check("OBO-DSC-02")
def endpoints_work(login: Answer, exchange: Answer, there: Answer, here: Answer) -> Remarks:
    """The flow runs on the endpoints named; its token reads the same `there` and `here`, at the guide's endpoints."""
    demand_token(login, "the end user's token at the token_endpoint")
    demand_token(exchange, "the agent's token at the token_endpoint")
    seen, known = demand_active(there), demand_active(here)
    if differing := [name for name in ("sub", "act", "iss", "client_id") if seen.get(name) != known.get(name)]:
        raise Nonconformity("the same token at both endpoints", f"different: {', '.join(differing)}")
    return None


@check("OBO-DSC-02")
def keys_work(answer: Answer, header: Members | None) -> Remarks:
    """`jwks_uri` has the key that the agent's token names; where nobody else can verify a token there is none."""
    if header is None or str(header.get("alg", "")).startswith("HS") or "kid" not in header:
        return [Remark("INFO", "the agent's token names no public key")]
    keys = answer.members.get("keys")
    kids = [key.get("kid") for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    if answer.status != 200 or not kids:
        raise Nonconformity("keys at jwks_uri", brief(answer))
    if header.get("kid") not in kids:
        raise Nonconformity(f"a key with kid {header.get('kid')!r} at jwks_uri", ", ".join(map(repr, kids)))
    return None


@check("OBO-DSC-03")
def offers_the_flow(metadata: Members) -> Remarks:
    """Metadata lists the guide's grant types and its authentication method; a list that is absent says nothing."""
    remarks = []
    for name, wanted in (
        ("grant_types_supported", GRANT_TYPES),
        ("token_endpoint_auth_methods_supported", ("client_secret_post",)),
    ):
        listed = metadata.get(name)
        if listed is None:
            remarks.append(Remark("INFO", f"the metadata has no {name}"))
        elif missing := [value for value in wanted if value not in items_of(listed)]:
            raise Nonconformity(f"{name} with {' and '.join(wanted)}", f"{', '.join(missing)} not listed")
    return remarks


@check("OBO-DSC-03")
def offers_only(metadata: Members, enabled: Collection[str]) -> Remarks:
    """Metadata lists no grant type that is off at the provider."""
    listed = metadata.get("grant_types_supported")
    if listed is None:
        return [Remark("INFO", "the metadata has no grant_types_supported")]
    if stale := sorted({*map(str, items_of(listed))} - {*enabled}):
        raise Nonconformity("only grant types that are on at the provider", f"{', '.join(stale)} listed as well")
    return None


@check("OBO-DSC-03")
def signs_everything(metadata: Members) -> Remarks:
    """`none` is offered for nothing that is issued or that proves who somebody is (RFC 8414 section 2, RFC 8725)."""
    lists = {name: values for name, values in metadata.items() if name.endswith("_signing_alg_values_supported")}
    named = [name for name, values in lists.items() if isinstance(values, list) and "none" in values]
    if offered := sorted(set(named) - NONE_ALLOWED):
        raise Nonconformity("no signing algorithm none", f"offered in {', '.join(offered)}", binding=True)
    return [Remark("INFO", f"none is offered in {name}") for name in named]
