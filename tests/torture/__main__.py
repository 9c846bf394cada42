"""`python3 run torture [--short] [pytest arguments]`: the exit status is pytest's."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is named, or all of it."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    named = any(Path(argument.partition("::")[0]).exists() for argument in given)
    return int(pytest.main([*([] if named else [str(HERE)]), "-p", "no:cacheprovider", *given]))


if __name__ == "__main__":
    sys.exit(main())
