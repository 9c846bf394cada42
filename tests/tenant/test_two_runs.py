"""Two runs on one tenant: a grant stays for who needs it, and the last to end withdraws it, on one machine or two."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.tenant import naming, runs_at_work
from fixtures.tenant.admin import Administration
from fixtures.tenant.exchange import Request
from fixtures.tenant.http import Http
from fixtures.tenant.journal import Journal
from fixtures.tenant.oauth_terms import TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from fixtures.tenant.undo import undo_all
from tests.tenant.observers import Recorder

Inventory = Callable[[], dict[str, Any]]


def run(admin: Administration, journals: Path, *, kept: bool = False) -> Provisioning:
    """A run at work: it has made a user, and then seen to it that the provider offers token exchange."""
    provisioning = Provisioning.begin(admin, journals, kept=kept)
    provisioning.create_user("barbara.jensen")
    provisioning.enable_provider_grants(TOKEN_EXCHANGE)
    return provisioning


def end(provisioning: Provisioning) -> list[str]:
    """The end of a run; returns what became of each thing."""
    told: list[str] = []
    journals = [provisioning.journal]
    assert undo_all(provisioning.admin, journals, lambda what, _: told.append(what), end_of_run=True) == []
    return told


def offers(admin: Administration) -> bool:
    return TOKEN_EXCHANGE in admin.provider_grants()


def test_the_last_one_to_end_withdraws_what_the_first_added(
    admin: Administration, inventory: Inventory, tmp_path: Path
) -> None:
    before = inventory()
    first, second = run(admin, tmp_path), run(admin, tmp_path)
    assert second.journal.open_entries()[-1].kind == "user"
    assert end(first) == ["removed", "still needed by another run"]
    assert offers(admin)
    assert end(second) == ["removed", "removed"]
    assert inventory() == before
    assert not list(tmp_path.iterdir())


def test_on_another_machine_the_first_comes_back_for_it(
    admin: Administration, inventory: Inventory, tmp_path: Path
) -> None:
    before = inventory()
    first, second = run(admin, tmp_path / "here"), run(admin, tmp_path / "there")
    end(first)
    end(second)
    assert offers(admin)
    left = Journal.take_over(first.journal.path)
    assert left
    assert undo_all(admin, [left]) == []
    assert inventory() == before


def test_what_a_killed_run_left_keeps_nothing_here(admin: Administration, tmp_path: Path) -> None:
    killed = run(admin, tmp_path)
    killed.enable_provider_grants(TOKEN_EXCHANGE)
    killed.journal.close()  # as the system does when it ends a process
    other = Provisioning.begin(admin, tmp_path)
    other.create_user("barbara.jensen")
    left = Journal.take_over(killed.journal.path)
    assert left
    undo_all(admin, [left])
    assert offers(admin)
    end(other)
    assert not offers(admin)


def test_what_was_killed_elsewhere_keeps_it_for_some_hours(
    admin: Administration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = run(admin, tmp_path / "there")
    own = Provisioning.begin(admin, tmp_path)
    own.journal.note("provider-grant", TOKEN_EXCHANGE)
    assert end(own) == ["still needed by another run"]
    monkeypatch.setattr(runs_at_work, "LONGEST_RUN_HOURS", 0)
    left = Journal.take_over(own.journal.path)
    assert left
    assert undo_all(admin, [left]) == []
    assert not offers(admin)
    assert killed.remove_all() == []


def test_a_kept_set_up_keeps_what_it_needs(admin: Administration, inventory: Inventory, tmp_path: Path) -> None:
    before = inventory()
    first = run(admin, tmp_path)
    kept = run(admin, tmp_path, kept=True)
    kept.journal.close()
    assert end(first) == ["removed", "still needed by another run"]
    assert end(run(admin, tmp_path)) == ["removed", "still needed by another run"]
    left = Journal.take_over(kept.journal.path)
    assert left
    assert end(Provisioning(admin, left)) == ["removed", "removed"]
    assert inventory() == before


def test_a_run_that_begins_while_a_grant_is_withdrawn_gets_it_back(
    admin: Administration, http: Http, inventory: Inventory, tmp_path: Path
) -> None:
    before = inventory()
    first = run(admin, tmp_path)
    late = Provisioning.begin(admin, tmp_path / "there")

    class Beginning(Recorder):
        def sending(self, request: Request) -> None:
            if request.method == "PUT" and request.url.endswith("oauth-oidc") and not late.journal.open_entries():
                late.create_user("barbara.jensen")

    http.observers.append(Beginning())
    assert end(first) == ["removed", "still needed by another run"]
    assert offers(admin)
    http.observers.clear()
    assert late.remove_all() == []
    left = Journal.take_over(first.journal.path)
    assert left
    assert undo_all(admin, [left]) == []
    assert inventory() == before


@pytest.mark.parametrize(
    ("name", "owner"), [("obo-aoux2d80cv-barbara", "aoux2d80cv"), ("obo-steps", None), ("alice", None)], ids=str
)
def test_names_say_whose_they_are(name: str, owner: str | None) -> None:
    assert naming.run_of(name) == owner


def test_names_say_since_when_a_run_works() -> None:
    now = time.time()
    assert 0 <= naming.hours_since(naming.Naming.fresh().run, now) < 1
    assert naming.hours_since(naming.Naming.fresh(kept=True).run, now + 1e9) == 0
