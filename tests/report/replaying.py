"""Plugin: `pytest -p tests.report.replaying features` sends the curl lines of a whole report again (about two minutes).

The last line of its output counts the lines of the report; those that were replayed; those of them that were answered
with another status or other members; and those that the report shows otherwise than they were sent.
"""

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


@pytest.hookimpl(trylast=True)  # when the report is complete
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    from fixtures.report.results import results_folder
    from tests.report.replayer import lines_of

    folder = results_folder(config)
    replayer = config.pluginmanager.get_plugin("obo_replayer")
    if replayer is None or folder is None:
        return
    in_report = lines_of(folder)
    for difference in replayer.differences:
        terminalreporter.write_line(f"replayed otherwise: {difference}")
    for line in replayer.lines - in_report:
        terminalreporter.write_line(f"not in the report: {line}")
    changed = (replayer.lines - in_report).total()
    told = f"curl lines of the report: {in_report.total()}, replayed: {replayer.sent}"
    terminalreporter.write_line(f"{told}, answered otherwise: {len(replayer.differences)}, changed later: {changed}")
