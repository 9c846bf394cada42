"""Defects of on whose behalf an agent acts, and which tokens may say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.reference_server.defects.cases import GRANTED, REFUSED, Case, check, claims_of, defects_in, own_token, robot
from tests.reference_server.oauth.administration import User
from tests.reference_server.oauth.world import ID_TOKEN, Guide, token_of


def whose(users: dict[str, User], claims: Any) -> Any:
    """The name of the user whose token it is, whichever claim is asked."""
    return next((name for name, user in users.items() if claims["sub"] == claims["subname"] == user.id), claims["sub"])


def subject_and_user(guide: Guide) -> tuple[bool, bool]:
    claims = claims_of(guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data"))
    return claims["sub"] == guide.barbara.id, claims["subname"] == guide.barbara.id


def subject_named_by(parameter: str, member: str) -> Callable[[Guide], Any]:
    def observe(guide: Guide) -> Any:
        victor = guide.user("victor")
        named = {parameter: getattr(victor, member)}
        answer = guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **named)
        return whose({"barbara": guide.barbara, "victor": victor}, claims_of(answer))

    return observe


def subjects_in_turn(guide: Guide) -> list[Any]:
    wanda = guide.user("wanda")
    users = [guide.reference("user", user.id) for user in (guide.barbara, wanda)]
    guide.patch("aiagentprivilege", guide.read_only, "subjects", users)
    tokens = [guide.user_token(), token_of(guide.login(wanda, guide.app)), guide.user_token()]
    answers = [guide.exchange(token, guide.assistant, guide.app, "read-data") for token in tokens]
    return [whose({"barbara": guide.barbara, "wanda": wanda}, claims_of(answer)) for answer in answers]


def recreated_and_renamed_users(guide: Guide) -> list[int]:
    victor = guide.user("victor")
    users = [guide.reference("user", user.id) for user in (guide.barbara, victor)]
    guide.patch("aiagentprivilege", guide.read_only, "subjects", users)
    guide.delete("user", victor.id)
    tokens = [token_of(guide.login(guide.user("victor"), guide.app)), guide.user_token()]
    guide.patch("user", guide.barbara.id, "userName", "somebody")
    return [guide.exchange(token, guide.assistant, guide.app, "read-data").status_code for token in tokens]


def exchange_of_an_id_token(guide: Guide) -> int:
    wanted = {"requested_token_type": ID_TOKEN}
    id_token = token_of(guide.exchange(guide.user_token(), guide.assistant, guide.app, "read-data", **wanted))
    return guide.exchange(id_token, guide.assistant, guide.app, "read-data").status_code


def exchange_of_a_refresh_token(guide: Guide) -> int:
    refresh_token = guide.login(guide.barbara, guide.app).json()["refresh_token"]
    return guide.exchange(refresh_token, guide.assistant, guide.app, "read-data").status_code


def token_of_another_realm(guide: Guide) -> tuple[int, bool]:
    bravo = guide.realm_named("bravo")
    token = token_of(bravo.login(bravo.user("bruno"), bravo.application("bravo-app")))
    exchanged = guide.exchange(token, guide.assistant, guide.app, "read-data").status_code
    return exchanged, guide.is_active(token, guide.app)


def credentials_at_another_realm(guide: Guide) -> list[int]:
    """The application's own, and wrong ones."""
    bravo = guide.realm_named("bravo")
    return [bravo.login(guide.barbara, guide.app, **change).status_code for change in ({}, {"client_secret": "wrong"})]


def blank_subject_tokens(guide: Guide) -> list[Any]:
    answers = [guide.exchange(value, guide.assistant, guide.app, "read-data") for value in (None, "", "  ", "foo")]
    return [answer.status_code for answer in answers]


def exchange_of_a_clients_token(guide: Guide) -> Any:
    guide.change_client(guide.app, "advanced", grantTypes=["password", "client_credentials"])
    guide.change_client(guide.app, "core", defaultScopes=["read-data"])
    guide.agent_token()
    answer = guide.exchange(own_token(guide, guide.app), guide.assistant, guide.app, "read-data")
    return answer.status_code


def user_in_an_agents_own_token(guide: Guide) -> bool:
    agent = robot(guide)
    guide.privilege(agent, guide.app, subjects=[guide.barbara])
    token_of(guide.exchange(guide.user_token(), agent, guide.app, "read-data"))
    return "user_id" in guide.introspect(own_token(guide, agent), agent)


CASES = {
    "sub-becomes-agent": Case(subject_and_user, (True, True), (False, True), breaks=("sub",)),
    "requested-subject-honoured": Case(subject_named_by("requested_subject", "id"), "barbara", "victor"),
    "subject-cache-cross-user": Case(subjects_in_turn, ["barbara", "wanda", "barbara"], ["barbara"] * 3),
    "subject-match-by-username": Case(recreated_and_renamed_users, [REFUSED, GRANTED], [GRANTED, REFUSED]),
    "id-token-as-access-token": Case(exchange_of_an_id_token, REFUSED, GRANTED),
    "refresh-token-as-access-token": Case(exchange_of_a_refresh_token, REFUSED, GRANTED),
    "cross-realm-token-accepted": Case(token_of_another_realm, (REFUSED, False), (GRANTED, True)),
    "realm-path-ignored": Case(credentials_at_another_realm, [REFUSED, REFUSED], [GRANTED, REFUSED]),
    "missing-subject-falls-back-to-client": Case(
        blank_subject_tokens, [REFUSED] * 4, [REFUSED, GRANTED, GRANTED, REFUSED]
    ),
    "client-token-as-user-subject": Case(exchange_of_a_clients_token, REFUSED, GRANTED),
    "cc-token-carries-user": Case(user_in_an_agents_own_token, False, True),
}


@pytest.mark.parametrize("name", CASES)
def test_the_defect_shows(name: str) -> None:
    check(name, CASES[name])


@pytest.mark.parametrize("parameter", ["requested_subject", "subject", "sub", "username", "login_hint", "user_id"])
def test_each_parameter_names_a_subject_by_id_or_name(parameter: str) -> None:
    for member in ("id", "username"):
        check("requested-subject-honoured", Case(subject_named_by(parameter, member), "barbara", "victor"))


def test_every_defect_is_shown() -> None:
    assert set(CASES) == defects_in("subject")
