"""`python3 run load`: many users at once against the bundled server, or against the target of the settings.

Exit status: 0 every answer was right and soon enough · 1 wrong answers, or a threshold missed · 2 interrupted ·
4 usage, settings, or no leave to put a load on the target · 10 broken, or requests stayed without an answer.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fixtures.command_line import USAGE
from fixtures.doctor.examination import demand_ready
from fixtures.report.redaction import redactor
from fixtures.report.watch import SecretWatch
from fixtures.settings import Settings, SettingsError
from fixtures.target import Target, check_reference, find_endpoints, open_http, open_target
from fixtures.tenant.admin import Administration
from fixtures.tenant.errors import HarnessError
from fixtures.tenant.http import Http
from fixtures.tenant.oauth import OAuth
from fixtures.tenant.provisioning import Provisioning
from fixtures.world import JOURNALS
from load import options as command_line
from load import permission, provisioned
from load.handover import Handover, endpoints_used, summary_beside
from load.offer import Offer, find_out
from load.options import Options
from load.population import Population
from load.refusals import REFUSALS, possible
from load.standalone import standalone
from load.summary import Summary
from load.swarm import swarm

ROOT = Path(__file__).parent.parent
HELD, WRONG_OR_SLOW, INTERRUPTED, BROKEN = 0, 1, 2, 10


def main(arguments: Sequence[str] | None = None, *, root: Path = ROOT, journals: Path = JOURNALS) -> int:
    """Put the load on, tell what came of it, and return the exit status; `root` is the folder of the .env."""
    options = command_line.read(arguments)
    try:
        settings = Settings.read(os.environ, root / ".env")
        check_reference(settings)
        permission.demand([settings.tenant_url or settings.issuer or ""], settings.allow_load)
        redactor.register(*settings.secrets())
        return judged(_load(settings, options, journals), options)
    except (SettingsError, permission.NotAllowed) as problem:
        print(problem, file=sys.stderr)
        return USAGE
    except HarnessError as problem:
        print(redactor.text(str(problem)), file=sys.stderr)
        return BROKEN
    except KeyboardInterrupt:
        print("interrupted; what could not be removed, `python3 run reap` removes", file=sys.stderr)
        return INTERRUPTED


def judged(summary: Summary, options: Options) -> int:
    """Print what came of a load; the exit status that follows from it."""
    missed = [line for each in options.thresholds if (line := each.missed(summary))]
    for line in [*summary.lines(), *(f"missed: {line}" for line in missed)]:
        print(redactor.text(line))
    print(f"report: {options.html}, figures: {options.csv}_stats.csv and its like")
    if summary.wrong or missed:
        return WRONG_OR_SLOW
    return BROKEN if summary.troubles or summary.unanswered or not summary.total.requests else HELD


def _load(settings: Settings, options: Options, journals: Path) -> Summary:
    """Everything from the target's start to its end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="obo-load-")))
        if settings.mode == "embedded":
            settings = stack.enter_context(standalone(settings, folder))
            journals = folder  # nothing of this server outlives it
        target = stack.enter_context(open_target(settings))
        http = stack.enter_context(open_http(settings))
        http.observers.append(SecretWatch())
        endpoints = find_endpoints(http, target)
        permission.demand(endpoints_used(endpoints), settings.allow_load)
        population = stack.enter_context(_population(http, target, journals))
        redactor.register(*population.secrets)
        offer = find_out(OAuth(http, endpoints), population, settings.propagation_seconds)
        handed_over = Handover(endpoints, population, offer, options.think_seconds, options.processes)
        handover = folder / "handover.json"
        handed_over.write(handover)
        if options.handover:
            stack.callback(options.handover.unlink, missing_ok=True)
            handed_over.write(options.handover)
        _announce(target, options, population, offer)
        options.html.parent.mkdir(parents=True, exist_ok=True)
        swarm(options, handover, options.html.parent)
        return Summary.read(summary_beside(handover))


def _announce(target: Target, options: Options, population: Population, offer: Offer) -> None:
    """What is going to happen, and what is not."""
    print(f"target: {target.url}, {options.users} users for {options.duration} s", flush=True)
    tried = possible(population, population.delegations, offer)
    for kind in REFUSALS:
        if kind not in tried:
            print(f"not tried, {REFUSALS[kind]}: {kind}", flush=True)
    if rate := target.settings.requests_per_second:
        print(f"at most {rate:g} requests a second: OBO_REQUESTS_PER_SECOND", flush=True)


@contextmanager
def _population(http: Http, target: Target, journals: Path) -> Iterator[Population]:
    """Who takes part: made for this load and removed after it, or those of the hand-made variables."""
    settings = target.settings
    by_hand = settings.mode == "verify"
    admin = Administration(http, target.url, target.realm, target.service_account, read_only=by_hand)
    demand_ready(target, http, admin)
    if by_hand:
        yield provisioned.by_hand(settings)
        return
    with Provisioning.begin(admin, journals, user_attributes=settings.user_attributes) as provisioning:
        yield provisioned.provision(provisioning)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was made is taken away then, too
    sys.exit(main())
