"""`python3 run report`: a page of a run, opened in a browser as a reader would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fixtures.page.__main__ import main
from fixtures.page.node import PageError
from tests.report.toy import Toy

FEATURE = """
@task_4_2
Feature: Task 4.2 Get a token

  Rule: Step 1 - ask

    @OBO-4.2X-01
    Scenario: It is refused
      Given an agent
      When it asks for "none"
      Then a token is issued
"""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ITS_OWN = (".google.com", ".googleapis.com", ".gvt1.com")
"""Whom the browser asks for itself, whatever page it shows."""
MOST_BYTES = 6_000_000
needs_browser = pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run in which a requirement failed."""
    toy = Toy(tmp_path_factory.mktemp("page"))
    toy.write("features/task_4_2.feature", FEATURE)
    assert toy.run("-q").returncode == 1
    return toy.folder


@pytest.fixture(scope="module")
def page(run: Path) -> Path:
    """The page of it; the generator's tools are shared with other runs of these tests."""
    tools = Path(__file__).parents[2] / ".obo" / "page"
    (run / ".obo").mkdir()
    (run / ".obo" / "page").symlink_to(tools)
    tools.mkdir(parents=True, exist_ok=True)
    assert main([str(run / "allure-results"), "--no-open"], root=run) == 0
    return run / "allure-report" / "index.html"


def opened(page: Path, fragment: str, folder: Path) -> tuple[str, list[str]]:
    """What a browser shows of the page, as HTML, and the hosts that it asked."""
    log = folder / "net.json"
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", "--virtual-time-budget=8000"]
    shown = subprocess.run(  # noqa: S603 - a browser of this machine
        [*command, f"{page.as_uri()}{fragment}"], capture_output=True, text=True, timeout=90, check=False
    )
    assert shown.returncode == 0, shown.stderr
    asked = re.findall(r'"url":"https?://([^/"]*)', log.read_text(encoding="utf-8"))
    return shown.stdout, [host for host in asked if not host.endswith(ITS_OWN)]


@needs_browser
def test_a_reader_finds_verdict_and_failure_and_nothing_is_fetched(page: Path, tmp_path: Path) -> None:
    shown, asked = opened(page, "", tmp_path)
    assert "OBO Conformance - the guide: does not conform" in shown
    assert "It is refused" in shown
    assert "Task 4.2 Get a token" in shown
    assert asked == []


@needs_browser
def test_the_page_begins_with_the_causes_and_leads_to_the_scenario_to_read(page: Path, tmp_path: Path) -> None:
    shown, _ = opened(page, "", tmp_path)
    front = shown[shown.index('<section id="front">') : shown.index("</section>", shown.index('id="front"'))]
    assert "1 failed scenario, 1 cause" in front
    assert "Task 1, Grant Types: <em>Token Exchange</em> seems not to be selected" in front
    link = re.search(r'<a href="#(\w+)">It is refused</a>', front)
    assert link
    read, _ = opened(page, f"#{link[1]}", tmp_path)
    assert '<section id="front" hidden="">' in read
    assert "Category: 1. Task 1, Grant Types" in re.sub(r"<[^>]*>|\s+", " ", read).replace("  ", " ")


@needs_browser
def test_a_failed_scenario_says_what_was_expected_and_where_to_look(page: Path, tmp_path: Path) -> None:
    results: dict[str, Any] = json.loads((page.parent / "test-results.json").read_text())["byId"]
    failed = next(number for number, result in results.items() if result["status"] == "failed")
    shown, _ = opened(page, f"#{failed}", tmp_path)
    text = re.sub(r"<[^>]*>", " ", shown)
    assert "expected a token; actual: none" in text
    assert "Look at Task 1, step 2a (Grant Types)" in text
    assert "Then a token is issued" in text
    assert "steps/checks" not in text


def test_the_page_is_small(page: Path) -> None:
    assert page.stat().st_size < MOST_BYTES


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (Path.exists, "no results there; a run writes them: python3 run"),
        (lambda folder: (folder / "a-result.json").write_text("{}"), "its run did not come to an end"),
        (
            lambda folder: [
                (folder / name).write_text(text)
                for name, text in {"a-result.json": "{}", "environment.properties": "SuiteVersion=0.0.1\n"}.items()
            ],
            "results of version 0.0.1",
        ),
    ],
)
def test_results_that_make_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str], prepare: Any, said: str) -> None:
    folder = tmp_path / "allure-results"
    folder.mkdir()
    prepare(folder)
    assert main([str(folder)], root=tmp_path) == 4
    assert said in capsys.readouterr().err


def test_results_of_another_run_are_not_shown(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles: list[str] = []

    def generate(*_: Any, title: str, **__: Any) -> None:
        titles.append(title)
        raise PageError("seen enough")

    monkeypatch.setattr("fixtures.page.__main__.generate", generate)
    shutil.copytree(run / "allure-results", tmp_path / "allure-results")
    document = json.loads((run / "obo-results.json").read_text())
    for started in (document["started"], "2026-01-01T00:00:00.000+00:00"):
        (tmp_path / "obo-results.json").write_text(json.dumps(document | {"started": started}))
        assert main([str(tmp_path / "allure-results")], root=run) == 10
    assert titles == ["OBO Conformance - the guide: does not conform", "OBO Conformance"]


def test_without_node_the_results_are_kept_and_two_ways_are_named(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unavailable(*_: Any, **__: Any) -> None:
        raise PageError("Node.js could not be installed; the lines above say why")

    monkeypatch.setattr("fixtures.page.__main__.generate", unavailable)
    assert main([str(run / "allure-results")], root=run) == 10
    said = capsys.readouterr().err
    assert "Node.js could not be installed" in said
    assert "npx allure@3.18.0 generate allure-results" in said
    assert "npx allure-commandline@2.46.1 generate allure-results" in said
    assert list((run / "allure-results").glob("*-result.json"))
