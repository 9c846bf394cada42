"""`python3 run moods [NAME[+NAME …] …]`: 0 the suite is green in each mood, 1 it isn't, 4 usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from reference_server import moods
from reference_server.register import UnknownName
from tests.moods.trial import Verdict, run

USAGE = 4
AT_ONCE = 2
TOGETHER = (
    "invalid-client-401+policy-access-denied+subject-token-invalid-grant+terse-errors+scope-narrowed+aud-array+age-form"
    "+usr-form+lower-case-bearer+opaque-user-tokens+no-metadata+refresh-token-absent+lean-introspection",
    "hs256+rich-jwt+rich-introspection+rich-token-answers+issuer-with-slash+re-exchange-refused+compressed"
    "+introspection-by-the-owner+json-spelt-differently+id-token-at-login",
    "encrypted-agent-tokens+bound-to-subject-token+no-approval+default-scopes+single-audience+cascading-revocation"
    "+no-refresh-tokens+other-headers+access-tokens-only+no-autonomous-exchange+actor-token-refused",
    "flaky+lagging+slow",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite in each of the moods and print a line for each run as it ends."""
    try:
        chosen = _chosen(_options(arguments).moods)
    except UnknownName as unknown:
        print(unknown, file=sys.stderr)
        return USAGE
    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for verdict in pool.map(run, chosen):
            verdicts.append(verdict)
            print("\n".join(verdict.lines()), flush=True)
    red = sum(not verdict.green for verdict in verdicts)
    print(f"green in {len(verdicts) - red} of {len(verdicts)} moods")
    return int(bool(red))


def _chosen(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Those named; else each mood alone, and some together."""
    chosen = [tuple(name.split("+")) for name in names or (*moods.load(), *TOGETHER)]
    for name in (name for together in chosen for name in together):
        moods.find(name)
    return chosen


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run moods", description=__doc__)
    parser.add_argument("moods", nargs="*", metavar="NAME", help="a mood, or several together: slow+lagging")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
