"""The other witnesses of a token are asked with what the token was asked for with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixtures.tenant.actors import AuthMethod, Client, EndUser, Secret
from fixtures.tenant.errors import Unreachable
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.witnesses import TokenWitnesses, presented
from tests.tenant.observers import Recorder
from tests.tenant.stand_in import serving


@pytest.fixture
def user(provisioning: Provisioning) -> EndUser:
    return provisioning.create_user("barbara.jensen")


def application(provisioning: Provisioning, method: AuthMethod) -> Client:
    return provisioning.create_client("app", grants=[PASSWORD], scopes=["openid"], auth_method=method)


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_all_three_witnesses(
    http: Http, oauth: OAuth, provisioning: Provisioning, user: EndUser, method: AuthMethod
) -> None:
    answer = oauth.password(user, by=application(provisioning, method), scope="openid")
    seen = Recorder()
    http.observers.append(seen)

    testimony = TokenWitnesses(OAuth(http.seen_by(), oauth.endpoints)).of(answer)

    assert testimony is not None
    assert testimony.asked == "openid"
    assert testimony.introspection is not None
    assert testimony.introspection.members["active"] is True
    assert testimony.signed is not None
    assert testimony.signed.verified is True
    assert testimony.signed.claims["sub"] == testimony.introspection.members["sub"] == user.id
    assert seen.requests == []


def test_the_audience_is_asked_where_the_client_may_not(
    oauth: OAuth, provisioning: Provisioning, user: EndUser
) -> None:
    client = application(provisioning, "client_secret_post")
    answer = oauth.password(user, by=client, scope="openid")
    locked_out = [(name, "wrong" if name == "client_secret" else value) for name, value in answer.request.form or ()]
    answer = replace(answer, request=replace(answer.request, form=tuple(locked_out)))

    without = TokenWitnesses(oauth).of(answer)
    helped = TokenWitnesses(oauth).of(answer, client)

    assert without is not None
    assert without.introspection is not None
    assert without.introspection.members.get("active") is not True
    assert helped is not None
    assert helped.introspection is not None
    assert helped.introspection.members["active"] is True


def test_an_answer_without_a_token_has_no_witnesses(oauth: OAuth) -> None:
    refused = Answer(Request("POST", oauth.endpoints.token), 400, {}, '{"error": "invalid_grant"}', 1)
    assert TokenWitnesses(oauth).of(refused) is None


def test_a_witness_that_cannot_be_reached_breaks_the_run(oauth: OAuth) -> None:
    endpoints = replace(oauth.endpoints, introspection="http://127.0.0.1:9/introspect")
    form = (("client_id", "a"), ("client_secret", Secret("b")))
    answer = Answer(Request("POST", oauth.endpoints.token, form=form), 200, {}, '{"access_token": "opaque"}', 1)
    with pytest.raises(Unreachable):
        TokenWitnesses(OAuth(oauth.http, endpoints)).of(answer)


def test_credentials_sent_twice_are_nobodys() -> None:
    once = (("client_id", "a"), ("client_secret", "b"), ("scope", "c"))
    assert presented(Request("POST", "/", form=once)) == ({"client_id": "a", "client_secret": "b"}, {})
    assert presented(Request("POST", "/", form=(*once, ("client_id", "d")))) == ({}, {})


@pytest.mark.parametrize("keys", ["5", '"none"', "{}", "[[]]", "null"])
def test_keys_that_are_none_verify_nothing(
    http: Http, oauth: OAuth, provisioning: Provisioning, user: EndUser, keys: str
) -> None:
    answer = oauth.password(user, by=application(provisioning, "client_secret_post"), scope="openid")
    with serving(lambda *_: (200, {}, f'{{"keys": {keys}}}')) as url:
        testimony = TokenWitnesses(OAuth(http, replace(oauth.endpoints, jwks=url))).of(answer)
    assert testimony is not None
    assert testimony.signed is not None
    assert testimony.signed.verified is False
