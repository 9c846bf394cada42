"""Names that look like other names are other names, or none."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.reference_server.oauth.administration import Client, User
from tests.reference_server.oauth.world import Guide
from tests.torture.malice.judgement import check_refusal

LETTERS = str.maketrans({"a": "\u0430", "e": "\u0435", "o": "\u043e", "i": "\u0456", "s": "\u0455", "d": "\u0501"})
DISGUISES: dict[str, Callable[[str], str]] = {
    "Cyrillic letters": lambda name: name.translate(LETTERS),
    "full width": lambda name: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in name),
    "a letter of no width": lambda name: name[:3] + "\u200b" + name[3:],
    "a joiner": lambda name: name[:3] + "\u200d" + name[3:],
    "a soft hyphen": lambda name: name[:3] + "\u00ad" + name[3:],
    "from right to left": lambda name: "\u202e" + name[::-1],
    "a mark": lambda name: name[:3] + "\u0301" + name[3:],
    "a blank before it": lambda name: " " + name,
    "a blank after it": lambda name: name + "\u00a0",
    "a line end after it": lambda name: name + "\n",
    "mathematical letters": lambda name: "".join(chr(0x1D5BA + ord(c) - 97) if "a" <= c <= "z" else c for c in name),
    "another dash": lambda name: name.replace("-", "\u2010"),
    "NUL after it": lambda name: name + "\x00",
    "a byte order mark": lambda name: "\ufeff" + name,
}
ALL = pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())


@ALL
def test_a_user_is_not_who_looks_like_that(guide: Guide, disguise: Callable[[str], str]) -> None:
    user = guide.barbara
    check_refusal(guide.login(User(user.id, disguise(user.username), user.password), guide.app))
    decision = {"username": disguise(user.username), "password": user.password, "decision": "approve"}
    check_refusal(guide.http.post("/approver/alpha", json=decision))


@ALL
def test_a_client_is_not_who_looks_like_that(guide: Guide, disguise: Callable[[str], str]) -> None:
    other = Client(disguise(guide.app.id), guide.app.secret)
    check_refusal(guide.login(guide.barbara, other))
    check_refusal(guide.exchange(guide.user_token(), guide.assistant, other, "read-data"))
    registered = guide.http.put(f"{guide.config}/agents/OAuth2Client/{quote(other.id)}", json={}, headers=guide.admin)
    check_refusal(registered)


@ALL
def test_a_scope_is_not_what_looks_like_that(guide: Guide, disguise: Callable[[str], str]) -> None:
    scope = disguise("read-data").strip(" ")
    if scope != "read-data":  # the blank separates scopes
        check_refusal(guide.login(guide.barbara, guide.app, scope))
        check_refusal(guide.exchange(guide.user_token(), guide.assistant, guide.app, scope))


@ALL
def test_a_secret_is_not_what_looks_like_that(guide: Guide, disguise: Callable[[str], str]) -> None:
    check_refusal(guide.login(guide.barbara, Client(guide.app.id, disguise(guide.app.secret))))
    check_refusal(
        guide.login(User(guide.barbara.id, guide.barbara.username, disguise(guide.barbara.password)), guide.app)
    )


@pytest.mark.parametrize("name", ["\u212aate", "KATE", "kate"])
def test_names_that_the_directory_takes_for_the_same_are_never_two_users(guide: Guide, name: str) -> None:
    kate = guide.user("kate")
    properties = {"userName": guide.unique(name), "givenName": "K", "sn": "K", "mail": "k@example.com"}
    path = "/openidm/managed/alpha_user?_action=create"
    check_refusal(guide.http.post(path, json=properties, headers=guide.admin))
    guide.delete("user", kate.id)


def test_a_name_of_another_normal_form_is_another_name(guide: Guide) -> None:
    jose = guide.user("jos\u00e9")
    composed = unicodedata.normalize("NFD", jose.username)
    check_refusal(guide.login(User(jose.id, composed, jose.password), guide.app))
    assert guide.login(jose, guide.app).status_code == 200
    guide.delete("user", jose.id)
