"""The redactor: by value in every disguise, by field, personal data; and what it must leave readable."""

from __future__ import annotations

import base64
import html
import json
import pprint
import random
import re
import textwrap
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from fixtures.report.redaction import Redactor
from fixtures.report.secret_index import LINE_BREAK, _line_breaks
from fixtures.report.watch import SecretWatch
from fixtures.tenant.exchange import Answer, Request

PASSWORD = 'Correct "horse" & battery/5'
OPAQUE = "Zk3vQ9_tR7-wXb2LmN8pYc4D"
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9."
    + base64.urlsafe_b64encode(json.dumps({"sub": "user", "scope": ["read-data"] * 20}).encode()).decode().rstrip("=")
    + ".c2lnbmF0dXJlLW9mLXRoZS10b2tlbi0wMTIzNDU2Nzg5"
)

DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "percent-encoded": lambda s: quote(s, safe=""),
    "JSON": lambda s: json.dumps({"x": s}),
    "repr": lambda s: repr([s]),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "Basic credentials": lambda s: base64.b64encode(f"my-client:{s}".encode()).decode(),
    "base64 of a longer text": lambda s: base64.b64encode(f"client:{s}:more".encode()).decode(),
    "inside a word": lambda s: f"word{s}word",
    "percent-encoded twice": lambda s: quote(quote(s, safe=""), safe=""),
    "percent-encoded by another hand": lambda s: re.sub("%..", lambda found: found[0].lower(), quote(s, safe="")),
    "JSON in JSON": lambda s: json.dumps({"x": json.dumps({"y": s})}),
    "HTML": lambda s: html.escape(s),
    "bytes": lambda s: repr([s.encode()]),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "Basic credentials, percent-encoded": lambda s: base64.b64encode(f"client:{quote_plus(s)}".encode()).decode(),
    "a claim": lambda s: base64.urlsafe_b64encode(json.dumps({"sub": "x", "p": s}).encode()).decode().rstrip("="),
}
LINES: dict[str, Callable[[str], str]] = {
    "by pprint": lambda s: pprint.pformat({"some": f"text {s} and more", "number": [1, 2, 3]}, width=20),
    "by pprint, as bytes": lambda s: pprint.pformat(s.encode(), width=20),
    "by textwrap": lambda s: textwrap.fill(s, 15),
    "in a diff": lambda s: "\n".join(f"E     - {line}" for line in pprint.pformat(s.encode(), width=20).splitlines()),
    "inside JSON": lambda s: json.dumps(textwrap.fill(s, 15)),
}


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.register(PASSWORD, OPAQUE, TOKEN, None, "")
    return redactor


@pytest.mark.parametrize("secret", [PASSWORD, OPAQUE])
@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_registered_secret_is_found_in_every_disguise(redactor: Redactor, secret: str, disguise: str) -> None:
    hidden = DISGUISES[disguise](secret)
    shown = redactor.text(f"before {hidden} after")
    assert "***" in shown
    assert hidden not in shown
    assert secret not in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")


@pytest.mark.parametrize("secret", [PASSWORD, OPAQUE, TOKEN], ids=["password", "opaque", "JWT"])
@pytest.mark.parametrize("disguise", LINES)
def test_a_secret_that_lines_cut_in_pieces_is_found(redactor: Redactor, secret: str, disguise: str) -> None:
    shown = redactor.text(f"before\n{LINES[disguise](secret)}\nafter")
    pieces = [secret[start : start + 6] for start in range(len(secret) - 5)]
    assert [piece for piece in pieces if piece in shown] == []
    assert shown.startswith("before\n")
    assert shown.endswith("\nafter")


def test_lines_that_hold_no_secret_stay_as_they_are(redactor: Redactor) -> None:
    text = "E  - 'digital-assistant-\n'\nE  + \"web-app\"\r\n\n  and more\\n"
    assert redactor.text(text) == text


def test_a_signed_request_is_masked_even_if_it_shares_pieces_with_a_token(redactor: Redactor) -> None:
    header, claims, signature = TOKEN.split(".")
    assert redactor.text(f"request={header}.{claims[:40]}bm90aGVyIGNsYWltcw.{signature[:20]}-other") == "request=***"


def test_a_long_piece_of_a_password_with_odd_characters_is_found() -> None:
    redactor = Redactor()
    redactor.register("!Zk3vQ9_tR7-wXb2LmN8pYc4D!")
    assert redactor.text("password: '!Zk3vQ9_tR7-wXb2LmN...") == "password: '!***..."


def test_pieces_of_a_token_are_found_too(redactor: Redactor) -> None:
    shortened = f"{TOKEN[:100]}...{TOKEN[-100:]}"
    assert redactor.text(f"assert '{shortened}' == ''") == "assert '***...***' == ''"
    assert redactor.text(f"x{TOKEN[60:90]}y") == "x***y"


def test_a_short_piece_or_a_common_word_is_left_readable(redactor: Redactor) -> None:
    redactor.register("test", "abc")
    assert redactor.text("the latest test of abc") == "the latest *** of abc"
    assert redactor.text("digital-assistant-ai-agent at /am/oauth2/realms/root") == (
        "digital-assistant-ai-agent at /am/oauth2/realms/root"
    )


def test_a_jwt_is_masked_even_if_nobody_registered_it() -> None:
    assert Redactor().text(f"got {TOKEN}, and {TOKEN[:60]}...") == "got ***, and ***..."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("grant_type=password&password=hunter2&scope=a", "grant_type=password&password=***&scope=a"),
        ('{"client_secret": "hunter2", "scope": "a"}', '{"client_secret": "***", "scope": "a"}'),
        ("{'refresh_token': None, 'id_token': 'x'}", "{'refresh_token': None, 'id_token': '***'}"),
        ('{"kty": "EC", "d": "0123456789abcdefghij"}', '{"kty": "EC", "d": "***"}'),
        ("Authorization: Basic Y2xpZW50OnNlY3JldA==", "Authorization: ***"),
        ("{'authorization': 'Bearer abc'}", "{'authorization': '***'}"),
        ("sent Bearer abcdef0123456789 there", "sent Bearer *** there"),
        ("Set-Cookie: a=b; Secure", "Set-Cookie: ***"),
        ('{"givenName": "Barbara", "mail": "b@example.com"}', '{"givenName": "***", "mail": "***"}'),
        ("Basic authentication, token_type=Bearer", "Basic authentication, token_type=Bearer"),
        ("GET https://t/x?username=bjensen&token=a1 200", "GET https://t/x?username=***&token=*** 200"),
        ("oauth.exchange(subject_token=user_token, by=agent)", "oauth.exchange(subject_token=user_token, by=agent)"),
    ],
)
def test_text_is_masked_by_field(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown


def test_data_is_masked_by_field_at_any_depth() -> None:
    document = {
        "users": [{"userName": "bjensen", "name": "Barbara Jensen", "sn": "Jensen", "active": True}],
        "client": {"name": "my client", "userpassword": {"inherited": False, "value": "x"}, "refresh_token": None},
        "jwk": {"kty": "RSA", "n": "public", "d": "private"},
    }
    assert Redactor().data(document) == {
        "users": [{"userName": "***", "name": "***", "sn": "***", "active": True}],
        "client": {"name": "my client", "userpassword": "***", "refresh_token": None},
        "jwk": {"kty": "RSA", "n": "public", "d": "***"},
    }
    assert Redactor().data({"mail": "b@example.com"}, personal=False) == {"mail": "b@example.com"}


def test_what_goes_over_the_wire_is_known_before_anything_is_written() -> None:
    redactor = Redactor()
    watch = SecretWatch(redactor)
    request = Request(
        "POST",
        "https://tenant.example/x?access_token=in-the-query-0001",
        headers={"Authorization": "Basic Zm9vOmJhcmJhcmJhcg=="},
        form=(("client_secret", "form-secret-0001"), ("client_id", "my-client")),
        json={"userpassword": {"inherited": False, "value": "json-secret-0001"}},
    )
    watch.sending(request)
    cookies = {
        "set-cookie": "session=cookie-0001; Path=/path-0001; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=other-cookie"
    }
    watch.received(Answer(request, 200, cookies, '{"access_token": "opaque-token-1"}', 1))
    assert redactor.text("cookie-0001, other-cookie at /path-0001 in 2026") == "***, *** at /path-0001 in 2026"
    text = "in-the-query-0001 Zm9vOmJhcmJhcmJhcg form-secret-0001 json-secret-0001 opaque-token-1 my-client"
    assert redactor.text(text) == "*** *** *** *** *** my-client"


def test_a_schema_or_deliberate_nonsense_does_not_spoil_other_texts() -> None:
    redactor = Redactor()
    watch = SecretWatch(redactor)
    watch.sending(Request("POST", "https://tenant.example", form=(("client_secret", "wrong"),)))
    schema = '{"properties": {"password": {"type": "string", "title": "Password"}}}'
    watch.received(Answer(Request("GET", "https://tenant.example"), 200, {}, schema, 1))
    assert redactor.text("a wrong string Password") == "a wrong string Password"


def test_half_a_surrogate_pair_can_be_written() -> None:
    assert Redactor().text(json.loads(r'"an \ud800 \ud83d\ude00 é"')) == "an ? 😀 é"


def test_ends_of_lines_are_found_from_their_sign_as_by_the_expression_alone() -> None:
    choice = random.Random(5)  # noqa: S311 - no secret
    signs = ["\n", "\\n", "\\N", "\\", '"', "'", " ", "\t", "\r", "E ", "b", "u", "- ", "x"]
    for _ in range(5000):
        text = "".join(choice.choices(signs, k=12))
        assert list(_line_breaks(text)) == [found.span() for found in LINE_BREAK.finditer(text)], repr(text)
