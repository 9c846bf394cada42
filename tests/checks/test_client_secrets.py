"""Client secrets can't be viewed again."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from steps.checks import client_secrets
from tests.checks.documents import SECRET
from tests.checks.evidence import Answer, conforms, deviation, html, ok, remark_of


class TestSecrets:
    """OBO-2.1-03."""

    @pytest.mark.parametrize(
        "password",
        [None, ..., "", "********", "{SSHA}c29tZSBzYWx0ZWQgaGFzaA==", "$2b$12$abcdefghijklmnopqrstuv"],
        ids=["null", "absent", "empty", "mask", "salted hash", "bcrypt"],
    )
    def test_no_answer_shows_one(self, password: Any) -> None:
        members = {} if password is ... else {"userpassword": password}
        conforms(client_secrets.secrets_hidden, {"the application": ok(members)}, [SECRET])

    def test_an_encrypted_one_is_worth_a_warning(self) -> None:
        answers = {"the application": ok({"userpassword-encrypted": "AAAA"})}
        assert remark_of(client_secrets.secrets_hidden, answers, [SECRET])[0] == "SHOULD"

    def test_an_empty_companion_of_it_is_not(self) -> None:
        conforms(client_secrets.secrets_hidden, {"it": ok({"userpassword-encrypted": None})}, [SECRET])

    @pytest.mark.parametrize(
        "shown",
        [
            SECRET,
            f"secret={SECRET};",
            base64.b64encode(SECRET.encode()).decode(),
            base64.b64encode(b"\xff\xfe" + SECRET.encode()).decode(),
            base64.b64encode(b"nine more" + SECRET.encode()).decode().rstrip("="),
            base64.urlsafe_b64encode(b"??>" + SECRET.encode() + b"?>").decode().rstrip("="),
            base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
            base64.b64encode(f"app:{SECRET}".encode()).decode(),
        ],
        ids=[
            "plain",
            "inside a text",
            "base64",
            "behind odd bytes",
            "behind nine bytes",
            "base64url of odd length",
            "base64url without padding",
            "as Basic credentials",
        ],
    )
    def test_a_shown_one_is_found_and_not_repeated(self, shown: str) -> None:
        answers = {"the application": ok(), "the list of AI agents": ok(result=[{"deep": [{"userpassword": shown}]}])}
        found = deviation(client_secrets.secrets_hidden, answers, ["another-secret", SECRET])
        assert found.requirement == "OBO-2.1-03"
        assert found.actual == "the list of AI agents shows one"
        assert SECRET not in str(found)

    def test_one_in_a_text_that_is_no_json_is_found(self) -> None:
        deviation(client_secrets.secrets_hidden, {"it": Answer(200, {}, {}, f"<p>{SECRET}</p>")}, [SECRET])

    @pytest.mark.parametrize(
        ("answers", "secrets"),
        [({}, [SECRET]), ({"it": ok()}, []), ({"it": ok()}, [""]), ({"it": html(403)}, [SECRET])],
        ids=["no answer", "no secret", "an empty secret", "nothing readable"],
    )
    def test_nothing_to_look_at_proves_nothing(self, answers: dict[str, Answer], secrets: list[str]) -> None:
        deviation(client_secrets.secrets_hidden, answers, secrets)
