"""docs/benchmarks.md: goals with what was measured, then the medians behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.goals import GOALS, dominating
from benchmarks.measured import GROUPS
from benchmarks.results import Measured, Results
from benchmarks.statistics import median
from benchmarks.tables import TABLES, Column, Table

HEAD = """# Benchmarks

How fast is it, beside whom? `python3 run bench --write` measures and writes this page; `--only NAME` measures one of
its parts anew. Everyone takes turns in one run on one machine, so that what disturbs it disturbs all alike; a figure is
the median of the rounds, and what counts is the ratio. None of it is a test: numbers never make a run fail.

Servers have one core to themselves, whoever asks has another; loopback, kept connections, plain HTTP. Load comes from a
client of ours that looks at each answer. In brackets: how many times the figure of the row that it is compared with.
"""
NOT_MEASURED = "not measured"


def page(results: Results) -> str:
    """All of it, of whatever was measured."""
    parts = [HEAD, *_about(results), *_goals(results)]
    for name, group in GROUPS.items():
        if name in results.groups:
            parts += _group(name, group.title, results.groups[name])
    return "\n".join(parts).rstrip() + "\n"


def _about(results: Results) -> Iterator[str]:
    if results.about:
        yield f"Machine: {results.about}.\n"


def _goals(results: Results) -> Iterator[str]:
    found = [(goal, goal.measured(results)) for goal in GOALS]
    missed = [goal for goal, value in found if value is not None and not goal.met(value)]
    met = sum(value is not None for _, value in found) - len(missed)
    yield f"## Goals\n\n{met} of {len(GOALS)} are met. `a / b`: a in terms of b; servers at 32 connections.\n"
    yield "| goal | wanted | measured | met |\n|---|---|---|---|"
    for goal, value in found:
        told = NOT_MEASURED if value is None else f"{value:.2f} {goal.unit}"
        verdict = "" if value is None else "**no**" if goal in missed else "yes"
        yield f"| {goal.text} | {goal.wanted} | {told} | {verdict} |"
    yield ""
    if missed:
        reasons = dominating()
        yield "What dominates where a goal is missed:\n"
        yield from (f"- {goal.text}: {reasons.get(goal.name, 'not yet known')}" for goal in missed)
        yield ""


def _group(name: str, title: str, group: Measured) -> Iterator[str]:
    table = TABLES[name]
    yield f"## {title}\n"
    if table.told:
        yield f"{table.told}\n"
    if group.samples:
        yield f"| | {' | '.join(column.heading for column in table.columns)} |"
        yield "|---" * (len(table.columns) + 1) + "|"
        for peer in group.samples:
            yield f"| {peer} | {' | '.join(_cell(column, peer, table, group) for column in table.columns)} |"
        yield ""
    yield f"{'; '.join([_rounds(group), *group.notes])}.\n"
    yield from (f"{NOT_MEASURED.capitalize()}: {peer} ({_in_a_line(why)}).\n" for peer, why in group.failures.items())
    if group.versions:
        yield f"With {'; '.join(f'{peer}: {told}' for peer, told in group.versions.items())}.\n"


def _cell(column: Column, peer: str, table: Table, group: Measured) -> str:
    values = group.samples[peer]
    if not any(name in values for name in column.names):
        return "-"
    told = " / ".join(f"{median(values[name]):,.{column.digits}f}" if name in values else "-" for name in column.names)
    ratio = _ratio(column.names[-1], peer, table.base(peer), group.samples)
    return told if ratio is None else f"{told} ({ratio:.2f} x)"


def _ratio(name: str, peer: str, base: str | None, samples: Mapping[str, Mapping[str, list[float]]]) -> float | None:
    mine, other = samples[peer].get(name), samples.get(base or "", {}).get(name)
    if peer == base or not mine or not other or not median(other):
        return None
    return median(mine) / median(other)


def _rounds(group: Measured) -> str:
    counts = {len(values) for by_name in group.samples.values() for values in by_name.values()} or {0}
    return f"Rounds: {' to '.join(str(count) for count in sorted({min(counts), max(counts)}))}"


def _in_a_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())[-200:]
