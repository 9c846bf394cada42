"""The guide from its first request to the end of a token, on a tenant that nothing else has touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reference_server.defects.in_process import guide_with
from tests.reference_server.oauth.world import Guide, refusal, token_of


@pytest.fixture(params=[False, True], ids=["as the guide has it", "hardened"])
def fresh(request: pytest.FixtureRequest) -> Iterator[Guide]:
    """The guide's tasks 1 to 3, done on a tenant of this test's own."""
    with guide_with(hardened=request.param) as guide:
        yield guide


def test_a_user_is_acted_for_until_the_token_is_revoked(fresh: Guide) -> None:
    user_token = fresh.user_token()
    agent_token = token_of(fresh.exchange(user_token, fresh.assistant, fresh.app, "read-data"))
    seen = fresh.introspect(agent_token, fresh.assistant)
    assert (seen["sub"], seen["scope"]) == (fresh.introspect(user_token, fresh.app)["sub"], "read-data")
    assert fresh.assistant.id in seen["act"]["sub"]
    fresh.revoke(agent_token, fresh.assistant)
    assert not fresh.is_active(agent_token, fresh.assistant)
    assert fresh.is_active(user_token, fresh.app)


def test_a_revoked_token_stays_revoked_until_it_has_expired(fresh: Guide) -> None:
    token = fresh.user_token()
    lifetime_seconds = fresh.introspect(token, fresh.app)["expires_in"]
    fresh.revoke(token, fresh.app)
    fresh.server.tenant.clock.advance(lifetime_seconds - 1)
    assert not fresh.is_active(token, fresh.app)


def test_a_login_is_renewed_until_its_grant_is_revoked(fresh: Guide) -> None:
    first = fresh.login(fresh.barbara, fresh.app, "openid read-data").json()
    form = {"grant_type": "refresh_token", **fresh.app.credentials}
    second = fresh.post("/access_token", form | {"refresh_token": first["refresh_token"]}).json()
    assert fresh.verified(second["access_token"])["sub"] == fresh.barbara.id
    fresh.revoke(second["refresh_token"], fresh.app)
    answer = fresh.post("/access_token", form | {"refresh_token": second["refresh_token"]})
    assert refusal(answer) == (400, "invalid_grant")


def test_a_wrong_secret_is_challenged_by_the_realm(fresh: Guide) -> None:
    answer = fresh.http.post(fresh.oauth + "/access_token", data={"grant_type": "password"}, auth=("nobody", "x"))
    assert refusal(answer) == (401, "invalid_client")
    assert answer.headers["www-authenticate"] == 'Basic realm="/alpha"'


def test_a_member_of_a_group_is_acted_for(fresh: Guide) -> None:
    wanda = fresh.user("wanda.reyes")
    other = fresh.agent("other-ai-agent")
    fresh.privilege(other, fresh.app, groups=[fresh.group("assisted-users", wanda)], scopes=["read-data"])
    token = token_of(fresh.login(wanda, fresh.app, "openid read-data"))
    assert fresh.verified(token_of(fresh.exchange(token, other, fresh.app, "read-data")))["sub"] == wanda.id


def test_a_token_ends_with_its_last_second(fresh: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    token = fresh.user_token()
    expires_at = fresh.verified(token)["exp"]
    for seconds, active in ((expires_at - 1, True), (expires_at, False)):
        monkeypatch.setattr(fresh.server.tenant.clock, "now", lambda seconds=seconds: float(seconds))
        assert fresh.is_active(token, fresh.app) is active


def test_a_privilege_that_names_nobody_covers_nobody(fresh: Guide) -> None:
    other = fresh.agent("other-ai-agent")
    fresh.privilege(other, fresh.app, subjects=[], scopes=["read-data"])
    assert fresh.exchange(fresh.user_token(), other, fresh.app, "read-data").status_code in (400, 403)
