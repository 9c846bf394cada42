"""waivers.toml: who answers for a failure, until when, and when a waiver is to go."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from fixtures.report.waivers import Waivers, WaiversError, suggested

TODAY = date(2026, 11, 25)
TARGET = "https://tenant.example.com"
ARM = "features/task_4_2.feature: It works [a-b]"
ARMS = {"OBO-1-01": [ARM, "features/x.feature: Other"]}
WAIVER = """
[[waiver]]
requirement = "OBO-1-01"
target = "https://*.example.com"
reason = "known to the vendor"
ticket = "OPS-7"
owner = "barbara.jensen"
until = 2026-12-31
"""


def read(tmp_path: Path, text: str, target: str = TARGET) -> Waivers:
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    return Waivers.read(path, target, TODAY)


def test_a_waiver_covers_a_requirement_on_a_target_until_its_date(tmp_path: Path) -> None:
    waiver = read(tmp_path, WAIVER).waiver_of("OBO-1-01", ARM)
    assert str(waiver) == "waived by barbara.jensen until 2026-12-31: known to the vendor (OPS-7)"
    assert read(tmp_path, WAIVER).waiver_of("OBO-1-02", ARM) is None
    assert read(tmp_path, WAIVER, "https://example.org").waiver_of("OBO-1-01", ARM) is None


@pytest.mark.parametrize(("until", "covered"), [("2026-11-24", False), ("2026-11-25", True)])
def test_the_last_day_counts(tmp_path: Path, until: str, covered: bool) -> None:
    waivers = read(tmp_path, WAIVER.replace("2026-12-31", until))
    assert (waivers.waiver_of("OBO-1-01", ARM) is not None) is covered


@pytest.mark.parametrize(("scenario", "covered"), [("It works", True), (ARM, True), ("It", False)])
def test_a_waiver_may_be_of_one_scenario(tmp_path: Path, scenario: str, covered: bool) -> None:
    waivers = read(tmp_path, WAIVER + f'scenario = "{scenario}"\n')
    assert (waivers.waiver_of("OBO-1-01", ARM) is not None) is covered
    assert waivers.waiver_of("OBO-1-01", "features/x.feature: Other") is None


def test_without_a_file_nothing_is_waived(tmp_path: Path) -> None:
    assert Waivers.read(tmp_path / "waivers.toml", TARGET, TODAY).listed == ()


@pytest.mark.parametrize(
    ("change", "verified", "said"),
    [
        ("", [], None),
        ("", [("OBO-1-01", ARM)], None),
        ("", [("OBO-1-01", arm) for arm in ARMS["OBO-1-01"]], "healed, it holds now"),
        ("until = 2026-11-24", [], "expired on 2026-11-24; take it out, or let barbara.jensen answer"),
        ('requirement = "OBO-9-99"', [], "there is no such requirement"),
        ('scenario = "Gone"', [], "the requirement has no such scenario"),
        ('scenario = "Other"', [("OBO-1-01", "features/x.feature: Other")], "healed"),
        ('target = "https://other"\nrequirement = "OBO-9-99"', [], None),
    ],
)
def test_what_is_to_be_taken_out(
    tmp_path: Path, change: str, verified: list[tuple[str, str]], said: str | None
) -> None:
    names = [line.partition(" ")[0] for line in change.splitlines()]
    kept = [line for line in WAIVER.splitlines() if line.partition(" ")[0] not in names]
    stale = read(tmp_path, "\n".join([*kept, change])).stale(ARMS, verified)
    assert [said in line for line in stale if said] == ([True] if said else [])
    assert len(stale) == bool(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("reason", "has no reason"),
        ('reason = ""', "reason must be a text"),
        ('until = "31 December"', "until = 31 December is no date"),
        ("until = 2026-12-31T00:00:00", "is no date"),
        ("ticket = 7", "ticket must be a text"),
        ('note = "x"', "unknown key 'note'"),
    ],
)
def test_a_waiver_that_is_not_complete_is_refused(tmp_path: Path, change: str, said: str) -> None:
    name, _, value = change.partition(" ")
    kept = [line for line in WAIVER.splitlines() if line.partition(" ")[0] != name]
    with pytest.raises(WaiversError, match=r"^waivers\.toml, waiver 1: ") as caught:
        read(tmp_path, "\n".join([*kept, change if value else ""]))
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["[[waiver]", "[waivers]", "waiver = 3", "\x00"])
def test_a_file_that_holds_no_waivers_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(WaiversError, match=r"^waivers\.toml"):
        read(tmp_path, text)


def test_a_suggestion_is_complete_but_for_who_answers() -> None:
    text = suggested([("OBO-1-01", 'said "no"')], TARGET, TODAY)
    assert tomllib.loads(text)["waiver"][0] == {
        "requirement": "OBO-1-01",
        "target": TARGET,
        "reason": "",
        "ticket": "",
        "owner": "",
        "until": TODAY,
    }
