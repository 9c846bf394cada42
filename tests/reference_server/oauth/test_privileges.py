"""Task 3.2 step 5: for whom, at which application and with which scopes an agent may act."""

from __future__ import annotations

import pytest

from tests.reference_server.oauth.world import Guide, refusal, token_of


@pytest.mark.parametrize(
    "scope",
    ["write-data", "read-data write-data", "write-data read-data", "openid", "Read-Data", "read", "read-data-all", "*"],
)
def test_permissions_are_the_bound_and_a_request_is_granted_whole_or_not_at_all(guide: Guide, scope: str) -> None:
    answer = guide.exchange(guide.user_token("openid write-data"), guide.assistant, guide.app, scope)
    assert refusal(answer) == (400, "invalid_scope")


def test_empty_permissions_are_all_scopes_of_the_application_and_no_others(guide: Guide) -> None:
    agent = guide.agent("second-agent")
    guide.application("second-app", scopes=["q-only"])
    guide.privilege(agent, guide.app, subjects=[guide.barbara])
    user_token = guide.user_token()

    everything = "openid read-data write-data admin-action"
    assert guide.exchange(user_token, agent, guide.app, everything).json()["scope"] == everything
    assert refusal(guide.exchange(user_token, agent, guide.app, "q-only")) == (400, "invalid_scope")


def test_a_permission_that_is_not_a_scope_of_the_application_grants_nothing(guide: Guide) -> None:
    guide.patch("aiagentprivilege", guide.read_only, "permissions", [{"type": "scopes", "values": ["x-custom"]}])
    user_token = guide.user_token()

    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "x-custom")) == (400, "invalid_scope")
    assert refusal(guide.exchange(user_token, guide.assistant, guide.app, "read-data")) == (400, "invalid_scope")


def test_an_agent_needs_a_privilege_on_the_application(guide: Guide) -> None:
    agent = guide.agent("second-agent")
    answer = guide.exchange(guide.user_token(), agent, guide.app, "read-data")
    assert refusal(answer) == (400, "invalid_target")


def test_subjects_and_members_of_selected_groups_are_covered_and_nobody_else(guide: Guide) -> None:
    member, stranger = guide.user("member"), guide.user("stranger")
    staff, _ = guide.group("staff", member), guide.group("visitors", stranger)
    guide.patch("aiagentprivilege", guide.read_only, "subjectGroups", [guide.reference("group", staff)])

    for user, status in ((guide.barbara, 200), (member, 200), (stranger, 400)):
        user_token = token_of(guide.login(user, guide.app))
        assert guide.exchange(user_token, guide.assistant, guide.app, "read-data").status_code == status


def test_a_privilege_without_subjects_and_groups_covers_no_user(guide: Guide) -> None:
    agent = guide.agent("second-agent")
    guide.privilege(agent, guide.app)
    answer = guide.exchange(guide.user_token(), agent, guide.app, "read-data")
    assert refusal(answer) == (400, "invalid_request")


def test_each_privilege_is_judged_by_itself(guide: Guide) -> None:
    yolanda, second_app = guide.user("yolanda"), guide.application("second-app")
    guide.privilege(guide.assistant, second_app, subjects=[yolanda], scopes=["write-data"])
    barbaras, yolandas = guide.user_token(), token_of(guide.login(yolanda, second_app))

    assert guide.exchange(barbaras, guide.assistant, guide.app, "read-data").status_code == 200
    assert guide.exchange(yolandas, guide.assistant, second_app, "write-data").status_code == 200
    assert refusal(guide.exchange(barbaras, guide.assistant, guide.app, "write-data")) == (400, "invalid_scope")
    assert refusal(guide.exchange(barbaras, guide.assistant, second_app, "write-data")) == (400, "invalid_request")
    assert refusal(guide.exchange(yolandas, guide.assistant, guide.app, "read-data")) == (400, "invalid_request")


def test_either_of_two_privileges_on_an_application_will_do_but_not_both_together(guide: Guide) -> None:
    guide.privilege(guide.assistant, guide.app, subjects=[guide.barbara], scopes=["write-data"])
    user_token = guide.user_token()

    assert guide.exchange(user_token, guide.assistant, guide.app, "write-data").status_code == 200
    assert guide.exchange(user_token, guide.assistant, guide.app, "read-data").status_code == 200
    both = guide.exchange(user_token, guide.assistant, guide.app, "read-data write-data")
    assert refusal(both) == (400, "invalid_scope")
