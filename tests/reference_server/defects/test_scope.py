"""Defects of how scopes are read, compared, bounded and reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.reference_server.defects.cases import GRANTED, REFUSED, Case, check, claims_of, defects_in
from tests.reference_server.oauth.administration import Client
from tests.reference_server.oauth.world import Guide, token_of


def free_agent(guide: Guide) -> Client:
    """An agent that may have all scopes of the application."""
    agent = guide.agent("second-agent")
    guide.privilege(agent, guide.app, subjects=[guide.barbara])
    return agent


def granted(guide: Guide, by: Client, scope: str | None, token: str | None = None) -> Any:
    """The scopes in the JWT and in the answer; of a refusal its status."""
    answer = guide.exchange(token or guide.user_token(), by, guide.app, scope)
    return (claims_of(answer)["scope"], answer.json()["scope"]) if answer.status_code == GRANTED else REFUSED


def for_the_guides_agent(scope: str | None, login: str = "openid read-data") -> Callable[[Guide], Any]:
    return lambda guide: granted(guide, guide.assistant, scope, guide.user_token(login))


def for_an_agent_with_all_scopes(scope: str) -> Callable[[Guide], Any]:
    return lambda guide: granted(guide, free_agent(guide), scope)


def for_a_scope_taken_away(guide: Guide) -> Any:
    guide.patch("aiagentprivilege", guide.read_only, "permissions", [{"type": "scopes", "values": ["write-data"]}])
    guide.change_client(guide.app, "core", scopes=["openid", "read-data"])
    return granted(guide, guide.assistant, "write-data")


def for_more_in_a_second_exchange(guide: Guide) -> Any:
    return granted(guide, free_agent(guide), "write-data", guide.agent_token())


def both(*scopes: str) -> tuple[list[str], str]:
    return list(scopes), " ".join(scopes)


ALL = both("openid", "read-data", "write-data", "admin-action")

CASES = {
    "any-scope-match-suffices": Case(
        for_the_guides_agent("write-data read-data"), REFUSED, both("write-data", "read-data")
    ),
    "narrowed-scope-not-reported": Case(
        for_the_guides_agent("read-data write-data"), REFUSED, (["read-data"], "read-data write-data")
    ),
    "scope-case-insensitive": Case(for_the_guides_agent("READ-Data"), REFUSED, both("READ-Data")),
    "scope-prefix-match": Case(
        for_the_guides_agent("read read-data-all read-data:x"), REFUSED, both("read", "read-data-all", "read-data:x")
    ),
    "scope-comma-split": Case(
        for_an_agent_with_all_scopes("read-data,write-data\topenid+admin-action"),
        REFUSED,
        both("read-data", "write-data", "openid", "admin-action"),
    ),
    "scope-duplicates-kept": Case(
        for_the_guides_agent("read-data read-data"), both("read-data"), both("read-data", "read-data")
    ),
    "omitted-scope-grants-all": Case(for_the_guides_agent(None), REFUSED, ALL),
    "empty-grant-means-default-scopes": Case(for_the_guides_agent("write-data"), REFUSED, both("read-data")),
    "stale-permission-scope": Case(for_a_scope_taken_away, REFUSED, both("write-data")),
    "reexchange-widens-scope": Case(for_more_in_a_second_exchange, REFUSED, both("write-data")),
    "upscoping-beyond-subject": Case(
        for_the_guides_agent("read-data", login="openid"), REFUSED, both("read-data"), hardened=True
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_defect_shows(name: str) -> None:
    check(name, CASES[name])


@pytest.mark.parametrize("name", ["any-scope-match-suffices", "narrowed-scope-not-reported"])
def test_a_request_of_which_nothing_is_permitted_is_refused_all_the_same(name: str) -> None:
    check(name, Case(for_the_guides_agent("write-data"), REFUSED, REFUSED))


def test_a_second_exchange_stays_bounded_where_only_the_users_token_is_not() -> None:
    check("upscoping-beyond-subject", Case(for_more_in_a_second_exchange, REFUSED, REFUSED, hardened=True))


def test_a_login_compares_scopes_by_the_same_rule() -> None:
    def observe(guide: Guide) -> int:
        return guide.login(guide.barbara, guide.app, "OPENID").status_code

    check("scope-case-insensitive", Case(observe, REFUSED, GRANTED))


def test_the_users_token_is_no_bound_on_a_tenant_that_is_not_hardened() -> None:
    def observe(guide: Guide) -> str:
        return token_of(guide.exchange(guide.user_token("openid"), guide.assistant, guide.app, "read-data"))[:2]

    check("upscoping-beyond-subject", Case(observe, "ey", "ey"))


def test_every_defect_is_shown() -> None:
    assert set(CASES) == defects_in("scope")
