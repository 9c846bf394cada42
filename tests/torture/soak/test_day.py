"""A day of a tenant's clock: what expires is forgotten, and memory stays what it was."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from tests.torture.conftest import Count, Length

LONGEST_SECONDS = 1800  # five minutes it is, on a core of its own
EXCHANGES = 1_000_000
SLACK = 100
KEPT_FOR_A_WEEK = "revocations._revoked."
CAPACITY = 20_000  # of the JWTs that are known by their spelling


@dataclass(frozen=True)
class Look:
    """What a tenant holds at some time."""

    when: str
    exchanges: int
    bytes: int
    held: dict[str, int]
    cpu: float


@pytest.fixture(scope="module")
def looks(length: Length) -> list[Look]:
    """A tenth of the day, the day, nine days later."""
    command = [sys.executable, "-m", "tests.torture.soak.day", str(length.of(EXCHANGES))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return [Look(**json.loads(line)) for line in done.stdout.splitlines()]


def expiring(look: Look) -> dict[str, int]:
    """The tables of what expires, but not the revocations, which outlive their tokens by a week."""
    return {
        path: number for path, number in look.held.items() if path.endswith("._entries") and KEPT_FOR_A_WEEK not in path
    }


def test_memory_after_a_day_is_at_most_twice_what_it_was_after_a_tenth(looks: list[Look], count: Count) -> None:
    early, late, _ = looks
    count("exchanges in a simulated day", late.exchanges)
    count("megabytes after a tenth of it", early.bytes >> 20)
    count("megabytes after all of it", late.bytes >> 20)
    assert late.exchanges >= 9 * early.exchanges
    assert late.bytes <= 2 * early.bytes


def test_nothing_but_revocations_grows_once_tokens_expire(looks: list[Look]) -> None:
    early, late, _ = looks
    assert expiring(late), "nothing was held"
    grown = {path: number for path, number in late.held.items() if number > 1.5 * early.held.get(path, 0) + SLACK}
    known = {path for path in grown if KEPT_FOR_A_WEEK in path}
    jwts = {path: number for path, number in grown.items() if path.endswith("._recent_jwts")}
    assert grown.keys() == known | jwts.keys()
    assert all(number <= CAPACITY for number in jwts.values())


def test_all_that_expires_is_forgotten_in_the_end(looks: list[Look]) -> None:
    _, late, later = looks
    left: dict[str, Any] = {path: number for path, number in later.held.items() if path.endswith("._entries")}
    lifetime_of_a_token_in_requests = 4200 // 5
    assert max(left.values()) <= lifetime_of_a_token_in_requests + SLACK + 2
    assert sum(left.values()) <= sum(n for path, n in late.held.items() if path.endswith("._entries"))
