"""The scan finds what it is to find: each kind of secret, in each disguise, whole or in pieces, in each output."""

from __future__ import annotations

import json
import pprint
import secrets
import textwrap

import jwt
import pytest

from tests.secrets.observed import KINDS
from tests.secrets.scan import DISGUISES, Leak, Scan

TOKENS = {kind for kind in KINDS if "token" in kind or kind in ("client assertion", "signed request")}
PLANTED = {
    kind: jwt.encode({"jti": secrets.token_hex(200)}, "k" * 32) if kind in TOKENS else f"{secrets.token_urlsafe(24)}$ é"
    for kind in KINDS
}
OUTPUTS = ("terminal", "junit.xml", "run.log", "x-result.json", "x-attachment.txt", "obo-results.json", "journal.jsonl")


@pytest.fixture(scope="module")
def scan() -> Scan:
    return Scan({kind: [secret] for kind, secret in PLANTED.items()})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_planted_leak_is_found_in_each_output(scan: Scan, kind: str) -> None:
    for output in OUTPUTS:
        places = dict.fromkeys(OUTPUTS, "nothing of interest") | {output: f"it is {PLANTED[kind]}."}
        leaks = scan.leaks(places)
        assert Leak(output, kind) in leaks
        assert {leak.place for leak in leaks} == {output}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("kind", ["user password", "agent secret"])
def test_a_disguise_hides_nothing(scan: Scan, kind: str, disguise: str) -> None:
    assert Leak("terminal", kind) in scan.leaks({"terminal": f"it is {DISGUISES[disguise](PLANTED[kind])}."})


def test_a_piece_of_a_token_is_found_wherever_it_is_cut(scan: Scan) -> None:
    kind = "refresh token"
    for start in range(60, 100):
        assert scan.leaks({"terminal": f"'...{PLANTED[kind][start : start + 19]}...'"}) == {Leak("terminal", kind)}


def test_the_ends_of_lines_hide_nothing(scan: Scan) -> None:
    secret = PLANTED["user password"]
    for text in (textwrap.fill(secret, 10), pprint.pformat([secret.encode()], width=12)):
        assert scan.leaks({"terminal": text}) == {Leak("terminal", "user password")}


def test_nothing_is_found_where_nothing_is(scan: Scan) -> None:
    assert scan.leaks({"terminal": json.dumps({"access_token": "***", "note": "x" * 300})}) == set()
