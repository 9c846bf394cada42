"""What runs have left to undo, by what stands on the disk: also while they are at work, and after a kill."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fixtures.world import JOURNALS


def open_entries(url: str) -> Iterator[dict[str, Any]]:
    """What journals say is to be undone on a tenant."""
    for path in JOURNALS.glob("journal-*.jsonl"):
        head, *records = _records(path)
        if head.get("tenant") == url:
            undone = {record["undone"] for record in records if "undone" in record}
            yield from (record for record in records if "kind" in record and record["number"] not in undone)


def _records(path: Path) -> list[dict[str, Any]]:
    """The lines of a journal that is being written, or has just gone."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        return [{}]
    return [json.loads(line) for line in text.splitlines() if line.endswith("}")] or [{}]
