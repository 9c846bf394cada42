"""The provider is changed for one look at it, only where the run may, and put back although others saved meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.provider_switch import ProviderSwitch
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import NotVerifiable
from fixtures.tenant.exchange import Answer
from fixtures.tenant.journal import Journal
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.oauth_terms import PASSWORD
from fixtures.tenant.provider_changes import CODE_LIFETIME, setting_of, with_setting
from fixtures.tenant.undo import undo_all

OTHER_SETTING = "coreOAuth2Config.accessTokenLifetime"


@pytest.fixture
def journal(admin: Administration, tmp_path: Path) -> Journal:
    return Journal(tmp_path, "switch", admin.tenant_url, admin.realm)


@pytest.fixture
def switch(admin: Administration, journal: Journal) -> ProviderSwitch:
    return ProviderSwitch(admin, True, 0, None, journal)


def test_metadata_is_read_while_a_grant_type_is_off(
    admin: Administration, oauth: OAuth, switch: ProviderSwitch, journal: Journal
) -> None:
    provider, before = admin.provider(), oauth.metadata().members["grant_types_supported"]
    seen = switch.metadata_while_off(PASSWORD, oauth.metadata)
    assert seen.members["grant_types_supported"] == [grant for grant in before if grant != PASSWORD]
    assert admin.provider() == provider
    assert not journal.path.exists()


def test_a_change_is_over_only_when_the_grant_type_is_seen_to_be_on_again(oauth: OAuth, switch: ProviderSwitch) -> None:
    seen: list[Answer] = []

    def fetch() -> Answer:
        seen.append(oauth.metadata())
        return seen[-1]

    switch.metadata_while_off(PASSWORD, fetch)
    assert [PASSWORD in answer.members["grant_types_supported"] for answer in seen] == [False, True]


def test_the_provider_of_a_shared_tenant_is_left_alone(admin: Administration, oauth: OAuth, journal: Journal) -> None:
    with pytest.raises(NotVerifiable, match="OBO_EXCLUSIVE_TENANT"):
        ProviderSwitch(admin, False, 0, oauth.metadata(), journal).metadata_while_off(PASSWORD, oauth.metadata)


def test_what_others_save_meanwhile_stays(admin: Administration, oauth: OAuth, switch: ProviderSwitch) -> None:
    before = admin.provider()

    def look_while_somebody_saves() -> Answer:
        admin.save_provider(with_setting(admin.provider(), OTHER_SETTING, 1234))
        return oauth.metadata()

    switch.metadata_while_off(PASSWORD, look_while_somebody_saves)
    after = admin.provider()
    admin.save_provider(before)
    assert setting_of(after, OTHER_SETTING) == 1234
    assert PASSWORD in after["advancedOAuth2Config"]["grantTypes"]


class TestKilled:
    """The journal says what to put back."""

    def test_while_a_grant_type_is_off(self, admin: Administration, switch: ProviderSwitch, journal: Journal) -> None:
        before = admin.provider()

        def killed() -> Answer:
            journal.close()  # as the system does when it ends a process
            left = Journal.take_over(journal.path)
            assert left
            assert undo_all(admin, [left]) == []
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            switch.metadata_while_off(PASSWORD, killed)
        assert admin.provider() == before

    def test_while_a_setting_is_changed(self, admin: Administration, switch: ProviderSwitch, journal: Journal) -> None:
        before = admin.provider()
        switch.with_own_setting()
        journal.close()
        left = Journal.take_over(journal.path)
        assert left
        assert undo_all(admin, [left]) == []
        assert admin.provider() == before

    def test_a_setting_that_somebody_else_changed_since_is_theirs(
        self, admin: Administration, switch: ProviderSwitch, journal: Journal
    ) -> None:
        before = admin.provider()
        switch.with_own_setting()
        admin.save_provider(with_setting(admin.provider(), CODE_LIFETIME, 77))
        switch.put_back()
        after = admin.provider()
        admin.save_provider(before)
        assert setting_of(after, CODE_LIFETIME) == 77
        assert not journal.path.exists()
