"""Checks of what the administrator finds after tasks 1 to 3, in the documents of the tenant's administrative APIs."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from steps.checks.evidence import Answer, Members, Witnesses, brief, error_code, holds_token, scope_set
from steps.checks.refusal import E_CLIENT, E_EXCH, demand_refusal
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

PASSWORD = "password"  # noqa: S105 - a grant type
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
LABELS = {"Resource Owner Password Credentials": PASSWORD, "Token Exchange": TOKEN_EXCHANGE}
REVERSIBLY_ENCRYPTED = re.compile(r'-encrypted"\s*:\s*"[^"]')
BASE64_TEXT = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def setting(document: Members, group: str, name: str) -> Any:
    """A value of a client's document, without the wrapper that tells whether it is inherited."""
    value = (document.get(group) or {}).get(name)
    return value.get("value") if isinstance(value, Mapping) and "inherited" in value else value


def grant_types(document: Members, group: str = "advancedOAuth2ClientConfig") -> set[str]:
    """The grant types of a client or provider, console labels turned into their registered values."""
    return {LABELS.get(grant, grant) for grant in setting(document, group, "grantTypes") or ()}


def identity_of(document: Members) -> dict[str, Any]:
    """The identity attributes in an AI agent's document; {} where it has none."""
    attributes = document.get("aiAgentIdentityAttributes") or {}
    return dict(attributes.get("value") or {} if "inherited" in attributes else attributes)


def identity_uid(document: Members) -> str | None:
    """The id of the identity record that an AI agent's document links to."""
    uid = document.get("aiAgentIdentityUid")
    return uid.get("value") if isinstance(uid, Mapping) else uid


def client_of(application: Members) -> str | None:
    """The client ID that an application's object links to."""
    return (application.get("ssoEntities") or {}).get("oidcId")


def provider_accepts_audience(document: Members) -> bool:
    """Whether the provider itself accepts audience parameters in token exchange requests."""
    return setting(document, "advancedOAuth2Config", "acceptAudienceParametersInTokenExchangeRequests") is True


@check("OBO-1-01")
def provider_offers(document: Members) -> Remarks:
    """Both grant types of the flow are enabled at the provider."""
    if missing := {PASSWORD, TOKEN_EXCHANGE} - grant_types(document, "advancedOAuth2Config"):
        raise Nonconformity(
            "password and token exchange among the provider's grant types", f"missing: {sorted(missing)}"
        )
    return None


@check("OBO-1-02")
def provider_unchanged(before: Members, after: Members) -> Remarks:
    """A save of the same settings changes none of them; order of lists and the revision don't count."""
    was, now = _flat(before), _flat(after)
    if changed := sorted(name for name in was if was[name] != now.get(name)):
        raise Nonconformity("every provider setting as before", f"changed: {', '.join(changed)}")
    grants = now.get("advancedOAuth2Config.grantTypes") or []
    if twice := sorted({grant for grant in grants if grants.count(grant) > 1}):
        raise Nonconformity("no grant type twice", f"twice: {', '.join(twice)}")
    return None


def same_settings(before: Members, after: Members) -> bool:
    """Whether every setting of a provider document has the same value in another."""
    was, now = _flat(before), _flat(after)
    return all(value == now.get(name) for name, value in was.items())


def _flat(document: Members, prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in document.items():
        if name == "_rev":
            continue
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = sorted(value, key=str) if isinstance(value, list) else value
    return flat


@check("OBO-1-04")
def closed(answers: Mapping[str, Answer]) -> Remarks:
    """The administrative interface refuses the caller: 401, 403, 404, or a redirect to log in."""
    if not answers:
        raise Nonconformity("requests to judge", "none was made")
    for what, answer in answers.items():
        if answer.status not in (401, 403, 404) and answer.status // 100 != 3:
            raise Nonconformity(f"401, 403, 404 or a redirect for {what}", brief(answer))
    return None


@check("OBO-1-04")
def open_to_administrator(answers: Mapping[str, Answer]) -> Remarks:
    """The control: with the administrator's own token each of the same requests is answered 200."""
    if not answers:
        raise Nonconformity("requests to judge", "none was made")
    for what, answer in answers.items():
        if answer.status != 200:
            raise Nonconformity(f"the administrator may read {what}", brief(answer))
    return None


@check("OBO-1-04")
def object_unchanged(before: Members, after: Members) -> Remarks:
    """An object is what it was."""
    if before != after:
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        raise Nonconformity("the object unchanged", f"changed: {', '.join(changed)}")
    return None


@check("OBO-2.1-01", "OBO-3.1-01")
def confidential_client(document: Members, client_id: str, name: str, agent_type: str | None = None) -> Remarks:
    """The client is confidential and has the chosen client ID and name; of an agent, it is of agent type."""
    problems = []
    if document.get("_id") != client_id:
        problems.append(f"client ID {document.get('_id')!r}")
    if str(setting(document, "coreOAuth2ClientConfig", "clientType")).lower() != "confidential":
        problems.append(f"client type {setting(document, 'coreOAuth2ClientConfig', 'clientType')!r}")
    names = [*(setting(document, "coreOAuth2ClientConfig", "clientName") or []), identity_of(document).get("name")]
    if name not in names:
        problems.append(f"name {names!r}")
    if agent_type is not None and (document.get("_type") or {}).get("_id") != agent_type:
        problems.append(f"type {(document.get('_type') or {}).get('_id')!r}")
    if problems:
        kind = f"a confidential client of type {agent_type}" if agent_type else "a confidential client"
        raise Nonconformity(f"{kind} {client_id} with the name {name}", ", ".join(problems))
    return None


@check("OBO-2.1-01")
def linked_to_client(application: Members, client_id: str) -> Remarks:
    """The application's object refers to its OAuth client."""
    if (found := client_of(application)) != client_id:
        raise Nonconformity(f"the application's object linked to {client_id}", repr(found))
    return None


@check("OBO-2.1-01")
def has_owner(application: Members) -> Remarks:
    """The application has at least one owner; a tenant that doesn't tell its owners is warned of."""
    if "owners" not in application:
        return [Remark("SHOULD", "the tenant does not tell the application's owners")]
    if not application["owners"]:
        raise Nonconformity("at least one owner", "none")
    return None


@check("OBO-2.1-02")
def created(answer: Answer) -> Remarks:
    """A client ID of letters, digits, dashes and underscores is accepted."""
    if answer.status not in (200, 201):
        raise Nonconformity("the client ID accepted", brief(answer))
    return None


@check("OBO-2.1-02")
def client_id_not_accepted(answer: Answer) -> Remarks:
    """Other characters should not be accepted; APIs are often laxer than the console."""
    if answer.status < 400:
        return [Remark("SHOULD", f"the client ID is accepted: {answer.status}")]
    if answer.status >= 500:
        raise Nonconformity("a refusal (4xx)", brief(answer))
    return None


@check("OBO-2.1-02")
def taken(answer: Answer) -> Remarks:
    """A client ID that an application or agent of the realm has is refused to the other kind."""
    if not 400 <= answer.status < 500:
        raise Nonconformity("a refusal (4xx): the client ID is taken", brief(answer))
    return None


@check("OBO-2.1-02")
def canonical(witnesses: Witnesses, client_id: str) -> Remarks:
    """Claims carry the client ID as it was entered, in introspection and in the JWT alike."""
    seen = witnesses.introspection.members if witnesses.introspection else {}
    told = {"introspection": seen.get("client_id"), "the JWT": (witnesses.claims or {}).get("client_id", client_id)}
    if wrong := [f"{place} says {found!r}" for place, found in told.items() if found != client_id]:
        raise Nonconformity(f"client_id {client_id}", "; ".join(wrong))
    return None


@check("OBO-2.1-02")
def refused_or_canonical(witnesses: Witnesses, client_id: str) -> Remarks:
    """A client ID in another spelling is unknown, or every claim carries the right spelling."""
    if not holds_token(witnesses.answer):
        demand_refusal(witnesses.answer, E_CLIENT)
        return None
    canonical.__wrapped__(witnesses, client_id)  # type: ignore[attr-defined]
    return None


@check("OBO-2.1-02")
def still_served(answer: Answer) -> Remarks:
    """Whoever holds the client ID works with its own secret, also after somebody else tried to take the ID."""
    if answer.status != 200 or not answer.members.get("access_token"):
        raise Nonconformity("a token for the holder of the client ID", brief(answer), error=error_code(answer))
    return None


@check("OBO-2.1-03")
def secrets_hidden(answers: Mapping[str, Answer], secrets: Collection[str]) -> Remarks:
    """No answer contains a client secret, in clear or in base64."""
    if not answers or not all(secrets) or not secrets:
        raise Nonconformity("answers to look through, and secrets to look for", "none")
    for what, answer in answers.items():
        if answer.status != 200:
            raise Nonconformity(f"{what} readable", brief(answer))
        shown = {answer.text, *_texts(answer.members)}
        shown |= {text for run in BASE64_TEXT.findall(answer.text) for text in _decoded(run)}
        if any(secret in text for secret in secrets for text in shown):
            raise Nonconformity("no client secret in any answer", f"{what} shows one")
    if any(REVERSIBLY_ENCRYPTED.search(answer.text) for answer in answers.values()):
        return [Remark("SHOULD", "an answer holds a secret in reversible encryption")]
    return None


def _texts(value: Any) -> Iterator[str]:
    """All strings of a JSON value: a secret with a quote or a slash may be escaped in the text of an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _decoded(run: str) -> list[str]:
    padded = run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4)
    texts = []
    for alphabet in (base64.b64decode, base64.urlsafe_b64decode):
        try:
            texts.append(alphabet(padded).decode("utf-8", "ignore"))
        except ValueError:
            continue
    return texts


@check("OBO-2.2-01")
def grant_added(before: Members, after: Members, grant: str) -> Remarks:
    """Adding a grant type keeps those that were there."""
    if (found := grant_types(after)) != (wanted := grant_types(before) | {grant}):
        raise Nonconformity(f"grant types {sorted(wanted)}", sorted(found))
    return None


@check("OBO-2.2-01")
def change_effective(answer: Answer) -> Remarks:
    """The saved grant type takes effect within the propagation limit."""
    if answer.status != 200 or not answer.members.get("access_token"):
        raise Nonconformity("a token by the added grant type", brief(answer), error=error_code(answer))
    return None


@check("OBO-3.1-01")
def identity_linked(agent: Members, identity: Members | None, listed: Sequence[str], client_id: str) -> Remarks:
    """The agent is listed among the agents and linked to an identity record that has the same client ID."""
    if client_id not in listed:
        raise Nonconformity(f"{client_id} in the list of AI agents", f"{len(listed)} others")
    linked = identity_uid(agent)
    if not linked or identity is None or identity.get("_id") != linked:
        raise Nonconformity("a linked identity record", "none")
    if identity.get("oauth2ClientId") != client_id:
        raise Nonconformity(f"an identity record with oauth2ClientId {client_id}", repr(identity.get("oauth2ClientId")))
    return None


@check("OBO-3.1-03")
def not_renamed(renaming: Answer, found: Answer, client_id: str) -> Remarks:
    """An agent keeps its client ID: an attempt to rename it is refused or ignored."""
    if renaming.status >= 500:
        raise Nonconformity("a refusal (4xx), or the old client ID kept", brief(renaming))
    seen = identity_of(found.members).get("oauth2ClientId", client_id)
    if found.status != 200 or seen != client_id:
        raise Nonconformity(f"the agent under {client_id}", f"{found.status}, oauth2ClientId {seen!r}")
    return None


@check("OBO-3.2-01")
def agent_grants_exchange(document: Members) -> Remarks:
    """Token exchange is among the agent's grant types."""
    if TOKEN_EXCHANGE not in (found := grant_types(document)):
        raise Nonconformity(f"{TOKEN_EXCHANGE} among the agent's grant types", sorted(found))
    return None


@check("OBO-3.2-01")
def authenticates_in_body(document: Members) -> Remarks:
    """The agent's token endpoint authentication method is client_secret_post."""
    found = setting(document, "advancedOAuth2ClientConfig", "tokenEndpointAuthMethod")
    if found != "client_secret_post":
        raise Nonconformity("token endpoint authentication method client_secret_post", repr(found))
    return None


@check("OBO-3.2-01")
def overrides_on(document: Members) -> Remarks:
    """The three switches of the OAuth Provider Overrides tab are on."""
    switches = {
        "providerOverridesEnabled": "Enable OAuth2 Provider Overrides",
        "statelessTokensEnabled": "Use Client-Side Access & Refresh Tokens",
        "acceptAudienceParametersInTokenExchangeRequests": "Accept Audience Parameters in Token Exchange Requests",
    }
    off = [
        label for name, label in switches.items() if setting(document, "overrideOAuth2ClientConfig", name) is not True
    ]
    if off:
        raise Nonconformity("three switches on", f"off: {'; '.join(off)}")
    return None


@check("OBO-3.2-13")
def privilege_holds(
    privilege: Members, application: str | None, subject: str | None, group: str | None, permissions: Collection[str]
) -> Remarks:
    """A privilege is read back with the resource, subject, group and permissions that were saved."""
    found: dict[str, set[Any]] = {
        "resource": {(privilege.get("resource") or {}).get("_refResourceId")},
        "subjects": {item.get("_refResourceId") for item in privilege.get("subjects") or ()},
        "subject groups": {item.get("_refResourceId") for item in privilege.get("subjectGroups") or ()},
        "permissions": {value for item in privilege.get("permissions") or () for value in item.get("values") or ()},
    }
    saved = {"resource": {application}, "subjects": {subject}, "subject groups": {group}, "permissions": {*permissions}}
    if wrong := [name for name, values in saved.items() if found[name] != values]:
        raise Nonconformity("the privilege as it was saved", f"changed or lost: {', '.join(wrong)}")
    return None


@check("OBO-3.2-13")
def custom_scope_kept_back(answer: Answer, scope: str) -> Remarks:
    """A typed value that the application lacks should not be grantable; the guide leaves it open."""
    if answer.status != 200:
        demand_refusal(answer, E_EXCH)
    elif scope in scope_set(answer.members.get("scope", scope)):
        return [Remark("INFO", "a custom permission that the application does not have is granted")]
    return None
