"""The provider is changed for one look at it, and only where the run may."""

from __future__ import annotations

import pytest

from fixtures.provider_switch import ProviderSwitch
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import NotVerifiable
from fixtures.tenant.http import Answer
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD


def test_metadata_is_read_while_a_grant_type_is_off(admin: Administration, oauth: OAuth) -> None:
    before = oauth.metadata().members["grant_types_supported"]
    seen = ProviderSwitch(admin, True, 0, None).metadata_while_off(PASSWORD, oauth.metadata)
    assert seen.members["grant_types_supported"] == [grant for grant in before if grant != PASSWORD]
    assert oauth.metadata().members["grant_types_supported"] == before


def test_a_change_is_over_only_when_the_grant_type_is_seen_to_be_on_again(admin: Administration, oauth: OAuth) -> None:
    seen: list[Answer] = []

    def fetch() -> Answer:
        seen.append(oauth.metadata())
        return seen[-1]

    ProviderSwitch(admin, True, 0, None).metadata_while_off(PASSWORD, fetch)
    assert [PASSWORD in answer.members["grant_types_supported"] for answer in seen] == [False, True]


def test_the_provider_of_a_shared_tenant_is_left_alone(admin: Administration, oauth: OAuth) -> None:
    with pytest.raises(NotVerifiable, match="OBO_EXCLUSIVE_TENANT"):
        ProviderSwitch(admin, False, 0, oauth.metadata()).metadata_while_off(PASSWORD, oauth.metadata)
