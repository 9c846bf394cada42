"""Registers of what a tenant can be given by name: deliberate defects, and moods."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from typing import Generic, Protocol, TypeVar


class UnknownName(LookupError):
    """Nothing is registered under that name; the message names the nearest."""


class Named(Protocol):
    """What a register holds."""

    @property
    def name(self) -> str:
        """What it is asked for by."""
        ...


N = TypeVar("N", bound=Named)


class Register(Generic[N]):
    """Entries of one kind by name. They enter it while the modules of a package are imported."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self._package = package
        self._entries: dict[str, N] = {}

    def add(self, entry: N) -> None:
        """Take in an entry; ValueError where the name is taken."""
        if entry.name in self._entries:
            raise ValueError(f"two {self.kind}s are called {entry.name}")
        self._entries[entry.name] = entry

    def load(self) -> dict[str, N]:
        """Every entry there is, by name."""
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__, f"{self._package}."):
            importlib.import_module(module.name)
        return self._entries

    def find(self, name: str) -> N:
        """The entry of that name; raises `UnknownName` with the nearest names."""
        entries = self.load()
        if name in entries:
            return entries[name]
        near = difflib.get_close_matches(name, entries, n=3, cutoff=0.4)
        listing = f"`python -m reference_server --list-{self.kind}s` names them"
        hint = f"the nearest: {', '.join(near)}" if near else listing
        raise UnknownName(f"no {self.kind} is called {name!r}; {hint}")
