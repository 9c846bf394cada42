"""The documents that a tenant fills in by itself, kept as data next to this module (values of July 2026)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "defaults"


def client_defaults() -> dict[str, dict[str, Any]]:
    """The six groups of a fresh OAuth2 client or AI agent, raw values. Read only: shared by all callers."""
    return _load("client.json", "")


def provider_defaults(realm: str) -> dict[str, dict[str, Any]]:
    """The OAuth2 provider service of a new realm, raw values. Read only: shared by all callers."""
    return _load("provider.json", realm)


@cache
def _load(name: str, realm: str) -> dict[str, dict[str, Any]]:
    text = (_FOLDER / name).read_text("utf-8").replace("{realm}", realm)
    document: dict[str, dict[str, Any]] = json.loads(text)
    return document
