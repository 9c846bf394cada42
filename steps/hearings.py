"""When the witnesses of a token are asked: before anything else can happen to it, and about nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property

from fixtures.run import Run
from fixtures.tenant.actors import Client
from fixtures.tenant.errors import HarnessError
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.witnesses import Testimony, TokenWitnesses


class Hearings:
    """Keeps what the witnesses say of each token that a scenario gets; one scenario after another begins and ends.

    Where a scenario introspects a token as its very next request, that answer speaks for the realm: the question is not
    put twice, unless `asks_anyway`. Of a token that scenarios share the witnesses are asked once.
    """

    def __init__(self, run: Run, *, asks_anyway: bool = False) -> None:
        self.testimonies: list[Testimony] = []
        self.fault: HarnessError | None = None
        """Why a witness could not be heard in this scenario, which then proves less than it seems."""
        self._run = run
        self._asks_anyway = asks_anyway
        self._due: list[Answer] = []
        self._of_shared: dict[str, Testimony] = {}
        self._lock = threading.Lock()

    def begin(self) -> None:
        """A scenario starts."""
        self.testimonies, self.fault, self._due = [], None, []

    def sending(self, request: Request) -> None:
        """Ask about a token before anything else can happen to it, unless the scenario itself is about to ask."""
        for answer in self._taken(lambda answer: not self._witnesses.is_question(request, answer)):
            self._hear(answer)

    def issued(self, answer: Answer) -> None:
        """A token response came: its witnesses are heard soon."""
        if self._asks_anyway or answer.shared:
            self._hear(answer)
            return
        with self._lock:
            self._due.append(answer)

    def introspected(self, answer: Answer) -> None:
        """An answer to introspection came: what the realm says of a token, if it was asked as it would be here."""
        for issued in self._taken(lambda issued: self._witnesses.is_question(answer.request, issued)):
            self._hear(issued, answer)

    def end(self, *, asks: bool = True) -> None:
        """The scenario is over. `asks`: whether there is time to hear those who were not asked yet."""
        for answer in self._taken(lambda _: True):
            if asks:
                self._hear(answer)

    @cached_property
    def _witnesses(self) -> TokenWitnesses:
        return TokenWitnesses(OAuth(self._run.http.seen_by(self._run.observers[0]), self._run.oauth.endpoints))

    def _taken(self, wanted: Callable[[Answer], bool]) -> list[Answer]:
        with self._lock:
            taken = [answer for answer in self._due if wanted(answer)]
            self._due = [answer for answer in self._due if answer not in taken]
        return taken

    def _hear(self, answer: Answer, introspection: Answer | None = None) -> None:
        token = str(answer.members.get("access_token"))
        testimony = (self._of_shared.get(token) if answer.shared else None) or self._said(answer, introspection)
        if testimony is None:
            return
        self.testimonies.append(testimony)
        if answer.shared:
            self._of_shared[token] = testimony

    def _said(self, answer: Answer, introspection: Answer | None) -> Testimony | None:
        application = self._run.world.cast.find("application")
        audience = application if isinstance(application, Client) else None
        try:
            return self._witnesses.of(answer, audience, introspection)
        except HarnessError as fault:
            self.fault = fault
            return None
