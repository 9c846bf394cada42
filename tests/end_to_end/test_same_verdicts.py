"""What a run finds depends neither on how many workers it has, nor on their order, nor on whose tokens are shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conformance_run import run

DEFECTS = "cache-control-missing,narrowed-scope-not-reported,id-token-as-access-token"


def verdicts(folder: Path, defects: str, *arguments: str) -> dict[str, Any]:
    """Outcome of each scenario and of each requirement, and the exit status."""
    finished = run({"OBO_REFERENCE_DEFECT": defects}, folder / "allure-results", *arguments)
    found = json.loads((folder / "obo-results.json").read_text(encoding="utf-8"))
    return {
        "status": finished.status,
        "scenarios": {scenario["id"]: scenario["outcome"] for scenario in found["scenarios"]},
        "requirements": {requirement["id"]: requirement["outcome"] for requirement in found["requirements"]},
    }


@pytest.mark.parametrize(
    ("defects", "status", "chosen"),
    [("", 0, ()), (DEFECTS, 1, ("-m", "task_4_2 or OBO-SCP-01 or OBO-HYG-01"))],
    ids=["a server that is right", "a defective one"],
)
def test_sharing_and_workers_change_nothing(tmp_path: Path, defects: str, status: int, chosen: tuple[str, ...]) -> None:
    alone = verdicts(tmp_path / "alone", defects, "--no-sharing", *chosen)
    assert alone["status"] == status
    assert verdicts(tmp_path / "sharing", defects, *chosen) == alone
    in_random_order = ("-n", "3", "--random-order", "--random-order-seed=7")
    assert verdicts(tmp_path / "workers", defects, *in_random_order, *chosen) == alone
