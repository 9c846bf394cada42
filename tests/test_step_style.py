"""Steps are one sentence and one call: short, and without a choice of their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

STEPS = Path(__file__).parent.parent / "steps"
KEYWORDS = {"given", "when", "then"}
BRANCHES = (ast.If, ast.IfExp, ast.Match, ast.Try, ast.While)
MOST_LINES = 10


def steps() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(STEPS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_is_sentence, node.decorator_list)):
                yield f"{path.stem}.{node.name}", node


def _is_sentence(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id in KEYWORDS


@pytest.mark.parametrize(("name", "step"), list(steps()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_step_is_short_and_has_no_branch(name: str, step: ast.FunctionDef) -> None:
    assert (step.end_lineno or 0) - step.body[0].lineno < MOST_LINES, name
    assert not [node for node in ast.walk(step) if isinstance(node, BRANCHES)], name
