"""Moods are found by name, and a wrong name is met with the nearest."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reference_server import moods
from reference_server.register import Register, UnknownName
from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import ROOT

ENVIRONMENT = {"slow", "lagging", "flaky", "forgetful", "throttling"}


def test_every_mood_of_a_tenant_names_what_allows_it() -> None:
    assert {name for name, mood in moods.load().items() if not mood.legal} == ENVIRONMENT
    assert len(moods.load()) >= 20 + len(ENVIRONMENT)


def test_an_unknown_mood_is_met_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="no mood is called 'aud-aray'; the nearest: aud-array"):
        ReferenceServer(moods=["aud-aray"])


def test_a_name_is_given_once() -> None:
    register: Register[moods.Mood] = Register("mood", "reference_server.moods")
    register.add(moods.find("slow"))
    with pytest.raises(ValueError, match="two moods are called slow"):
        register.add(moods.find("slow"))


@pytest.mark.parametrize("option", ["--mood", "--tenant-mood"])
def test_the_command_refuses_an_unknown_mood(option: str) -> None:
    ended = _command("--port", "0", option, "laging")
    assert (ended.returncode, "lagging" in ended.stderr) == (4, True)


def test_the_command_lists_the_moods() -> None:
    ended = _command("--list-moods")
    assert ended.returncode == 0
    assert {line.split()[0] for line in ended.stdout.splitlines()} == moods.load().keys()


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reference_server", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
