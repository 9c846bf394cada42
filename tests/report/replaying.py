"""Plugin: `pytest -p tests.report.replaying features` tries the curl lines of a whole report."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    # imported only now: pytest has to see the suite's plugins before anybody else does
    from fixtures.session import RUN
    from tests.report.replayer import Replayer

    if RUN in session.config.stash:
        replayer = Replayer(session.config)
        session.config.stash[RUN].http.observers.append(replayer)
        session.config.pluginmanager.register(replayer, "obo_replayer")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if replayer := config.pluginmanager.get_plugin("obo_replayer"):
        for difference in replayer.differences:
            terminalreporter.write_line(f"replayed otherwise: {difference}")
        told = f"curl lines replayed: {replayer.sent}, otherwise: {len(replayer.differences)}"
        terminalreporter.write_line(f"{told}, left out: {replayer.left_out}")
