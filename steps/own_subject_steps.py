"""Sentences about a subject of its own, whose account is deleted, created anew or renamed (guide, task 3.2 step 5d)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_bdd import given, then, when

from fixtures.tenant.actors import EndUser
from steps.checks import refusal, token_response
from steps.own_agent import OwnAgent
from steps.requests import Attempt, obtained

NAME = "own-subject"


@dataclass
class OwnSubject:
    """A user and an AI agent of this scenario; the user is among the subjects of the agent's privilege."""

    own: OwnAgent
    user: EndUser
    privilege: str

    def name_also(self, user: EndUser) -> None:
        """Make a user a subject, beside the end user of the cast."""
        subjects, permissions = [self.own.cast.end_user, user], [self.own.scopes("read-data")]
        self.own.workshop.complete_privilege(self.privilege, subjects=subjects, permissions=permissions)

    def exchange_once(self, user: EndUser, granted: bool) -> Attempt:
        """The agent's exchange for a new token of a user, tried until it is granted or refused as expected."""
        own = self.own
        scope = own.scopes("openid read-data")
        login = own.wait(
            lambda: own.oauth.password(user, by=own.cast.application, scope=scope), lambda last: last.status == 200
        )
        return replace(own, subject_token=obtained(login)).exchange_once(granted)


@given("an AI agent of its own, and a user of its own among its subjects", target_fixture="subject")
def own_subject(own_agent: OwnAgent) -> OwnSubject:
    own_agent.configure_wholly()
    user = own_agent.workshop.create_user(NAME)
    subject = OwnSubject(own_agent, user, own_agent.add_privilege())
    subject.name_also(user)
    token_response.exchange_granted(subject.exchange_once(user, granted=True).answer)
    return subject


@when("that user is deleted, and another account is created with the same user name", target_fixture="other")
def created_anew(subject: OwnSubject) -> EndUser:
    subject.own.workshop.delete_user(subject.user)
    return subject.own.workshop.create_user(NAME)


@when("that user gets another user name, and another account is created with the old one", target_fixture="other")
def renamed(subject: OwnSubject) -> EndUser:
    subject.user = subject.own.workshop.rename_user(subject.user, "renamed-subject")
    return subject.own.workshop.create_user(NAME)


@then("the other account can log in, but its token is not exchanged")
def other_refused(subject: OwnSubject, other: EndUser) -> None:
    refusal.refused(subject.exchange_once(other, granted=False).answer, refusal.E_EXCH)


@then("the renamed user's token is exchanged")
def renamed_granted(subject: OwnSubject) -> None:
    token_response.granted(subject.exchange_once(subject.user, granted=True).answer)


@then("the other account's token is exchanged once it is a subject itself")
def other_granted(subject: OwnSubject, other: EndUser) -> None:
    subject.name_also(other)
    token_response.granted(subject.exchange_once(other, granted=True).answer)
