"""The words that stand for somebody in a sentence: users, clients, and the values that a request is sent with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, cast

from parse import with_pattern
from pytest_bdd import parsers

from fixtures.tenant.forgery import FORGERIES

USERS = {
    "the end user": "end_user",
    "a user who is not covered": "uncovered_user",
    "a member of the selected group": "group_user",
    "a member of another group": "other_group_user",
    "the second application's user": "second_application_user",
    "a user of the other realm": "other_realm_user",
}
CLIENTS = {
    "the application": "application",
    "the second application": "second_application",
    "the AI agent": "agent",
    "the second AI agent": "second_agent",
    "an AI agent without a privilege": "unprivileged_agent",
    "an AI agent without the token exchange grant": "grantless_agent",
    "an autonomous AI agent": "autonomous_agent",
    "the short-lived application": "short_lived_application",
    "the short-lived AI agent": "short_lived_agent",
    "that AI agent": "ciba_agent",
    "an unrelated client": "ordinary_client",
    "an ordinary client with the token exchange grant": "exchanging_client",
    "a public client": "public_client",
    "a public client with the token exchange grant": "exchanging_public_client",
    "the other realm's application": "other_realm_application",
}

REALMS = {"the realm under test": "own", "the other realm": "other"}
ORDERS = {"in turn": "in_turn", "ten times at once": "ten_at_once"}
KINDS = {
    "the user's own token": "users_token",
    "another user's token": "other_users_token",
    "the ID token of a log-in": "id_token_of_login",
    "the refresh token of a log-in": "refresh_token_of_login",
    "an ID token that was exchanged for": "exchanged_id_token",
    "a client assertion": "client_assertion",
    "a logout token": "logout_token",
    "the second AI agent's token": "second_agents_token",
    "a forged token of the second AI agent": "forged_token",
    "an expired token": "expired_token",
    "an autonomous AI agent's own token": "autonomous_agents_token",
    "an unrelated client's own token": "ordinary_clients_token",
}


def _alternatives(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


@dataclass(frozen=True)
class Phrase:
    """Words of a sentence and what they mean, given whatever it takes to know; shown as the words in a report."""

    words: str
    meaning: Callable[[Any], Any]

    def __call__(self, given: Any) -> Any:
        return self.meaning(given)

    def __str__(self) -> str:
        return self.words


@with_pattern(_alternatives(USERS))
def user(text: str) -> Phrase:
    """A user: taken from the cast."""
    return Phrase(text, attrgetter(USERS[text]))


@with_pattern(_alternatives(CLIENTS))
def client(text: str) -> Phrase:
    """An application or AI agent: taken from the cast."""
    return Phrase(text, attrgetter(CLIENTS[text]))


CLIENT_FLAWS: dict[str, Callable[[str], dict[str, str | None]]] = {
    "a wrong secret": lambda wrong: {"client_secret": wrong},
    "an unknown client": lambda wrong: {"client_id": f"unknown-{wrong[:6]}"},
    "no client secret": lambda _: {"client_secret": None},
}
FOREIGN_SCOPES: dict[str, Callable[[Any], str]] = {
    "a scope that only the second application has": lambda cast: cast.foreign_scope,
    "an invented scope": lambda _: "invented-scope",
}


@with_pattern(_alternatives(CLIENT_FLAWS))
def client_flaw(text: str) -> Phrase:
    """What is wrong with a client's credentials: changed form fields, given a wrong secret."""
    return Phrase(text, CLIENT_FLAWS[text])


@with_pattern(_alternatives(FOREIGN_SCOPES))
def foreign_scope(text: str) -> Phrase:
    """A scope that the application does not have: taken from the cast."""
    return Phrase(text, FOREIGN_SCOPES[text])


@with_pattern(r'absent|"[^"]*"')
def value(text: str) -> str | None:
    """A value of a request parameter: the quoted text, or None where the parameter is left out."""
    return None if text == "absent" else text[1:-1]


HINTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "no hint": lambda _: {"login_hint": None},
    "a login hint and a login hint token": lambda _: {"login_hint_token": "a-login-hint-token"},
    "a login hint and an ID token hint": lambda approvals: {"id_token_hint": approvals.id_token()},
}


@with_pattern(_alternatives(HINTS))
def hints(text: str) -> Phrase:
    """How a request for approval names the user: changed claims, given what it takes to get an ID token."""
    return Phrase(text, HINTS[text])


@with_pattern(_alternatives(REALMS))
def realm(text: str) -> Phrase:
    """One of two realms: taken from the scenario's `Realms`."""
    return Phrase(text, attrgetter(REALMS[text]))


@with_pattern(_alternatives(ORDERS))
def order(text: str) -> Phrase:
    """How two exchanges are made several times each: taken from `Exchanging`."""
    return Phrase(text, attrgetter(ORDERS[text]))


@with_pattern(_alternatives(KINDS))
def kind(text: str) -> Phrase:
    """A token of some kind: taken from the scenario's `TokenKinds`."""
    return Phrase(text, attrgetter(KINDS[text]))


HEADERS = {
    "no special headers": {},
    "a forged Host": {"Host": "forged.example"},
    "a forged Forwarded": {"Forwarded": "host=forged.example;proto=https"},
    "a forged X-Forwarded-Host": {"X-Forwarded-Host": "forged.example", "X-Forwarded-Proto": "https"},
}


@with_pattern(_alternatives(HEADERS))
def headers(text: str) -> dict[str, str]:
    """Headers that pretend another host was asked."""
    return HEADERS[text]


@with_pattern(_alternatives(FORGERIES))
def forgery(text: str) -> Phrase:
    """What is false in a forged token: made from a genuine one."""
    return Phrase(text, FORGERIES[text])


def one_of(meanings: Mapping[str, Callable[[Any], Any]]) -> Callable[[str], Phrase]:
    """A placeholder type: any of these words, each with its meaning given whatever it takes to know."""

    @with_pattern(_alternatives(meanings))
    def phrase(text: str) -> Phrase:
        return Phrase(text, meanings[text])

    return cast(Callable[[str], Phrase], phrase)


TYPES = {
    "Headers": headers,
    "User": user,
    "Client": client,
    "Value": value,
    "ClientFlaw": client_flaw,
    "ForeignScope": foreign_scope,
    "Forgery": forgery,
    "Hints": hints,
    "Realm": realm,
    "Order": order,
    "Kind": kind,
}
parse = partial(parsers.parse, extra_types=TYPES)
