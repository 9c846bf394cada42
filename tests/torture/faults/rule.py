"""What a run under a fault may end with. The one place that says whose fault a fault is.

- A request without an answer says nothing about the tenant: the run is broken, never the tenant.
- An answer that is whole and wrong is the tenant's where any client asks for it: at its OAuth endpoints a login page or
  garbage in place of a token is what an application would get, too, and is judged. To the suite's own administration
  such an answer is a hindrance like any other.
- What passes may be got over: then the run is green, and says how often it has sent something anew.
- So may a write whose answer alone is lost, however often: what became of it can be read.
- What slows down harms nobody.
"""

from __future__ import annotations

from typing import Final

from tests.torture.faults.kinds import OF_ANY_CLIENT, WHAT_CHANGES
from tests.torture.faults.proxy import Fault
from tests.torture.faults.toxics import WITH_ANSWER, WITHOUT_ANSWER, latency, reset_after, truncated

GREEN: Final = 0
FAILED: Final = 1
DEADLINE: Final = 2
BROKEN: Final = 10


def allowed(fault: Fault) -> set[int]:
    """The exit statuses that a run under this fault may have."""
    if fault.toxic is latency:
        return {GREEN}
    of_tenant = fault.toxic in WITH_ANSWER and fault.kind in OF_ANY_CLIENT
    seen_later = fault.toxic in (reset_after, truncated) and fault.kind in WHAT_CHANGES
    got_over = seen_later or not fault.persists
    return {BROKEN, DEADLINE} | ({FAILED} if of_tenant else set()) | ({GREEN} if got_over else set())


def is_got_over_by_retries(fault: Fault) -> bool:
    """Whether a green run has to tell of requests that were sent anew."""
    return fault.toxic in WITHOUT_ANSWER
