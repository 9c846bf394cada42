"""Pages that are made of data each time the documentation is built (hook of mkdocs)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from fixtures.report.catalogue import Catalogue, Requirement, load  # noqa: E402 - the project is not installed

LEVELS = "MUST reddens a run · SHOULD warns, and reddens one with `--fail-on should` · INFO is only recorded"


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages."""
    catalogue = load(ROOT)
    for name, text in {
        "reference/requirements.md": requirements(catalogue),
        "reference/not-tested.md": not_tested(catalogue),
    }.items():
        files.append(File.generated(config, name, content=text))
    return files


def requirements(catalogue: Catalogue) -> str:
    """Every requirement with its level, its sources, and the scenarios that judge it."""
    lines = ["# The requirements", "", f"{len(catalogue.requirements)} requirements. {LEVELS}.", ""]
    for heading in catalogue.headings:
        rows = [row for row in catalogue.requirements.values() if catalogue.heading(row.id) == heading]
        if rows:
            lines += [f"## {heading}", ""]
            for row in rows:
                lines += _requirement(catalogue, row)
    return "\n".join(lines)


def _requirement(catalogue: Catalogue, row: Requirement) -> Iterator[str]:
    strict = f", {row.strict} in the strict profile" if row.strict and row.strict != row.level else ""
    yield f"### {row.id}"
    yield ""
    yield f"**{row.level}{strict}.** {_escaped(row.statement)}"
    yield ""
    origin = [catalogue.elements[name].where for name in row.guide] + list(row.sources)
    if origin:
        yield f"*{_escaped('; '.join(dict.fromkeys(origin)))}*"
        yield ""
    if row.not_testable:
        yield f"Not testable: {_escaped(row.not_testable)}"
        yield ""
    for arm in sorted(catalogue.arms.get(row.id, ())):
        yield f"- {_escaped(arm.partition(': ')[2])}"
    yield ""


def not_tested(catalogue: Catalogue) -> str:
    """What no run can decide, with the reason."""
    lines = [
        "# What is not tested, and why",
        "",
        "In every run these stand under their reason; none of them is ever counted as passed.",
        "",
        "| requirement | level | what it demands | why no run decides it |",
        "|---|---|---|---|",
    ]
    rows = [row for row in catalogue.requirements.values() if row.not_testable]
    lines += [f"| {r.id} | {r.level} | {_escaped(r.statement)} | {_escaped(r.not_testable or '')} |" for r in rows]
    lines += [
        "",
        "Besides, a run leaves out what its settings don't allow: each reason names the variable that would enable it. "
        "Over plain HTTP to a loopback address TLS is not applicable.",
        "",
    ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_<>|#[]" else character for character in text)
