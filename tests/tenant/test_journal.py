"""The journal: written before, struck off after, readable by its owner alone, and left behind only with a reason."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fixtures.tenant.errors import HarnessError
from fixtures.tenant.journal import AI_AGENT, Journal


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


@pytest.mark.parametrize("text", ["", '{"run": "a'])
def test_journal_without_entries_is_cleared_away(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal-x.jsonl"
    path.write_text(text)
    assert Journal.take_over(path) is None
    assert not path.exists()


def test_what_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal-x.jsonl"
    path.write_text('{"something": "else"}\n')
    with pytest.raises(HarnessError, match="not a journal of this suite"):
        Journal.take_over(path)
    assert path.exists()


def test_without_a_journal_nothing_begins(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HarnessError, match="without a journal nothing is created"):
        Journal(tmp_path / "file", "abc123", "https://tenant.example", "alpha").note("user", "id-1")
