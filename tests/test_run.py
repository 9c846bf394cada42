"""The front door: when the environment counts as ready, what a command becomes, and what a failed set-up says.

Each test has a front door of its own, a copy in an empty folder, with a pip that installs nothing.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONFORMANCE = ["-m", "pytest", "-n", "auto", "--assert=plain", "-p", "no:hypothesispytest"]


class Stage:
    """A front door in a folder of its own; `installed` and `became` tell what it did."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        shutil.copy(ROOT / "run", folder / "run")
        self.folder = folder
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (folder / lock).write_text(f"# {lock}\n")
        self.door = load(folder / "run")
        self.installed: list[str] = []
        self.became: list[Sequence[str]] = []
        self.pip_status = 0
        monkeypatch.chdir(folder)
        monkeypatch.setattr(venv, "create", self._create)
        monkeypatch.setattr(subprocess, "call", self._pip)
        monkeypatch.setattr(self.door, "become", self._become)

    def __call__(self, *arguments: str) -> int:
        status: int = self.door.main(list(arguments))
        return status

    def _create(self, _: Path, **__: object) -> None:
        self.door.BIN.mkdir(parents=True)
        self.door.PYTHON.touch()

    def _pip(self, command: Sequence[str]) -> int:
        assert "--require-hashes" in command
        self.installed.append(command[-1])
        return self.pip_status

    def _become(self, command: Sequence[str]) -> int:
        self.became.append(command[1:])
        return 0


def load(path: Path) -> ModuleType:
    loader = SourceFileLoader("front_door", str(path))
    spec = importlib.util.spec_from_loader("front_door", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Stage(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ((), CONFORMANCE),
        (("features", "-n", "3"), [*CONFORMANCE, "features", "-n", "3"]),
        (("tests", "-x"), ["-m", "pytest", "tests", "-x"]),
        (("provision", "--env-file", "f"), ["-m", "fixtures.provision", "provision", "--env-file", "f"]),
        (("reap",), ["-m", "fixtures.provision", "reap"]),
        (("load", "--users", "5"), ["-m", "load", "--users", "5"]),
    ],
)
def test_a_command_becomes_a_module_in_the_environment(
    stage: Stage, arguments: tuple[str, ...], command: list[str]
) -> None:
    assert stage(*arguments) == 0
    assert stage.became == [command]


def test_the_environment_is_set_up_once(stage: Stage) -> None:
    stage()
    stage("-x")
    assert stage.installed == ["requirements.lock"]


def test_the_suites_own_tests_add_the_development_tools(stage: Stage) -> None:
    stage()
    stage("tests")
    stage("tests")
    assert stage.installed == ["requirements.lock", "requirements-dev.lock"]


def test_a_changed_lock_file_makes_the_environment_anew(stage: Stage) -> None:
    stage("tests")
    left_over = stage.door.VENV / "left-over"
    left_over.touch()
    (stage.folder / "requirements.lock").write_text("# changed\n")
    stage("tests")
    assert stage.installed == ["requirements.lock", "requirements-dev.lock"] * 2
    assert not left_over.exists()


def test_another_python_makes_the_environment_anew(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage()
    monkeypatch.setattr(sys, "version", f"{sys.version} (another)")
    stage()
    assert stage.installed == ["requirements.lock"] * 2


def test_half_a_set_up_does_not_count(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.pip_status = 1
    assert stage() == 10
    assert "requirements.lock could not be installed" in capsys.readouterr().err
    stage.pip_status = 0
    assert stage() == 0
    assert stage.installed == ["requirements.lock"] * 2


def test_an_interrupted_set_up_does_not_count(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage()
    (stage.folder / "requirements.lock").write_text("# changed\n")

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "call", interrupted)
        with pytest.raises(KeyboardInterrupt):
            stage()
    (stage.folder / "requirements.lock").write_text("# requirements.lock\n")
    stage()
    assert stage.installed == ["requirements.lock"] * 2


def test_a_second_process_waits_and_uses_what_the_first_one_made(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    arrived = threading.Event()
    lock_of_the_first = stage.door.one_at_a_time()
    one_at_a_time = stage.door.one_at_a_time

    def announced() -> object:
        arrived.set()
        return one_at_a_time()

    monkeypatch.setattr(stage.door, "one_at_a_time", announced)
    second = threading.Thread(target=stage)
    with lock_of_the_first:
        second.start()
        assert arrived.wait(10)
        stage.door.make_venv()
        stage.door.install(*stage.door.RUNTIME)
    second.join(10)
    assert stage.became == [CONFORMANCE]
    assert stage.installed == ["requirements.lock"]


def test_an_old_python_is_told_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stage.door, "OLDEST", (99, 0))
    assert stage() == 4
    assert capsys.readouterr().err.startswith("Python 3.11 or newer is needed; this is ")


def test_a_python_without_ensurepip_names_the_package_to_install(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert stage() == 10
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"apt-get install python{version}-venv" in capsys.readouterr().err


def test_all_checks_run_even_when_one_fails(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = {"good": "pass", "bad": "print('what is wrong'); raise SystemExit(3)", "later": "pass"}
    checks = {name: [sys.executable, "-c", program] for name, program in programs.items()}
    monkeypatch.setattr(stage.door, "CHECKS", checks)
    assert stage("check") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["good", "ok"], ["bad", "failed"], ["what", "is"], ["later", "ok"]]


def test_every_check_passing_is_success(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage.door, "CHECKS", {"good": [sys.executable, "-c", "pass"]})
    assert stage("check") == 0


def test_ci_calls_the_front_door_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert [line for line in lines if line.startswith("python3")] == [
        "python3 run",
        "python3 run tests",
        "python3 run check",
        "python3 run interop",
        "python3 run torture --short",
        "python3 run kill-matrix --check",
    ]
    assert "set -euo pipefail" in lines
