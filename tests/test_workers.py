"""How many workers a run takes where nobody says: `python3 run` leaves it to the suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures import workers
from fixtures.restraint import PRODUCTION_IN_FLIGHT, PRODUCTION_REQUESTS_PER_SECOND
from fixtures.settings import Settings
from fixtures.workers import is_quick, workers_for
from tests.tenant.stand_in import serving, slow

WHOLE_SUITE, ONE_FEATURE = 300, 5
DISTANT = "https://tenant.example"


@pytest.mark.parametrize(
    ("settings", "scenarios", "processors", "expected"),
    [
        (Settings(), WHOLE_SUITE, 2, 2),
        (Settings(), WHOLE_SUITE, 1, 0),
        (Settings(), WHOLE_SUITE, 64, workers.MOST_AT_A_QUICK_TENANT),
        (Settings(), ONE_FEATURE, 2, 0),
        (Settings(max_in_flight=1), WHOLE_SUITE, 2, 0),
        (Settings(tenant_url=DISTANT), WHOLE_SUITE, 1, 8),
        (Settings(tenant_url=DISTANT, max_in_flight=3), WHOLE_SUITE, 2, 3),
        (Settings(tenant_url=DISTANT), ONE_FEATURE, 2, 0),
        (Settings(reference_moods=("slow",)), WHOLE_SUITE, 2, 8),
    ],
)
def test_as_many_as_help(settings: Settings, scenarios: int, processors: int, expected: int) -> None:
    assert workers_for(settings, scenarios, processors) == expected


def test_in_production_no_more_than_may_ask_at_once() -> None:
    gently = Settings(tenant_url=DISTANT).gently(PRODUCTION_IN_FLIGHT, PRODUCTION_REQUESTS_PER_SECOND)
    assert workers_for(gently, WHOLE_SUITE, 8) == PRODUCTION_IN_FLIGHT


def test_a_tenant_on_this_machine_is_asked_how_quick_it_is() -> None:
    with serving(slow(0)) as url:
        assert is_quick(Settings(tenant_url=url))
    with serving(slow(0.15)) as url:
        assert not is_quick(Settings(tenant_url=url))
    assert is_quick(Settings(tenant_url=url))  # nobody is there any more: not for this plugin to tell


class Option:
    """pytest's options where nothing was asked for."""

    capture = "fd"


class Config:
    """As much of pytest's as is looked at."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.rootpath = folder
        self.args = ["features"]
        self.option = Option()
        self.option.__dict__ |= {"read_only": False, "production": False, **options}
        self.invocation_params = type("Parameters", (), {"dir": folder})

    def getoption(self, name: str, default: object) -> object:
        return getattr(self.option, name, default)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A suite of many scenarios at a distant tenant."""
    monkeypatch.delenv("PYTEST_XDIST_AUTO_NUM_WORKERS", raising=False)
    for name, value in {"TENANT_URL": DISTANT, "MAX_IN_FLIGHT": "5"}.items():
        monkeypatch.setenv(f"OBO_{name}", value)
    for name in ("APPLICATION", "AGENT"):
        monkeypatch.setenv(f"OBO_{name}_CLIENT_ID", name)
        monkeypatch.setenv(f"OBO_{name}_CLIENT_SECRET", "its-secret")
        monkeypatch.setenv(f"OBO_{name}_SCOPES", "openid read-data")
    monkeypatch.setenv("OBO_END_USER_USERNAME", "barbara.jensen")
    monkeypatch.setenv("OBO_END_USER_PASSWORD", "her-password")
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text("Feature: A\n" + 40 * "  Scenario: It works\n")
    return tmp_path


def decided(config: Config) -> int | None:
    return workers.pytest_xdist_auto_num_workers(config)  # type: ignore[arg-type]


def test_the_settings_say_how_many(folder: Path) -> None:
    assert decided(Config(folder)) == 5
    assert decided(Config(folder, production=True)) == PRODUCTION_IN_FLIGHT


@pytest.mark.parametrize(
    "options",
    [{"capture": "no"}, {"usepdb": True}, {"maxfail": 1}, {"keyword": "exchange"}, {"requirement": ["OBO-1-01"]}],
    ids=lambda options: next(iter(options)),
)
def test_who_looks_on_or_asks_for_little_gets_one_process(folder: Path, options: dict[str, object]) -> None:
    assert decided(Config(folder, **options)) == 0


def test_settings_that_can_not_be_read_are_told_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBO_MAX_IN_FLIGHT", "many")
    assert decided(Config(folder)) == 0


def test_who_names_a_number_prevails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "3")
    assert decided(Config(folder)) is None


def test_the_suites_own_tests_are_none_of_its_business(folder: Path) -> None:
    config = Config(folder)
    config.args = ["tests"]
    assert decided(config) is None
