"""What the command hands over to Locust's processes: a file that its owner alone may read."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from fixtures.tenant.oauth import Endpoints
from load.offer import Offer
from load.population import Population

VARIABLE: Final = "OBO_LOAD_HANDOVER"


@dataclass(frozen=True)
class Handover:
    """Where the load goes and who takes part, with their secrets."""

    endpoints: Endpoints
    population: Population
    offer: Offer
    think_seconds: float
    processes: int

    def write(self, path: Path) -> None:
        """Write it to a new file, readable by its owner alone."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The inverse of `write`."""
        plain = json.loads(path.read_text(encoding="utf-8"))
        population = Population.from_plain(plain.pop("population"))
        endpoints, offer = Endpoints(**plain.pop("endpoints")), Offer(**plain.pop("offer"))
        return cls(endpoints=endpoints, population=population, offer=offer, **plain)


def endpoints_used(endpoints: Endpoints) -> tuple[str, ...]:
    """Where a load goes."""
    return endpoints.token, endpoints.introspection, endpoints.revocation


def summary_beside(path: Path) -> Path:
    """Where Locust's main process writes what came of the load."""
    return path.with_name(f"{path.name}.summary")
