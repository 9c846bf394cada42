"""Observers of HTTP exchanges for tests."""

from __future__ import annotations

from collections.abc import Callable

from fixtures.tenant.errors import HarnessError
from fixtures.tenant.exchange import Answer, Request


class Recorder:
    """Remembers what was seen, in order."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: list[Answer] = []
        self.errors: list[HarnessError] = []

    def sending(self, request: Request) -> None:
        self.requests.append(request)

    def received(self, answer: Answer) -> None:
        self.answers.append(answer)

    def failed(self, request: Request, error: HarnessError) -> None:  # noqa: ARG002 - as the protocol says
        self.errors.append(error)

    def lines(self) -> list[str]:
        """Method and path of every request."""
        return [f"{request.method} {request.url.split('/', 3)[3]}" for request in self.requests]


class Disturbance(Recorder):
    """Raises, once, when the answer to a chosen request has arrived."""

    def __init__(self, when: Callable[[Request], bool], fault: BaseException) -> None:
        super().__init__()
        self._when = when
        self._fault: BaseException | None = fault

    def received(self, answer: Answer) -> None:
        if self._fault and self._when(answer.request):
            fault, self._fault = self._fault, None
            raise fault
