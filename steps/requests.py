"""The guide's documented requests as something a scenario can send as it is, or with one thing changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from fixtures.cast import Cast
from fixtures.tenant.actors import Client, Secret
from fixtures.tenant.exchange import Answer
from fixtures.tenant.form_sending import Way, in_body
from fixtures.tenant.oauth import OAuth, Value
from steps.checks import token_response
from steps.checks.evidence import Witnesses
from steps.checks.token_format import claims_of


@dataclass(frozen=True)
class Attempt:
    """A token request that was sent: the answer, the client that sent it, and the scope that it asked for."""

    answer: Answer
    by: Client
    asked: str = ""

    @property
    def token(self) -> str | None:
        """The access token of the answer, None where there is none."""
        token = self.answer.members.get("access_token")
        return token if isinstance(token, str) and token else None


@dataclass(frozen=True)
class DocumentedRequest:
    """A request as the guide documents it; sent with a change it keeps all else, so that the change alone decides."""

    send: Callable[..., Answer]
    by: Client
    fields: dict[str, str]

    def __call__(self, *, by: Client | None = None, **changes: Value) -> Attempt:
        return self.changed(changes, by)

    def changed(
        self,
        changes: Mapping[str, Value],
        by: Client | None = None,
        *,
        way: Way = in_body,
        headers: Mapping[str, str] | None = None,
    ) -> Attempt:
        """Send it with these form fields changed: None leaves a field out, a list sends it once for each value.

        `by`: another client sends it. `way`: in another way than as a form in the body. `headers`: besides its own.
        """
        fields: dict[str, Value] = {**self.fields, **changes}
        asked = fields.get("scope") or ""
        answer = self.send(by=by or self.by, way=way, headers=headers, **fields)
        return Attempt(answer, by or self.by, asked if isinstance(asked, str) else " ".join(asked))


def exchange_of(oauth: OAuth, by: Client, application: Client, subject_token: str, scope: str) -> DocumentedRequest:
    """The documented exchange of a token for a scope at an application (guide, task 4.2 step 1)."""
    fields = {"subject_token": subject_token, "audience": application.client_id, "scope": scope}
    return DocumentedRequest(oauth.exchange, by, fields)


@dataclass(frozen=True)
class Witnessing:
    """Gathers what token response, introspection by the token's client, and the JWT itself say of a token."""

    oauth: OAuth
    application: Client

    def __call__(self, attempt: Attempt) -> Witnesses:
        if attempt.token is None:
            return Witnesses(attempt.answer, None, None)
        return Witnesses(attempt.answer, self.introspection(attempt), claims_of(attempt.token))

    def introspection(self, attempt: Attempt) -> Answer:
        """What the token's own client is told; the application where the tenant lets only the audience introspect."""
        own = self.oauth.introspect(attempt.token, by=attempt.by)
        if own.members.get("active") is True or attempt.by == self.application:
            return own
        others = self.oauth.introspect(attempt.token, by=self.application)
        return others if others.members.get("active") is True else own


def obtained(answer: Answer) -> str:
    """The user's token that a scenario builds on; without it the scenario ends here, for the password grant's sake."""
    token_response.user_token_granted(answer)
    return str(answer.members["access_token"])


def obtained_by_exchange(answer: Answer) -> str:
    """The agent's token that a scenario builds on; without it the scenario ends here, for the exchange's sake."""
    token_response.exchange_granted(answer)
    return str(answer.members["access_token"])


def nearly(secret: str) -> Secret:
    """A wrong secret that begins like the right one: cut off or trimmed it would pass."""
    return Secret(f"{secret}x")


def tampered(token: str) -> str:
    """A token with one character changed, in the middle of its claims where it is a JWT."""
    at = len(token) // 2
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


@pytest.fixture
def witnessed(oauth: OAuth, cast: Cast) -> Witnessing:
    """Three witnesses of the token of an attempt."""
    return Witnessing(oauth, cast.application)
