"""The register of moods: name, how such a tenant differs, what allows it, and the function that brings it about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference_server.planting import Plant
from reference_server.register import Register

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


@dataclass(frozen=True)
class Mood:
    """One way in which a tenant may differ."""

    name: str
    differs: str
    """One line: what a tenant in this mood does."""
    allowed_by: str
    """Where the guide or an RFC leaves room for it; empty of what is not a matter of conformance."""
    plant: Plant
    settling_seconds: float
    """How long a client has to wait at most until a change of the configuration holds."""

    @property
    def legal(self) -> bool:
        """Whether it is a way to conform, rather than a nuisance of the environment."""
        return bool(self.allowed_by)


MOODS: Register[Mood] = Register("mood", "reference_server.moods")
load, find = MOODS.load, MOODS.find


def mood(name: str, *, differs: str, allowed_by: str = "", settling_seconds: float = 0.0) -> Callable[[Plant], Plant]:
    """Register the decorated function as the mood `name`."""

    def register(plant: Plant) -> Plant:
        MOODS.add(Mood(name, differs, allowed_by, plant, settling_seconds))
        return plant

    return register


def plant(tenant: Tenant, moods: Iterable[Mood]) -> None:
    """Put a clean tenant into these moods, the environment first: it may replace the authorization servers."""
    for mood in sorted(moods, key=lambda mood: mood.legal):
        mood.plant(tenant)


def listing() -> list[str]:
    """A line for each mood: name, how it differs, what allows it."""
    known = load().values()
    widest = max((len(mood.name) for mood in known), default=0)
    return [f"{mood.name:{widest}}  {mood.differs} [{mood.allowed_by or 'environment'}]" for mood in known]
