"""Plugin: tells the test that started this run the secrets that are on no wire, in a file that no report is near.

With SECRETS_UNMASKED it also takes the redactor away, so that a scan has something to find; with SECRETS_BREAKING the
suite stumbles over each token that it is given in a scenario, and says so.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    if os.environ.get("SECRETS_UNMASKED"):
        from fixtures.report.redaction import Redactor

        setattr(Redactor, "text", lambda _, text: text)  # noqa: B010 - to mypy a method is no attribute


class Stumbling:
    """An observer with a fault."""

    def sending(self, request: object) -> None:
        """Nothing yet."""

    def failed(self, request: object, error: object) -> None:
        """No token, no fault."""

    def received(self, answer: Any) -> None:
        """Fail as a program fails that was not expecting this."""
        if "access_token" in answer.members:
            form = "&".join(f"{name}={value}" for name, value in answer.request.form or ())
            raise ValueError(f"cannot make anything of {answer.text} for {form}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    from fixtures.session import RUN

    observers = item.config.stash[RUN].http.observers
    if os.environ.get("SECRETS_BREAKING") and not isinstance(observers[-1], Stumbling):
        observers.append(Stumbling())


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    from fixtures.session import RUN  # only now: pytest has to see the suite's plugins before anybody else does

    world = vars(session.config.stash[RUN]).get("world")
    if world is None or hasattr(session.config, "workerinput"):
        return
    keys = sorted(filter(None, world.cast.request_keys))
    Path(os.environ["SECRETS_WITNESS"]).write_text(json.dumps(keys), encoding="utf-8")
