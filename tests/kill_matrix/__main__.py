"""`python3 run kill-matrix [--check] [DEFECT …]`: 0 all is as it should be, 1 it isn't, 4 usage."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from fixtures.report.catalogue import Catalogue, load
from reference_server import defects
from reference_server.defects import Defect
from reference_server.register import UnknownName
from tests.end_to_end.conformance_run import ROOT
from tests.kill_matrix import tables
from tests.kill_matrix.judgement import Killing, false_alarms, judge, needs_strict
from tests.kill_matrix.trial import Trial, run

USAGE = 4
DOCUMENTS = ROOT / "docs"
SAMPLE_EVERY = 20
"""Of so many defects one is tried against the whole suite, to see that the selection hides nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try defects, print what came of each, and write or compare the documents when all of them were tried."""
    options = _options(arguments)
    try:
        chosen = [defects.find(name) for name in options.defects] or list(defects.load().values())
    except UnknownName as unknown:
        print(unknown, file=sys.stderr)
        return USAGE
    catalogue = load(ROOT)
    ways = {needs_strict(defect, catalogue) for defect in chosen}
    clean = {strict: run([], _tags(chosen, strict, catalogue), strict=strict) for strict in sorted(ways)}
    alarms = [alarm for trial in clean.values() for alarm in false_alarms(trial)]
    killings = _tried(chosen, catalogue, clean)
    for killing in killings:
        print(f"{killing.verdict:8}  {killing.defect.name}{f'  {killing.note}' if killing.note else ''}")
    for alarm in alarms:
        print(f"false alarm on the clean server: {alarm}")
    print(tables.closing_line(killings, catalogue))
    if options.defects:
        return int(bool(alarms) or any(killing.verdict != "killed" for killing in killings))
    return int(_documents(killings, catalogue, check=options.check) or bool(alarms))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run kill-matrix", description=__doc__)
    parser.add_argument("defects", nargs="*", metavar="DEFECT", help="try these alone, and write nothing")
    parser.add_argument("--check", action="store_true", help="compare with docs/kill-matrix.* instead of writing them")
    return parser.parse_args(arguments)


def _tags(chosen: Iterable[Defect], strict: bool, catalogue: Catalogue) -> set[str]:
    wanted = [defect for defect in chosen if needs_strict(defect, catalogue) is strict]
    return {requirement for defect in wanted for requirement in defect.caught_by}


def _tried(chosen: Sequence[Defect], catalogue: Catalogue, clean: dict[bool, Trial]) -> list[Killing]:
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(partial(_try, catalogue=catalogue, clean=clean), chosen, range(len(chosen))))


def _try(defect: Defect, number: int, *, catalogue: Catalogue, clean: dict[bool, Trial]) -> Killing:
    strict = needs_strict(defect, catalogue)
    wanted = () if number % SAMPLE_EVERY == SAMPLE_EVERY - 1 else defect.caught_by
    return judge(defect, run([defect.name], wanted, strict=strict), clean[strict].outcomes)


def _documents(killings: Sequence[Killing], catalogue: Catalogue, *, check: bool) -> bool:
    """Write them, or say which differ; whether any did."""
    DOCUMENTS.mkdir(exist_ok=True)
    differ = False
    for name, text in (
        ("kill-matrix.md", tables.markdown(killings, catalogue)),
        ("kill-matrix.json", tables.as_json(killings, catalogue)),
    ):
        path = DOCUMENTS / name
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"docs/{name} is not what this run found: `python3 run kill-matrix` writes it anew", file=sys.stderr)
            differ = True
    return differ


if __name__ == "__main__":
    sys.exit(main())
