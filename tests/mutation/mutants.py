"""What came of each mutant, read from the files that mutmut leaves behind."""

from __future__ import annotations

import ast
import copy
import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KILLED = frozenset({1, 3, 24, -24, 36, 152, 255})
"""Exit statuses of a test run that noticed a mutant: a test failed, or the time ran out."""


@dataclass(frozen=True)
class Mutant:
    """One change to one function, and whether the tests noticed it."""

    function: str
    before: str
    after: str
    killed: bool
    is_wording: bool
    """Whether only a text for people changed: a literal of several words, in other letters or between two XX."""
    name: str
    """As mutmut calls it; the number changes with the function."""

    @property
    def change(self) -> str:
        """The mutant by what it changes, which stays the same while the rest of the function changes."""
        return f"{self.function}: {self.before} -> {self.after}"


def read(workspace: Path) -> list[Mutant]:
    """Every mutant of a workspace that was tried."""
    found: list[Mutant] = []
    for results in sorted((workspace / "mutants").rglob("*.meta")):
        statuses = json.loads(results.read_text(encoding="utf-8"))["exit_code_by_key"]
        found += _of_module(
            results.with_suffix(""), {name: code for name, code in statuses.items() if code is not None}
        )
    return found


def _of_module(module: Path, statuses: dict[str, int]) -> Iterator[Mutant]:
    code = module.read_text(encoding="utf-8")
    functions = {
        node.name: node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "__mutmut_" in node.name
    }
    for name, status in statuses.items():
        module_name, _, mutant = name.rpartition(".")
        function = mutant.partition("__mutmut_")[0]
        readable = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        original, changed = functions[f"{function}__mutmut_orig"], functions[mutant]
        original.name = changed.name = readable.rpartition(".")[2]
        before, after = _difference(*(ast.unparse(each).splitlines() for each in (original, changed)))
        wording = _without_wording(original) == _without_wording(changed)
        yield Mutant(f"{module_name}.{readable}", before, after, status in KILLED, wording, name)


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    changes = [line for line in difflib.ndiff(before, after) if line[:1] in "+-"]
    gone, come = (" ".join(line[2:].strip() for line in changes if line[0] == sign) for sign in "-+")
    return gone, come


def _without_wording(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    plain = copy.deepcopy(function)
    for node in ast.walk(plain):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            node.value = node.value.casefold().replace("xx", "")
    return " ".join(ast.dump(node) for node in (*plain.args.defaults, *plain.body))
