"""Defects of the password grant."""

from __future__ import annotations

from tests.reference_server.defects.planted import planted
from tests.reference_server.oauth.world import Guide, refusal


@planted("expires-in-as-string")
def test_expires_in_is_a_string(guide: Guide, wrong: bool) -> None:
    assert isinstance(guide.login(guide.barbara, guide.app).json()["expires_in"], str) is wrong


@planted("ropc-grants-all-app-scopes")
def test_all_scopes_are_granted(guide: Guide, wrong: bool) -> None:
    granted = guide.login(guide.barbara, guide.app, "openid").json()["scope"].split()
    assert (granted == ["openid", "read-data", "write-data", "admin-action"]) is wrong


@planted("unregistered-scope-granted")
def test_a_scope_that_the_application_lacks_is_granted(guide: Guide, wrong: bool) -> None:
    answer = guide.login(guide.barbara, guide.app, "openid not-assigned")
    assert (answer.json().get("scope") == "openid not-assigned") is wrong


@planted("user-enumeration-by-error")
def test_an_unknown_user_is_told_from_a_wrong_password(guide: Guide, wrong: bool) -> None:
    unknown = guide.login(guide.barbara, guide.app, username="nobody")
    known = guide.login(guide.barbara, guide.app, password="wrong")
    assert refusal(unknown) == refusal(known) == (400, "invalid_grant")
    assert (unknown.text != known.text) is wrong


@planted("password-not-checked")
def test_any_password_will_do(guide: Guide, wrong: bool) -> None:
    assert (guide.login(guide.barbara, guide.app, password="wrong").status_code == 200) is wrong
    assert guide.login(guide.barbara, guide.app, username="nobody").status_code == 400


@planted("act-on-user-token")
def test_the_application_acts_in_the_users_own_token(guide: Guide, wrong: bool) -> None:
    token = guide.user_token("openid")
    for claims in (guide.verified(token), guide.introspect(token, guide.app)):
        assert (claims.get("act") == {"sub": guide.app.id}) is wrong
    assert guide.verified(guide.agent_token(token))["act"] == {"sub": guide.assistant.id}
