"""Mutation testing: what is handed to mutmut, how its results are read, and what counts as enough."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from tests.mutation.judgement import accepted, judge
from tests.mutation.mutants import Mutant, read
from tests.mutation.parts import PARTS, ROOT
from tests.mutation.workspace import undecorated

DECORATED = """
@check("OBO-1-01", "OBO-1-02")
def judged(answer):
    return answer


class Frame:
    @property
    @cached
    def name(self):
        return "name"

    @classmethod
    def make(cls):
        return cls()
"""
MUTATED = '''
def x_judge__mutmut_orig(answer):
    """Words."""
    if answer.status != 200:
        raise Nonconformity("a token", answer)
def x_judge__mutmut_1(answer):
    """Words."""
    if answer.status == 200:
        raise Nonconformity("a token", answer)
def x_judge__mutmut_2(answer):
    """Words."""
    if answer.status != 200:
        raise Nonconformity("XXa tokenXX", answer)
'''


def mutant(change: str, *, killed: bool, is_wording: bool = False) -> Mutant:
    return Mutant("module.judge", "a", change, killed, is_wording, "module.x_judge__mutmut_1")


def test_decorators_are_called_after_the_function_since_mutmut_skips_decorated_ones() -> None:
    code = undecorated(DECORATED)
    assert 'def judged(answer):\n    return answer\njudged = check("OBO-1-01"'.replace('"', "'") in code.replace(
        '"', "'"
    )
    assert "    name = property(cached(name))\n" in code
    assert "    @classmethod\n    def make(cls):" in code
    ast.parse(code)


def test_a_mutant_is_known_by_what_it_changes(tmp_path: Path) -> None:
    module = tmp_path / "mutants" / "steps" / "judge.py"
    module.parent.mkdir(parents=True)
    module.write_text(MUTATED)
    statuses = {"steps.judge.x_judge__mutmut_1": 1, "steps.judge.x_judge__mutmut_2": 0}
    module.with_suffix(".py.meta").write_text(json.dumps({"exit_code_by_key": statuses}))
    killed, survivor = read(tmp_path)
    assert killed.change == "steps.judge.judge: if answer.status != 200: -> if answer.status == 200:"
    assert (killed.killed, killed.is_wording) == (True, False)
    assert (survivor.killed, survivor.is_wording) == (False, True)


def test_nine_in_ten_killed_and_a_reason_for_each_other_one_is_enough() -> None:
    killed = [mutant("b", killed=True)] * 9
    assert judge([*killed, mutant("c", killed=False)], ["module.judge: a -> c"]).is_enough
    assert judge([*killed, mutant("c", killed=False, is_wording=True)], []).is_enough
    assert not judge([*killed, mutant("c", killed=False)], []).is_enough
    assert not judge([*killed[1:], mutant("c", killed=False)], ["module.judge: a -> c"]).is_enough
    assert not judge([], []).is_enough


def test_a_listed_survivor_that_is_killed_is_told() -> None:
    listed = ["module.judge: a -> b", "another.part: a -> b"]
    assert judge([mutant("b", killed=True)], listed).stale == ("module.judge: a -> b",)


def test_every_part_names_modules_and_tests_that_there_are() -> None:
    for part in PARTS.values():
        assert all(any(ROOT.glob(pattern)) for pattern in (*part.mutated, *part.packages, *part.tests, *part.support))


def test_every_accepted_survivor_has_a_reason() -> None:
    assert all(accepted(ROOT / "tests" / "mutation" / "survivors.toml").values())
