"""A directory of its own for each part, in which mutmut works on copies."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.parts import ROOT, Part

WORKSPACES = ROOT / ".obo" / "mutation"
_PLUGINS = (
    "allure_pytest",
    "pytest-bdd",
    "xdist",
    "random_order",
    "cacheprovider",
    "unraisableexception",
    "threadexception",
)
PYTEST = tuple(f"-pno:{name}" for name in _PLUGINS)
"""Without what these tests don't need; pytest starts once for each mutant, and two of them collect garbage."""


def fill(part: Part) -> Path:
    """A fresh workspace of this part: its packages, its tests, and mutmut's configuration."""
    workspace = WORKSPACES / part.name
    shutil.rmtree(workspace, ignore_errors=True)
    for name in (*part.packages, *part.tests, *part.support):
        for source in _files(ROOT / name):
            target = workspace / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for package in part.packages:
        for source in _files(workspace / package):
            if source.suffix == ".py":
                source.write_text(undecorated(source.read_text(encoding="utf-8")), encoding="utf-8")
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (workspace / "pyproject.toml").write_text(settings + _configuration(part), encoding="utf-8")
    return workspace


def run(workspace: Path, workers: int) -> int:
    """Let mutmut try all mutants of a workspace; its exit status. Its progress goes to stderr."""
    command = [sys.executable, "-m", "mutmut", "run", f"--max-children={workers}"]
    return subprocess.run(command, cwd=workspace, stdout=sys.stderr, check=False).returncode  # noqa: S603 - our own


def undecorated(code: str) -> str:
    """The same module with its decorators called after the function, since mutmut leaves decorated functions alone."""
    lines = code.splitlines(keepends=True)
    for function in sorted(_decorated(ast.parse(code)), key=lambda node: node.lineno, reverse=True):
        calls = [ast.unparse(decorator) for decorator in function.decorator_list]
        applied = f"{'('.join([*calls, function.name])}{')' * len(calls)}"
        indent = " " * function.col_offset
        lines.insert(function.end_lineno or function.lineno, f"{indent}{function.name} = {applied}\n")
        first = function.decorator_list[0].lineno - 1
        del lines[first : function.lineno - 1]
    return "".join(lines)


def _decorated(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in (*tree.body, *(inner for each in tree.body if isinstance(each, ast.ClassDef) for inner in each.body)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            names = {ast.unparse(decorator) for decorator in node.decorator_list}
            if not names & {"staticmethod", "classmethod"} and not any("." in name for name in names - _SAFE):
                yield node


_SAFE = {"functools.cache"}


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    yield from (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _configuration(part: Part) -> str:
    settings = {
        "source_paths": list(part.packages),
        "only_mutate": list(part.mutated),
        "also_copy": [name for name in part.support if not name.startswith("tests/")],  # mutmut copies tests itself
        "pytest_add_cli_args": [*PYTEST, *part.options],
        "pytest_add_cli_args_test_selection": list(part.tests),
    }
    return "\n[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
