"""The form of a token: self-contained or a mere reference (OBO-3.2-03)."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks.token_format import claims_of, header_of, self_contained
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, encoded, jwt, no, ok, remark_of

HEADER = {"alg": "ES256", "typ": "JWT"}
CLAIMS = {"sub": "user", "scope": "read-data"}


@pytest.mark.parametrize("more", [{}, {"enc": "not of a JWS"}], ids=str)
def test_a_compact_jws_is_self_contained(more: dict[str, str]) -> None:
    conforms(self_contained, ok(access_token=jwt(HEADER | more, CLAIMS)))


def test_what_is_encrypted_can_not_be_read() -> None:
    encrypted = f"{encoded({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.key.iv.text.tag"
    assert remark_of(self_contained, ok(access_token=encrypted))[0] == "INFO"


@pytest.mark.parametrize(
    "token",
    [
        TOKEN,
        "a.b.c",
        "a.b.c.d.e",
        jwt(HEADER, "text"),
        jwt("text", CLAIMS),
        encoded(HEADER),
        f"{encoded(HEADER)}.{encoded(CLAIMS)}",
        f"{encoded(HEADER)}.{TOKEN}.x",
        f"{jwt(HEADER, CLAIMS)}.more",
        f"{jwt(HEADER, CLAIMS)}.and.more",
        f"{encoded('enc')}.key.iv.text.tag",
        "ä.ö.ü",
    ],
)
def test_a_reference_token_is_not(token: str) -> None:
    found = deviation(self_contained, ok(access_token=token))
    assert found.requirement == "OBO-3.2-03"
    assert token not in str(found)


@pytest.mark.parametrize("answer", [no("invalid_target"), ok(access_token=None), ok(access_token=7), ok()])
def test_without_a_token_there_is_nothing_to_praise(answer: Answer) -> None:
    deviation(self_contained, answer)


@pytest.mark.parametrize(
    ("token", "claims"),
    [
        (jwt(HEADER, CLAIMS), CLAIMS),
        (jwt(HEADER, CLAIMS, ""), CLAIMS),
        (jwt(HEADER, ["no", "object"]), None),
        (TOKEN, None),
        ("a.b.c", None),
        ("", None),
    ],
)
def test_claims_of_a_jwt(token: str, claims: Any) -> None:
    assert claims_of(token) == claims


@pytest.mark.parametrize(
    ("token", "header"),
    [(jwt({"alg": "ES256"}, {}), {"alg": "ES256"}), (jwt([], {}), None), ("opaque", None), ("", None), ("..", None)],
)
def test_the_header_of_a_jwt_is_read_and_of_nothing_else(token: str, header: Any) -> None:
    assert header_of(token) == header
