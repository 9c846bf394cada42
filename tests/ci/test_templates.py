"""Templates for CI systems: as their schemas say, and without weaknesses that a scanner knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = ("ci/github-actions.yml", ".github/workflows/ci.yml")
SCHEMAS = {
    **dict.fromkeys(WORKFLOWS, "vendor.github-workflows"),
    "action.yml": "vendor.github-actions",
    "ci/gitlab-ci.yml": "vendor.gitlab-ci",
}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, on files of the project."""
    tool = Path(sys.executable).with_name(command[0])
    return subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize("file", SCHEMAS)
def test_a_template_is_as_its_schema_says(file: str) -> None:
    checked = run("check-jsonschema", "--builtin-schema", SCHEMAS[file], file)
    assert checked.returncode == 0, checked.stdout


def test_the_scanner_finds_nothing() -> None:
    scanned = run("zizmor", "--offline", "--no-progress", "--persona=pedantic", *WORKFLOWS, "action.yml")
    assert scanned.returncode == 0, scanned.stdout


@pytest.mark.parametrize("file", [*WORKFLOWS, "action.yml"])
def test_actions_of_others_are_pinned_by_hash(file: str) -> None:
    used = re.findall(r"uses: (\S+)(.*)", (ROOT / file).read_text(encoding="utf-8"))
    for action, comment in used:
        assert action == "./" or (re.search(r"@[0-9a-f]{40}$", action) and re.match(r" # v\d", comment)), action


def test_every_variable_that_the_templates_set_is_one_of_ours() -> None:
    from fixtures.settings.table import VARIABLES

    text = "".join((ROOT / file).read_text(encoding="utf-8") for file in SCHEMAS)
    assert set(re.findall(r"\bOBO_[A-Z_]+", text)) <= set(VARIABLES)


def test_no_secret_is_copied_into_the_image() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    sources = {name for line in copied for name in line.split()}
    assert sources == {
        "requirements.lock",
        "conftest.py",
        "pyproject.toml",
        "features",
        "fixtures",
        "reference_server",
        "steps",
    }
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == sources
