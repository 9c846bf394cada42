"""What is too much gets a clear refusal from the administrative APIs and has no effect."""

from __future__ import annotations

import json
import math
import socket
import time
from typing import Any

import httpx
import jwt
import pytest

from reference_server.limits import MAX_DEPTH, MAX_DIGITS, MAX_DOCUMENT_BYTES, MAX_FORM_BYTES, MAX_PARAMETERS
from tests.reference_server.administrator import TOKEN_PATH, Administrator, fresh_uuid


def put(admin: Administrator, text: bytes, path: str | None = None) -> httpx.Response:
    """A role of any content."""
    url = path or f"/openidm/managed/alpha_role/{fresh_uuid()}"
    return admin.http.put(url, content=text, headers={"authorization": f"Bearer {admin.token}"})


def role(**properties: Any) -> Any:
    """A document that is accepted."""
    return {"name": fresh_uuid(), **properties}


def nested(levels: int) -> Any:
    """An object within an object, and so on."""
    return json.loads('{"a":' * (levels - 1) + "{}" + "}" * (levels - 1))


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_document_is_as_large_as_it_may_be(admin: Administrator, beyond: int) -> None:
    text = json.dumps(role()).encode().ljust(MAX_DOCUMENT_BYTES + beyond)
    answer = put(admin, text)
    assert answer.status_code == (413 if beyond else 201)
    if beyond:
        assert answer.json() == {
            "code": 413,
            "reason": "Request Entity Too Large",
            "message": "The request is too large",
        }


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_document_is_as_deep_as_it_may_be(admin: Administrator, beyond: int) -> None:
    path = f"/openidm/managed/alpha_role/{fresh_uuid()}?_fields=tree"
    tree = nested(MAX_DEPTH - 1 + beyond)
    answer = put(admin, json.dumps(role(tree=tree)).encode(), path)
    assert answer.status_code == (400 if beyond else 201)
    assert beyond or admin.send("GET", path).json()["tree"] == tree


@pytest.mark.parametrize("levels", [900, 100_000])
def test_depth_that_no_parser_survives_is_refused_too(admin: Administrator, levels: int) -> None:
    assert put(admin, b"[" * levels + b"]" * levels).status_code == 400


@pytest.mark.parametrize("number", ["1" * (MAX_DIGITS + 1), "-" + "9" * 5000, "1e999", "-1e999", "NaN", "Infinity"])
def test_numbers_that_are_none_are_refused(admin: Administrator, number: str) -> None:
    assert put(admin, f'{{"name":"n","weight":{number}}}'.encode()).status_code == 400


@pytest.mark.parametrize("text", [b'{"name":"\xff"}', b'{"name":"\x00"}', b"\xff\xfe{\x00}\x00"])
def test_what_is_not_json_in_utf_8_is_refused(admin: Administrator, text: bytes) -> None:
    answer = put(admin, text)
    assert (answer.status_code, answer.json()["reason"]) == (400, "Bad Request")


def test_a_refusal_repeats_only_how_a_long_text_begins(admin: Administrator) -> None:
    assert len(put(admin, b"x" * 100_000).text) < 1500


@pytest.mark.parametrize(
    "operation",
    [
        {"operation": "add", "field": "/a" * (MAX_DEPTH + 1), "value": 1},
        {"operation": "replace", "field": "/a" * 2000, "value": 1},
        {"operation": "replace", "field": "/list/" + "9" * 5000, "value": 1},
    ],
)
def test_a_patch_reaches_only_so_far(admin: Administrator, operation: Any) -> None:
    created = admin.managed("POST", "role?_action=create", role(list=[1]))
    path = f"role/{created.json()['_id']}"
    assert admin.managed("PATCH", path, [operation]).status_code == 400
    assert admin.managed("GET", path).json()["_rev"] == created.json()["_rev"]


def test_a_long_list_is_added_to_a_long_list_in_time(admin: Administrator) -> None:
    path = f"role/{admin.managed('POST', 'role?_action=create', role(list=list(range(20_000)))).json()['_id']}"
    begin = time.process_time()
    addition = {"operation": "add", "field": "/list", "value": list(range(19_999, 40_000))}
    added = admin.managed("PATCH", f"{path}?_fields=list", [addition])
    assert added.json()["list"] == list(range(40_000))
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    "expression", ["!" * 900 + "true", "(" * 300 + "true" + ")" * 300, "!(" * 40 + "true" + ")" * 40]
)
def test_a_filter_is_nested_only_so_deep(admin: Administrator, expression: str) -> None:
    admin.user()
    answer = admin.http.get(
        "/openidm/managed/alpha_user",
        params={"_queryFilter": expression},
        headers={"authorization": f"Bearer {admin.token}"},
    )
    assert (answer.status_code, "nested too deeply" in answer.text) == (400, True)


def test_a_flat_filter_may_be_long(admin: Administrator) -> None:
    name = admin.managed("GET", f"user/{admin.user()}").json()["userName"]
    expression = " or ".join([f'(userName eq "{name}")'] * 200)
    assert admin.query("user", expression)["resultCount"] == 1


def test_fields_lead_only_a_few_objects_far(admin: Administrator) -> None:
    admin.group(*(admin.user() for _ in range(10)))
    begin = time.process_time()
    answer = admin.query("group", "true", _fields="/".join(["members/groups"] * 10))
    assert (answer["resultCount"] > 0, "members" in answer["result"][-1]) == (True, False)
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("text", ["&".join(["a=b"] * (MAX_PARAMETERS + 1)), "a=" + "b" * MAX_FORM_BYTES])
def test_a_service_accounts_form_is_of_reasonable_size(admin: Administrator, text: str) -> None:
    answer = admin.http.post(TOKEN_PATH, content=text, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (400, 413)
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("expiry", [math.nan, math.inf])
def test_an_assertion_expires_at_some_time(admin: Administrator, expiry: float) -> None:
    assert admin.login("fr:am:*", admin.assertion(exp=expiry)).json()["error"] == "invalid_grant"


def test_an_assertion_is_not_nested_deeply(admin: Administrator) -> None:
    deep = jwt.utils.base64url_encode(b"[" * 50_000 + b"]" * 50_000).decode()
    head = jwt.utils.base64url_encode(b'{"alg":"RS256"}').decode()
    assert admin.login("fr:am:*", f"{head}.{deep}.AAAA").json()["error"] == "invalid_grant"


def test_half_a_request_has_no_effect_and_leaves_no_trace(
    admin: Administrator, capfd: pytest.CaptureFixture[str]
) -> None:
    path = f"/openidm/managed/alpha_role/{fresh_uuid()}"
    body = json.dumps(role()).encode()
    lines = [f"PUT {path} HTTP/1.1", "host: x", f"authorization: Bearer {admin.token}"]
    head = "\r\n".join([*lines, f"content-length: {len(body) + 1}", "", ""])
    with socket.create_connection(("127.0.0.1", admin.server.port), 5) as client:
        client.sendall(head.encode() + body)
    assert admin.send("GET", path).status_code == 404
    assert capfd.readouterr().err == ""
