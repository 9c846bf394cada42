"""The Locust file: users who think, let agents act for them, and now and then try what must be refused.

Locust's processes read what `OBO_LOAD_HANDOVER` names; everything else (time limit, certificates, request rate) they
take from the environment and .env, as a run does. Locust replaces the standard library's sockets, locks and sleeps when
it is imported, before anything of the suite is: each user is a greenlet, and the client works in it as in a thread.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import gevent
from locust import User, events, task
from locust.env import Environment
from locust.runners import WorkerRunner

from fixtures.report.redaction import redactor
from fixtures.settings import Settings
from fixtures.target import open_http
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.retries import Retries
from fixtures.tenant.urls import origin_of
from load import permission
from load.asking import Asking, Ended
from load.caller import Caller
from load.errands import errands
from load.figures import summary_of
from load.handover import VARIABLE, Handover, endpoints_used, summary_beside
from load.options import MOST_USERS

ROOT = Path(__file__).parent.parent


class Crew:
    """What all users of one process share: a client with a connection for each of them, and who is who."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handover = Handover.read(path)
        settings = Settings.read(os.environ, ROOT / ".env")
        endpoints, population = self.handover.endpoints, self.handover.population
        permission.demand(endpoints_used(endpoints), settings.allow_load)
        redactor.register(*population.secrets)
        self._http = open_http(replace(settings.shared_among(self.handover.processes), max_in_flight=MOST_USERS))
        self._http.retries = Retries(attempts=1)
        self._oauth = OAuth(self._http, endpoints)
        self._users = [user for user in population.users if any(d.user == user for d in population.delegations)]
        self._numbers = count()

    def number(self, environment: Environment) -> int:
        """The next user's number, another one in each process."""
        runner = environment.runner
        index = runner.worker_index if isinstance(runner, WorkerRunner) else 0
        return next(self._numbers) * self.handover.processes + index

    def caller(self, number: int, asking: Asking) -> Caller:
        """A user with this number, who acts for one of the end users."""
        handover, user = self.handover, self._users[number % len(self._users)]
        return Caller(self._oauth, handover.population, handover.offer, user, asking)


class Person(User):
    """One simulated user."""

    crew: Crew

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        number = self.crew.number(environment)
        self.caller = self.crew.caller(number, Asking(self._tell))
        self._errands = errands(self.caller, number)

    def wait_time(self) -> float:
        """From half of the mean to one and a half of it."""
        return self.crew.handover.think_seconds * self.caller.chance.uniform(0.5, 1.5)

    @task
    def run_an_errand(self) -> None:
        """The next of them."""
        with suppress(Ended):  # which was told
            next(self._errands)(self.caller)

    def _tell(self, kind: str, milliseconds: float, length: int, wrong: str | None) -> None:
        self.environment.events.request.fire(
            request_type="", name=kind, response_time=milliseconds, response_length=length, exception=wrong, context={}
        )


def _begin(environment: Environment, **_: Any) -> None:
    Person.crew = Crew(Path(os.environ[VARIABLE]))
    environment.host = origin_of(Person.crew.handover.endpoints.token)
    gevent.get_hub().loop.update_now()  # its clock stood still during the imports, by which the run would end earlier


def _end(environment: Environment, **_: Any) -> None:
    if not isinstance(environment.runner, WorkerRunner):
        summary_of(environment).write(summary_beside(Person.crew.path))


events.init.add_listener(_begin)  # type: ignore[no-untyped-call]
events.quitting.add_listener(_end)  # type: ignore[no-untyped-call]
