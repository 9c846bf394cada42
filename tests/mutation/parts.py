"""What is mutated, and by which tests a mutant has to be noticed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Part:
    """Modules that are mutated together. Paths are relative to the project and may be glob patterns."""

    name: str
    packages: tuple[str, ...]
    mutated: tuple[str, ...]
    tests: tuple[str, ...]
    support: tuple[str, ...] = ()
    """Further files that the tests import."""
    options: tuple[str, ...] = ()
    """Of pytest, beside the common ones. Tests that try hundreds of cases are left out: the examples have to do."""


_RULES = (
    "client_authentication",
    "delegation_bounds",
    "exchange_tokens",
    "form",
    "introspection",
    "password_grant",
    "privileges",
    "refresh_grant",
    "revocation",
    "scopes",
    "token_exchange_grant",
    "token_status",
    "token_store",
    "token_verification",
)
PARTS = {
    part.name: part
    for part in (
        Part(
            "checks",
            ("steps/checks",),
            ("steps/checks/*.py",),
            ("tests/checks",),
            ("steps/__init__.py",),
            ("--ignore=tests/checks/test_properties.py", "--ignore=tests/checks/test_robustness.py"),
        ),
        Part(
            "rules",
            ("reference_server",),
            tuple(f"reference_server/oauth/{name}.py" for name in _RULES),
            ("tests/reference_server/oauth",),
            (
                "tests/reference_server/conftest.py",
                "tests/reference_server/administrator.py",
                "tests/reference_server/defects/in_process.py",
            ),
        ),
    )
}
