"""A tenant whose OAuth endpoints hear of a change of the configuration some time after it was saved."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from reference_server.idm.objects import ManagedObjects
from reference_server.moods.registry import mood
from reference_server.oauth.authorization_server import AuthorizationServer

if TYPE_CHECKING:
    from reference_server.tenant import Realm, Tenant

LAG_SECONDS = 2.0
SETTLING_SECONDS = 10.0
"""More than the lag: who polls every two seconds may have asked just before it was over."""
WRITES = ("put", "patch", "write", "delete")

State = tuple[ManagedObjects, "dict[str, Realm]"]


class History:
    """The configuration as it was after each change of the last seconds."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._states: deque[tuple[float, State]] = deque([(0.0, self._present())])

    def note(self) -> None:
        """Something was just changed."""
        self._states.append((monotonic() + LAG_SECONDS, self._present()))

    def effective(self) -> State:
        """The latest state that is old enough."""
        while len(self._states) > 1 and self._states[1][0] <= monotonic():
            self._states.popleft()
        return self._states[0][1]

    def _present(self) -> State:
        """A copy; what never changes, and what tokens are remembered by, is the same in both."""
        tenant = self._tenant
        registrations = (record.registration for realm in tenant.realms.values() for record in realm.agents.all())
        shared = [tenant.clock, tenant.managed.types, *registrations]
        return copy.deepcopy((tenant.managed, tenant.realms), {id(item): item for item in shared})


class Delayed:
    """Stands for a part of the configuration: whatever is asked of it, the part as it was answers."""

    def __init__(self, part: Callable[[], Any]) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part(), name)


def note_writes(part: Any, note: Callable[[], None]) -> None:
    """Let each write of a part end with a note that something changed."""
    for name in WRITES:
        if hasattr(part, name):
            setattr(part, name, _followed_by(getattr(part, name), note))


def _followed_by(write: Callable[..., Any], note: Callable[[], None]) -> Callable[..., Any]:
    def writing(*arguments: Any) -> Any:
        written = write(*arguments)
        note()
        return written

    return writing


@mood(
    "lagging",
    differs=f"changes of the configuration hold {LAG_SECONDS:.0f} s after they are saved",
    settling_seconds=SETTLING_SECONDS,
)
def lagging(tenant: Tenant) -> None:
    history = History(tenant)
    seen = copy.copy(tenant)
    seen.managed = cast(ManagedObjects, Delayed(lambda: history.effective()[0]))
    seen.realms = {name: _delayed_realm(history, name) for name in tenant.realms}
    note_writes(tenant.managed, history.note)
    for name, realm in tenant.realms.items():
        note_writes(realm.provider, history.note)
        note_writes(realm.agents, history.note)
        tenant.oauth[name] = AuthorizationServer(seen, seen.realms[name])


def _delayed_realm(history: History, name: str) -> Realm:
    return cast("Realm", Delayed(lambda: history.effective()[1][name]))
