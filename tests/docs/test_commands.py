"""Each command of the documentation does what the page says; each page is built and leads somewhere."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from fixtures.settings.table import VARIABLES

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^( *)```sh\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
STATUS = re.compile(r"  # exit status (\d+)$")


def commands(page: Path) -> list[str]:
    """The lines of a page's shell blocks; what needs a tenant or keys of yours stands in text blocks."""
    return [line.strip() for _, block in BLOCK.findall(page.read_text(encoding="utf-8")) for line in block.splitlines()]


def front_door(folder: Path) -> ModuleType:
    """`run` of a copy, as a module."""
    loader = importlib.machinery.SourceFileLoader("front_door", str(folder / "run"))
    specification = importlib.util.spec_from_loader("front_door", loader)
    assert specification is not None
    module = importlib.util.module_from_spec(specification)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the environment of this one, in which something was run already."""
    folder = tmp_path_factory.mktemp("docs") / "project"
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    for name in filter(None, names.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "run").chmod(0o755)
    environment = Path(sys.prefix)
    (folder / ".venv").mkdir()
    for each in environment.iterdir():
        if each.suffix != ".sha256":
            (folder / ".venv" / each.name).symlink_to(each)
    door = front_door(folder)
    for lock, stamp in (door.RUNTIME, door.DEVELOPMENT):
        stamp.write_text(door.fingerprint(lock))
    (folder / ".obo").mkdir()
    tools = ROOT / ".obo" / "page"
    tools.mkdir(parents=True, exist_ok=True)
    (folder / ".obo" / "page").symlink_to(tools)
    assert shell(folder, "python3 run -q --requirement OBO-4.2X-01").returncode == 0
    return folder


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a reader would, without any setting of this machine."""
    others = {name: value for name, value in os.environ.items() if name not in VARIABLES and name != "PYTEST_ADDOPTS"}
    path = os.pathsep.join([str(Path(sys.prefix) / "bin"), others["PATH"]])
    return subprocess.run(  # noqa: S603 - the documentation's own lines
        ["sh", "-c", command],  # noqa: S607
        cwd=folder,
        env=others | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page_work(project: Path, page: Path) -> None:
    for line in commands(page):
        told = STATUS.search(line)
        done = shell(project, STATUS.sub("", line))
        assert done.returncode == (int(told[1]) if told else 0), f"{line}\n{done.stdout}{done.stderr}"


def test_the_pages_are_built_and_no_link_is_dead(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert built.returncode == 0, built.stderr
    requirements = (tmp_path / "reference" / "requirements.html").read_text(encoding="utf-8")
    assert requirements.count("<h3") == 140
    assert "OBO-LOG-02" in (tmp_path / "reference" / "not-tested.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_variable_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"\bOBO_[A-Z_]*[A-Z]\b(?!_)", page.read_text(encoding="utf-8")))
    assert named <= set(VARIABLES)
