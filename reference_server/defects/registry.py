"""The register of defects: name, what must notice it, what it does wrong, and the function that plants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reference_server.planting import Plant
from reference_server.register import Register

Family = Literal[
    "configuration",
    "subject",
    "actor",
    "scope",
    "audience",
    "token integrity",
    "lifecycle",
    "client authentication",
    "introspection",
    "protocol",
    "beyond the guide",
]


@dataclass(frozen=True)
class Defect:
    """One deliberate defect. `caught_by` are the requirements that must notice it, each by a check of its own."""

    name: str
    caught_by: tuple[str, ...]
    wrong: str
    """One line: what a tenant with it does wrong."""
    family: Family
    plant: Plant
    core: bool
    """Whether it is one of the core mutants; the others are cheap variants tied to one requirement."""
    warning: bool
    """Whether a SHOULD notices it, so that only a run in which a SHOULD counts goes red."""
    hardened: bool
    """Whether it only shows on a hardened tenant in the strict profile: elsewhere it is allowed."""


DEFECTS: Register[Defect] = Register("defect", "reference_server.defects")
load, find = DEFECTS.load, DEFECTS.find


def defect(
    name: str,
    *caught_by: str,
    wrong: str,
    family: Family,
    core: bool = False,
    warning: bool = False,
    hardened: bool = False,
) -> Callable[[Plant], Plant]:
    """Register the decorated function as the defect `name`."""

    def register(plant: Plant) -> Plant:
        DEFECTS.add(Defect(name, caught_by, wrong, family, plant, core, warning, hardened))
        return plant

    return register
