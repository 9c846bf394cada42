"""The journal: written before, struck off after, readable by its owner alone, and left behind only with a reason."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from fixtures.tenant.errors import HarnessError
from fixtures.tenant.journal import AI_AGENT, Journal, abandoned, tenant_named_in


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / ".obo", "abc123", "https://tenant.example", "alpha")


def test_no_file_before_the_first_entry(journal: Journal) -> None:
    journal.close()
    assert not journal.path.exists()


def test_file_and_folder_are_private(journal: Journal) -> None:
    journal.note("user", "id-1", "obo-abc123-barbara.jensen")
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700
    journal.close()


def test_nobody_holds_the_journal_of_another_tenant(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.note("user", "id-1", "somebody")
    journal.close()
    found = list(abandoned(journal.path.parent, "https://tenant.example"))
    assert [each.run for each in found] == ["abc123"]
    found[0].close()
    monkeypatch.setattr(Journal, "take_over", lambda path: pytest.fail(f"{path} was taken over"))
    assert list(abandoned(journal.path.parent, "https://other.example")) == []


def test_whose_a_journal_is_can_be_told_as_when_it_is_taken_over(journal: Journal) -> None:
    entry = journal.note(AI_AGENT, "id-1")
    journal.close()
    journal.path.write_text(f"\n{{ cut off\n{journal.path.read_text()}")
    assert tenant_named_in(journal.path) == journal.tenant_url
    again = Journal.take_over(journal.path)
    assert again is not None
    assert (again.tenant_url, again.open_entries()) == (journal.tenant_url, [entry])
    again.close()


def test_another_process_takes_over_what_is_open(journal: Journal) -> None:
    first = journal.note("user", "id-1", "somebody")
    journal.note(AI_AGENT, "agent-1")
    journal.strike(first)
    journal.close()
    other = Journal.take_over(journal.path)
    assert other
    assert [str(entry) for entry in other.open_entries()] == ["AI agent agent-1"]
    assert (other.run, other.tenant_url, other.realm) == ("abc123", "https://tenant.example", "alpha")
    assert other.note("user", "id-2").number == 3
    other.close()


def test_file_goes_when_nothing_is_left(journal: Journal) -> None:
    journal.strike(journal.note("user", "id-1"))
    journal.close()
    assert not journal.path.exists()


def test_run_at_work_keeps_its_journal(journal: Journal) -> None:
    journal.note("user", "id-1")
    assert Journal.take_over(journal.path) is None
    assert journal.path.exists()
    journal.close()


def test_line_that_a_kill_cut_off_is_ignored(journal: Journal) -> None:
    journal.note("user", "id-1")
    journal.close()
    with journal.path.open("a") as file:
        file.write('{"number": 2, "kind": "us')
    other = Journal.take_over(journal.path)
    assert other
    assert [entry.id for entry in other.open_entries()] == ["id-1"]
    other.close()


def test_what_follows_a_line_that_a_kill_cut_off_is_a_line_of_its_own(journal: Journal) -> None:
    first = journal.note("user", "id-1")
    journal.close()
    with journal.path.open("a") as file:
        file.write('{"number": 2, "kind": "us')
    other = Journal.take_over(journal.path)
    assert other
    other.strike(first)
    other.note("user", "id-2")
    other.close()
    again = Journal.take_over(journal.path)
    assert again
    assert [entry.id for entry in again.open_entries()] == ["id-2"]
    again.close()


def test_entries_are_on_the_disk_before_the_request(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(journal.path.read_text()))
    entry = journal.note("user", "id-1")
    journal.strike(entry)
    assert len(synced) == 1
    assert '"id": "id-1"' in synced[0]
    journal.close()


def test_what_is_set_aside_stays_in_the_file(journal: Journal) -> None:
    journal.set_aside(journal.note("user", "id-1"))
    assert journal.open_entries() == []
    journal.close()
    left = Journal.take_over(journal.path)
    assert left
    assert [entry.id for entry in left.open_entries()] == ["id-1"]
    left.close()


@pytest.mark.parametrize("text", ["", '{"run": "a'])
def test_journal_without_entries_is_cleared_away(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal-x.jsonl"
    path.write_text(text)
    assert Journal.take_over(path) is None
    assert not path.exists()


HEAD = '{"run": "x", "tenant": "https://tenant.example", "realm": "alpha"}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"something": "else"}', "not a journal of this suite"),
        (HEAD + '{"number": 1, "kind": "user", "id": 7, "name": "obo-x-a"}', "not a journal of this suite"),
        (HEAD + '{"number": 1, "kind": "user"}', "not a journal of this suite"),
        (HEAD.replace('"x"', '"y"'), "another run"),
        (HEAD.replace('"x"', '""'), "another run"),
    ],
    ids=["something else", "odd id", "no id", "another run's", "nobody's"],
)
def test_what_is_no_journal_is_left_alone(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "journal-x.jsonl"
    path.write_text(text + "\n")
    with pytest.raises(HarnessError, match=message):
        Journal.take_over(path)
    assert path.exists()


def test_without_a_journal_nothing_begins(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HarnessError, match="without a journal nothing is created"):
        Journal(tmp_path / "file", "abc123", "https://tenant.example", "alpha").note("user", "id-1")
