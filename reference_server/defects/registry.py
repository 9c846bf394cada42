"""The register of defects: name, what must notice it, what it does wrong, and the function that plants it."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

Plant = Callable[["Tenant"], None]
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


class UnknownDefect(LookupError):
    """No defect of that name; the message names the nearest."""


DEFECTS: dict[str, Defect] = {}


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
        if name in DEFECTS:
            raise ValueError(f"two defects are called {name}")
        DEFECTS[name] = Defect(name, caught_by, wrong, family, plant, core, warning, hardened)
        return plant

    return register


def load() -> dict[str, Defect]:
    """Every defect there is, by name."""
    import reference_server.defects as package

    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    return DEFECTS


def find(name: str) -> Defect:
    """The defect of that name; raises `UnknownDefect` with the nearest names."""
    defects = load()
    if name in defects:
        return defects[name]
    near = difflib.get_close_matches(name, defects, n=3, cutoff=0.4)
    hint = f"the nearest: {', '.join(near)}" if near else "`python -m reference_server --list-defects` names them"
    raise UnknownDefect(f"no defect is called {name!r}; {hint}")
