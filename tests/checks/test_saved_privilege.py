"""Privileges as they were saved."""

from __future__ import annotations

from typing import Any

import pytest

from steps.checks import saved_privilege
from tests.checks.documents import Document
from tests.checks.evidence import TOKEN, Answer, conforms, deviation, html, no, ok, remark_of


def privilege(**changes: Any) -> Document:
    """A privilege on one application, for one user and one group, with a scope and a custom value."""
    members = {
        "resource": {"_refResourceId": "app-1"},
        "subjects": [{"_refResourceId": "user-1"}],
        "subjectGroups": [{"_refResourceId": "group-1"}],
        "permissions": [{"type": "scopes", "values": ["read-data", "x-custom"]}],
    }
    return members | changes


class TestPrivilege:
    """OBO-3.2-13."""

    SAVED = ("app-1", "user-1", "group-1", ("read-data", "x-custom"))

    @pytest.mark.parametrize(
        "changes",
        [{}, {"permissions": [{"values": ["x-custom"]}, {"values": ["read-data"]}]}],
        ids=["as saved", "other order"],
    )
    def test_it_is_what_was_saved(self, changes: Document) -> None:
        conforms(saved_privilege.privilege_holds, privilege(**changes), *self.SAVED)

    @pytest.mark.parametrize(
        ("changes", "lost"),
        [
            ({"resource": None}, "resource"),
            ({"resource": {"_refResourceId": "app-2"}}, "resource"),
            ({"subjects": []}, "subjects"),
            ({"subjects": None}, "subjects"),
            ({"permissions": None}, "permissions"),
            ({"subjects": [{"_refResourceId": "user-1"}, {"_refResourceId": "user-2"}]}, "subjects"),
            ({"subjectGroups": None}, "subject groups"),
            ({"permissions": [{"values": ["read-data"]}]}, "permissions"),
            ({"permissions": [{"values": None}]}, "permissions"),
            ({"permissions": [{"values": ["read-data", "x-custom", "admin-action"]}]}, "permissions"),
        ],
        ids=str,
    )
    def test_it_is_not(self, changes: Document, lost: str) -> None:
        found = deviation(saved_privilege.privilege_holds, privilege(**changes), *self.SAVED)
        assert found.requirement == "OBO-3.2-13"
        assert found.actual == f"changed or lost: {lost}"

    @pytest.mark.parametrize(
        "answer", [no("invalid_scope"), no("access_denied", 403), ok(access_token=TOKEN, scope="")]
    )
    def test_a_custom_value_is_kept_back(self, answer: Answer) -> None:
        conforms(saved_privilege.custom_scope_kept_back, answer, "x-custom")

    @pytest.mark.parametrize("members", [{"scope": "x-custom"}, {"scope": "read-data x-custom"}, {}], ids=str)
    def test_one_that_is_granted_is_recorded(self, members: Document) -> None:
        answer = ok({"access_token": TOKEN} | members)
        assert remark_of(saved_privilege.custom_scope_kept_back, answer, "x-custom")[0] == "INFO"

    @pytest.mark.parametrize("answer", [no("server_error", 500), html(400)])
    def test_a_failure_is_neither(self, answer: Answer) -> None:
        assert deviation(saved_privilege.custom_scope_kept_back, answer, "x-custom").requirement == "OBO-3.2-13"
