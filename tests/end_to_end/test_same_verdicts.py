"""What a run finds depends neither on how many workers it has, nor on their order, nor on whose tokens are shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conformance_run import run

DEFECTS = {
    "a server that is right": "",
    "a defective one": "cache-control-missing,narrowed-scope-not-reported,id-token-as-access-token",
}


def verdicts(folder: Path, defects: str, *arguments: str) -> dict[str, Any]:
    """Outcome and reason of each scenario, outcome and remarks of each requirement, and the exit status."""
    finished = run({"OBO_REFERENCE_DEFECT": defects}, folder / "allure-results", *arguments)
    found = json.loads((folder / "obo-results.json").read_text(encoding="utf-8"))
    return {
        "status": finished.status,
        "scenarios": {scenario["id"]: scenario["outcome"] for scenario in found["scenarios"]},
        "requirements": {found["id"]: found["outcome"] for found in found["requirements"]},
    }


@pytest.mark.parametrize("defects", DEFECTS.values(), ids=DEFECTS)
def test_sharing_and_workers_change_nothing(tmp_path: Path, defects: str) -> None:
    alone = verdicts(tmp_path / "alone", defects, "--no-sharing")
    assert alone["status"] == (1 if defects else 0)
    assert verdicts(tmp_path / "sharing", defects) == alone
    assert verdicts(tmp_path / "workers", defects, "-n", "3", "--random-order", "--random-order-seed=7") == alone
