"""Queries of managed objects: filters, fields, sorting, paging, counting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reference_server.administrator import Administrator, fresh_name


@pytest.fixture
def mark(admin: Administrator) -> Iterator[str]:
    """Five users, told apart by givenName A to E; the family name is theirs alone."""
    mark = fresh_name("family")
    users = [
        admin.user(sn=mark, givenName=letter, frIndexedInteger1=number, aliasList=[f"alias-{letter}"])
        for number, letter in enumerate("CADBE", start=1)
    ]
    admin.managed("PATCH", f"user/{users[0]}", [{"operation": "add", "field": "/city", "value": 'O\'Fallon "x"'}])
    yield mark
    for user in users:
        admin.managed("DELETE", f"user/{user}")


@pytest.mark.parametrize(
    ("expression", "letters"),
    [
        ('givenName eq "A"', "A"),
        ("givenName eq 'A'", "A"),
        ("/givenName eq 'A'", "A"),
        ("givenName eq 'A' or givenName eq 'B'", "AB"),
        ("givenName eq 'A' and givenName eq 'B'", ""),
        ("givenName eq 'A' or givenName eq 'B' and false", "A"),
        ("(givenName eq 'A' or givenName eq 'B') and !(givenName eq 'A')", "B"),
        ("!(city pr)", "ABDE"),
        ("city pr", "C"),
        ("city eq 'O\\'Fallon \"x\"'", "C"),
        ('city sw "o\'f"', "C"),
        ('city co "FALL"', "C"),
        ("frIndexedInteger1 gt 3", "BE"),
        ("frIndexedInteger1 ge 3", "BDE"),
        ("frIndexedInteger1 lt 2", "C"),
        ("frIndexedInteger1 le 2.0", "AC"),
        ("frIndexedInteger1 eq '1'", ""),
        ("frIndexedInteger1 gt 'x'", ""),
        ("givenName gt 'C'", "DE"),
        ("aliasList eq 'alias-D'", "D"),
        ("nothing eq 'x'", ""),
        ("true", "ABCDE"),
        ("false", ""),
    ],
)
def test_a_filter_selects(admin: Administrator, mark: str, expression: str, letters: str) -> None:
    found = admin.query("user", f'sn eq "{mark}" and ({expression})', _fields="givenName")

    assert sorted(item["givenName"] for item in found["result"]) == list(letters)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("{field} eq '{value}'", ["this"]),
        ("/{field} eq '{value}' and true", ["this"]),
        ("{field} eq '{value}' and false", []),
        ("{field} eq '{value}' and {field} eq 'other'", []),
        ("{field} eq '{value}' or sn eq '{mark}'", ["other", "this"]),
        ("!({field} eq '{value}') and sn eq '{mark}'", ["other"]),
        ("{field} eq '{VALUE}'", []),
        ("{field} eq 'nobody'", []),
        ("{field} eq null", []),
        ("{field} eq 1", []),
    ],
)
@pytest.mark.parametrize("field", ["_id", "userName"])
def test_who_is_looked_up_by_a_key_is_who_would_be_found(
    admin: Administrator, field: str, expression: str, found: list[str]
) -> None:
    mark = fresh_name("family")
    ids = [admin.user(sn=mark, givenName=name, userName=f"{name}-{mark}") for name in ("this", "other")]
    value = ids[0] if field == "_id" else f"this-{mark}"
    filled = expression.format(field=field, value=value, VALUE=value.upper(), mark=mark)

    items = admin.query("user", filled, _fields="givenName")["result"]

    assert sorted(item["givenName"] for item in items) == found
    for object_id in ids:
        admin.managed("DELETE", f"user/{object_id}")


def test_a_filter_reaches_into_computed_properties_and_references(admin: Administrator) -> None:
    client_id = fresh_name("client")
    application, user = admin.application(client_id), admin.user()
    privilege = admin.privilege(
        admin.agent()["aiAgentIdentityUid"]["value"],
        resource=admin.ref("application", application),
        subjects=[admin.ref("user", user)],
    )

    for expression in (
        f"resourceData/ssoEntities/oidcId eq '{client_id}'",
        f"/subjectIDs eq '{user}'",
        f"resource/_refResourceId eq '{application}' and subjects pr",
    ):
        assert [item["_id"] for item in admin.query("aiagentprivilege", expression)["result"]] == [privilege]


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "givenName",
        "givenName eq",
        "givenName is 'A'",
        "(true",
        "true)",
        "true true",
        "a eq 'x",
        "a eq b",
        "(" * 5000,
    ],
)
def test_an_unreadable_filter_is_refused(admin: Administrator, expression: str) -> None:
    answer = admin.http.get(
        "/openidm/managed/alpha_user",
        params={"_queryFilter": expression},
        headers={"authorization": f"Bearer {admin.token}"},
    )

    assert answer.status_code == 400
    assert answer.json()["reason"] == "Bad Request"


def test_the_envelope_is_the_recorded_one(admin: Administrator, mark: str) -> None:
    found = admin.query("user", f'sn eq "{mark}"', _pageSize=1000, _fields="_id")

    assert found | {"result": []} == {
        "result": [],
        "resultCount": 5,
        "pagedResultsCookie": None,
        "totalPagedResultsPolicy": "NONE",
        "totalPagedResults": -1,
        "remainingPagedResults": -1,
    }
    assert all(set(item) == {"_id", "_rev"} for item in found["result"])


def test_empty_fields_mean_the_default_ones(admin: Administrator, mark: str) -> None:
    (item,) = admin.query("user", f'sn eq "{mark}" and givenName eq "A"', _fields="")["result"]

    assert item.keys() >= {"userName", "telephoneNumber", "effectiveRoles"}
    assert "groups" not in item


def test_pages_follow_one_another_until_the_cookie_is_null(admin: Administrator, mark: str) -> None:
    letters, cookie, sizes = "", "", []
    while cookie is not None:
        page = admin.query(
            "user",
            f'sn eq "{mark}"',
            _pageSize=2,
            _sortKeys="givenName",
            _fields="givenName",
            _pagedResultsCookie=cookie,
        )
        letters += "".join(item["givenName"] for item in page["result"])
        sizes.append(page["resultCount"])
        cookie = page["pagedResultsCookie"]

    assert (letters, sizes) == ("ABCDE", [2, 2, 1])


def test_results_are_sorted_and_skipped_on_demand(admin: Administrator, mark: str) -> None:
    descending = admin.query("user", f'sn eq "{mark}"', _sortKeys="-frIndexedInteger1", _pagedResultsOffset=1)

    assert [item["givenName"] for item in descending["result"]] == ["B", "D", "A", "C"]


def test_counting_needs_no_page(admin: Administrator, mark: str) -> None:
    counted = admin.query("user", f'sn eq "{mark}"', _pageSize=0, _totalPagedResultsPolicy="EXACT")

    assert (counted["totalPagedResults"], counted["totalPagedResultsPolicy"]) == (5, "EXACT")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "_queryFilter=true&_pageSize=x",
        "_queryFilter=true&_pageSize=-1",
        "_queryFilter=true&_pagedResultsCookie=%C3",
    ],
)
def test_bad_parameters_are_refused(admin: Administrator, query: str) -> None:
    assert admin.managed("GET", f"user?{query}").status_code == 400
