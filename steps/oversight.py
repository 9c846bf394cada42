"""Plugin: weighs every judgement of a check, and judges what all scenarios have in common without being asked.

Every judgement goes into the ledger at the level that the requirement has in this run: what falls short of a MUST ends
the scenario; what falls short of a SHOULD is a warning, unless `--fail-on should`. Every answer of the realm's OAuth
endpoints is looked at for its form, and every token for what its witnesses say: token response, introspection and JWT.
"""

from __future__ import annotations

import sys
from collections.abc import Generator

import pytest

from fixtures.report.bookkeeping import ledger_of, requirements_of
from fixtures.report.catalogue import Level
from fixtures.report.diagnosis import Refusal, annotate
from fixtures.report.ledger import Ledger
from fixtures.run import Run
from fixtures.session import RUN
from fixtures.tenant.errors import HarnessError
from fixtures.tenant.exchange import Answer, Request
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE, JWT_TYPE, PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.witnesses import Testimony
from steps.checks import errors, hygiene, token_integrity, token_response
from steps.checks.evidence import Witnesses, brief, error_code
from steps.checks.verdict import Judgement, Nonconformity, observed_by
from steps.hearings import Hearings

LONGEST_ORDINARY_FORM = 16_384  # characters; what is in front of a tenant may turn a longer one away in its own words
MOST_ORDINARY_FIELDS = 50
GRANTS = {PASSWORD: ("log-in", "the log-in"), TOKEN_EXCHANGE: ("exchange", "the exchange")}
OVERLOADED = frozenset({429, 502, 503, 504})


class Oversight:
    """Weighs the judgements of one scenario. `common` knows the answers that were judged."""

    def __init__(self, ledger: Ledger, promised: tuple[str, ...], common: CommonChecks | None = None) -> None:
        self.ledger = ledger
        self.promised = promised
        self.common = common

    def __call__(self, judgement: Judgement) -> None:
        """Record a judgement; raises `Nonconformity` where it fails the scenario."""
        judged = self.judged(judgement)
        if found := judgement.nonconformity:
            found.requirement = found.requirement or (judged[0] if len(judged) == 1 else None)
            self.weigh(found)
            return
        self.ledger.judged(*judged)
        for remark in judgement.remarks:
            if remark.level == "SHOULD" and self.ledger.counts_as_failure("SHOULD"):
                raise Nonconformity("no shortfall of a SHOULD", remark.text, requirement=judged[0])
            self.ledger.remark(remark.level, remark.text, *judged)

    def judged(self, judgement: Judgement) -> tuple[str, ...]:
        """The requirements that a check judges here: of its own those that the scenario promises, else all of either.

        A check none of whose requirements the scenario promises is a precondition: it keeps its own.
        """
        return tuple(r for r in judgement.requirements if r in self.promised) or judgement.requirements or self.promised

    def weigh(self, found: Nonconformity) -> None:
        """Raise a nonconformity that counts as a failure; note any other as a warning or for the record."""
        level = "MUST" if found.binding or found.requirement is None else self.ledger.level(found.requirement)
        if level == "MUST" or self.ledger.counts_as_failure(level):
            refusal = self.common.refusal_in(found) if self.common else None
            done_by = self.common.done_by if self.common else ""
            annotate(found, self.ledger.catalogue, self.promised, refusal, done_by)
            raise found
        self.ledger.judged(str(found.requirement))
        self.ledger.remark(level, str(found), str(found.requirement))


class CommonChecks:
    """Sees every answer while a scenario runs; when it is over, the checks that hold for all of them are made.

    What they find is entered in the ledger. The first scenario that shows it fails, later ones don't: a header that is
    missing everywhere is one finding.
    """

    def __init__(self, run: Run, hearings: Hearings) -> None:
        self.run = run
        self.hearings = hearings
        self._watching = False
        self._answers: list[Answer] = []
        self._told: set[tuple[str | None, str]] = set()

    def begin(self) -> None:
        """A scenario starts."""
        self._answers, self._watching = [], True
        self.hearings.begin()

    def sending(self, request: Request) -> None:
        """Hear about the tokens so far."""
        self.hearings.sending(request)

    def failed(self, request: Request, error: HarnessError) -> None:
        """Where no answer came there is nothing to judge."""

    def received(self, answer: Answer) -> None:
        """Keep an answer of the realm's endpoints; the other witnesses of the token in it are heard soon."""
        endpoints = self.run.oauth.endpoints if self._watching else None
        url = answer.request.url.partition("?")[0]
        if endpoints is None or url not in (endpoints.token, endpoints.introspection, endpoints.revocation):
            return
        self._answers.append(answer)
        if url == endpoints.token:
            self.hearings.issued(answer)
        elif url == endpoints.introspection:
            self.hearings.introspected(answer)

    @property
    def done_by(self) -> str:
        """Who did the guide's steps, where that was no administrator: then the steps are not what is missing."""
        return "" if self.run.settings.mode == "verify" else ", although this run did what the guide says"

    def refusal_in(self, found: Nonconformity) -> Refusal | None:
        """The scenario's latest answer that a nonconformity tells of, in words; None where it tells of none."""
        actual = str(found.actual)
        for answer in reversed(self._answers):
            inactive = answer.members.get("active") is False and "active is False" in actual
            if inactive or brief(answer) in actual:
                return self._refusal(answer)
        return None

    def _refusal(self, answer: Answer) -> Refusal:
        form = dict(answer.request.form or ())
        request, what = GRANTS.get(form.get("grant_type", ""), ("", "the request"))
        if answer.request.url.partition("?")[0] == self.run.oauth.endpoints.introspection:
            request, what = "introspection", "introspection"
        cast = self.run.world.cast
        if (by := form.get("client_id")) not in (None, cast.application.client_id, cast.agent.client_id):
            what = f"{what} by {by}"
        told = f"{what} was refused with {brief(answer)}"
        if answer.status == 200:
            told = f"{what} says that the token is not active"
        return Refusal(request, answer.status, error_code(answer), told)

    def findings(self, ledger: Ledger, *, asks: bool = True) -> list[Nonconformity]:
        """Judge what was seen; returns the nonconformities that no earlier scenario has shown. `asks`: whether there is
        time to hear those who were not asked yet."""
        self.hearings.end(asks=asks)
        self._watching = False
        found: list[Nonconformity] = []
        with observed_by(lambda judgement: self._enter(judgement, ledger, found)):
            for answer in self._answers:
                if answer.status not in OVERLOADED:
                    judge_answer(answer)
            for testimony in self.hearings.testimonies:
                judge_token(testimony)
        return found

    def _enter(self, judgement: Judgement, ledger: Ledger, found: list[Nonconformity]) -> None:
        [requirement] = judgement.requirements
        shortfalls = [remark.text for remark in judgement.remarks if remark.level == "SHOULD"]
        if nonconformity := judgement.nonconformity:
            level = "MUST" if nonconformity.binding else ledger.level(requirement)
            self._weigh(nonconformity, level, ledger, found)
        for text in shortfalls:
            self._weigh(
                Nonconformity("no shortfall of a SHOULD", text, requirement=requirement), "SHOULD", ledger, found
            )

    def _weigh(self, nonconformity: Nonconformity, level: Level, ledger: Ledger, found: list[Nonconformity]) -> None:
        requirement, text = str(nonconformity.requirement), str(nonconformity)
        if not ledger.counts_as_failure(level):
            ledger.remark(level, text, requirement)
            return
        ledger.nonconformity(requirement, text)
        if (requirement, nonconformity.expected) not in self._told:
            self._told.add((requirement, nonconformity.expected))
            found.append(nonconformity)


def judge_answer(answer: Answer) -> None:
    """The form of an answer: not cached, and if it refuses, an OAuth error."""
    hygiene.not_cached(answer)
    errors.well_formed_refusal(answer, odd=not is_ordinary(answer.request))


def judge_token(testimony: Testimony) -> None:
    """What the witnesses of one token say: the realm's keys verify it, and all name the same."""
    answer, introspection, signed = testimony.answer, testimony.introspection, testimony.signed
    if answer.members.get("issued_token_type", ACCESS_TOKEN_TYPE) not in (ACCESS_TOKEN_TYPE, JWT_TYPE):
        return
    witnesses = Witnesses(answer, introspection, signed.claims if signed else None)
    if ("grant_type", TOKEN_EXCHANGE) in (answer.request.form or ()):
        token_response.scope_told_alike(witnesses, testimony.asked)
    if signed is None:
        return
    if signed.verified is not None:
        token_integrity.signature_verified(signed.header, signed.verified, signed.reason)
    token_integrity.jwt_scope_told_alike(witnesses, testimony.asked)
    if introspection is not None and introspection.members.get("active") is True:
        token_integrity.jwt_matches_introspection(signed.claims, introspection)


def is_ordinary(request: Request) -> bool:
    """Whether a request is a form as clients send it, of ordinary size and without control characters."""
    form = request.form or ()
    texts = [text for pair in form for text in pair]
    sent_plainly = request.method == "POST" and bool(form) and request.content is None and "?" not in request.url
    small = len(form) <= MOST_ORDINARY_FIELDS and sum(map(len, texts)) <= LONGEST_ORDINARY_FORM
    return sent_plainly and small and all(text.isprintable() for text in texts)


COMMON = pytest.StashKey[CommonChecks]()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if RUN in config.stash:
        run = config.stash[RUN]
        config.stash[COMMON] = CommonChecks(run, Hearings(run, asks_anyway=config.option.no_sharing))
        run.observers.append(config.stash[COMMON])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    if not (promised := requirements_of(item)):
        return (yield)
    ledger, common = ledger_of(item.config), item.config.stash.get(COMMON, None)
    if common:
        common.begin()
    try:
        with observed_by(Oversight(ledger, promised, common)):
            outcome = yield
    finally:
        interrupted = isinstance(sys.exception(), KeyboardInterrupt)
        found = common.findings(ledger, asks=not interrupted) if common else []
    if found:
        raise found[0]
    if common and common.hearings.fault:
        raise common.hearings.fault
    return outcome
